// Choosing one of a few: cards to pick from in a form, and the helper's answers in a talk.

import { Check, LoaderCircle, type LucideIcon } from 'lucide-react'
import { useId, type ReactNode } from 'react'
import { Icon } from './Icon.tsx'

export type Choice<Value extends string> = {
  value: Value
  label: ReactNode
  detail?: ReactNode
  icon?: LucideIcon
  lang?: string
  disabled?: boolean
}

/** Radio buttons drawn as cards. */
export function ChoiceCards<Value extends string>({
  legend,
  legendHidden,
  choices,
  value,
  onChange,
}: {
  legend: string
  legendHidden?: boolean
  choices: Choice<Value>[]
  value: Value | null
  onChange: (value: Value) => void
}) {
  const name = useId()
  return (
    <fieldset className="choice-cards">
      <legend className={legendHidden ? 'sr' : 'field-label'}>{legend}</legend>
      {choices.map((choice) => (
        <label key={choice.value} className="choice" lang={choice.lang}>
          <input
            type="radio"
            name={name}
            value={choice.value}
            checked={choice.value === value}
            disabled={choice.disabled}
            onChange={() => onChange(choice.value)}
          />
          {choice.icon && <Icon of={choice.icon} />}
          <span className="grow">
            {choice.label}
            {choice.detail && <span className="choice-detail">{choice.detail}</span>}
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/**
 * The helper's answers: at most four, one of them always leads to a person. The picked one stays marked and ends the choice; one
 * that is `disabled` was picked once and can be no more.
 */
export function Choices<Value extends string>({
  label,
  choices,
  picked,
  again,
  busy,
  onPick,
}: {
  label: string
  choices: Choice<Value>[]
  picked?: Value | readonly Value[]
  /** Another may still be picked after the first. */
  again?: boolean
  /** The one whose answer is on its way: nothing else can be picked meanwhile. */
  busy?: Value
  onPick: (value: Value) => void
}) {
  const marked: readonly (Value | undefined)[] = Array.isArray(picked)
    ? picked
    : [picked as Value | undefined]
  const isPicked = (value: Value): boolean => marked.includes(value)
  const anyPicked = choices.some(({ value }) => isPicked(value))
  const isClosed = ({ value, disabled }: Choice<Value>): boolean =>
    busy !== undefined || disabled === true || isPicked(value) || (anyPicked && !again)
  return (
    <div className="choices" role="group" aria-label={label}>
      {choices.slice(0, 4).map((choice) => (
        <button
          key={choice.value}
          type="button"
          className={choice.disabled ? 'choice over' : 'choice'}
          aria-pressed={isPicked(choice.value)}
          aria-disabled={isClosed(choice) || undefined}
          aria-busy={choice.value === busy || undefined}
          onClick={() => !isClosed(choice) && onPick(choice.value)}
        >
          {choice.icon && <Icon of={choice.icon} />}
          <span className="grow">{choice.label}</span>
          {isPicked(choice.value) && choice.value !== busy && <Icon of={Check} />}
          {choice.value === busy && <Icon of={LoaderCircle} className="spin" />}
        </button>
      ))}
    </div>
  )
}

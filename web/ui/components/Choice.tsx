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

/** The helper's answers: at most four, one of them always leads to a person. The picked one stays marked and ends the choice. */
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
  picked?: Value
  /** Another may still be picked after the first. */
  again?: boolean
  /** The one whose answer is on its way: nothing else can be picked meanwhile. */
  busy?: Value
  onPick: (value: Value) => void
}) {
  const closed = (picked !== undefined && !again) || busy !== undefined
  return (
    <div className="choices" role="group" aria-label={label}>
      {choices.slice(0, 4).map((choice) => (
        <button
          key={choice.value}
          type="button"
          className="choice"
          aria-pressed={choice.value === picked}
          aria-disabled={closed || undefined}
          aria-busy={choice.value === busy || undefined}
          onClick={() => !closed && onPick(choice.value)}
        >
          {choice.icon && <Icon of={choice.icon} />}
          <span className="grow">{choice.label}</span>
          {choice.value === picked && <Icon of={Check} />}
          {choice.value === busy && <Icon of={LoaderCircle} className="spin" />}
        </button>
      ))}
    </div>
  )
}

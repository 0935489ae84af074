// One of a few, side by side; under large type they stack. Radio buttons underneath, so arrow keys work.

import { useId } from 'react'

export function Segments<Value extends string>({
  legend,
  value,
  choices,
  onChange,
}: {
  legend: string
  value: Value
  choices: { value: Value; label: string; lang?: string }[]
  onChange: (value: Value) => void
}) {
  const name = useId()
  return (
    <fieldset className="segments">
      <legend className="t14 mute">{legend}</legend>
      <div className="segments-row">
        {choices.map((choice) => (
          <label key={choice.value} lang={choice.lang}>
            <input
              type="radio"
              name={name}
              checked={choice.value === value}
              onChange={() => onChange(choice.value)}
            />
            <span>{choice.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}

// Six digits: a PIN, or a code that was sent. It is one input over six boxes, so that paste, password
// managers and screen readers work as with any field. Nobody is asked to remember or retype anything here.

import { Eye, EyeOff } from 'lucide-react'
import { useState, type Ref } from 'react'
import { t } from '../i18n.ts'
import { IconButton } from './Button.tsx'
import { Field, type FieldWords } from './Field.tsx'

const length = 6
const boxes = Array.from({ length }, (_, index) => index)

export type PinFieldProps = FieldWords & {
  value: string
  onChange: (value: string) => void
  /** Called once the sixth digit is there, typed or pasted. */
  onComplete?: (value: string) => void
  /** `pin` is shown as dots, with a button to look; `code` is a code from a message and is shown. */
  kind?: 'pin' | 'code'
  /** A new PIN, so that password managers offer to keep it. */
  fresh?: boolean
  disabled?: boolean
  autoFocus?: boolean
  inputRef?: Ref<HTMLInputElement>
  name?: string
}

export function PinField({
  value,
  onChange,
  onComplete,
  kind = 'pin',
  fresh,
  disabled,
  autoFocus,
  inputRef,
  name,
  ...words
}: PinFieldProps) {
  const [shown, setShown] = useState(false)
  const hidden = kind === 'pin' && !shown
  const change = (typed: string): void => {
    const digits = typed.replace(/\D/g, '').slice(0, length)
    onChange(digits)
    if (digits.length === length && digits !== value) onComplete?.(digits)
  }
  return (
    <Field {...words} hint={words.hint ?? t('pin.hint')}>
      {(wiring) => (
        <span className="pin">
          <span className="pin-boxes">
            <input
              {...wiring}
              ref={inputRef}
              name={name}
              type={hidden ? 'password' : 'text'}
              inputMode="numeric"
              pattern="[0-9]*"
              autoComplete={kind === 'code' ? 'one-time-code' : fresh ? 'new-password' : 'current-password'}
              value={value}
              disabled={disabled}
              autoFocus={autoFocus}
              onChange={(event) => change(event.currentTarget.value)}
            />
            {boxes.map((index) => (
              <span
                key={index}
                className={`pin-box ${index === Math.min(value.length, length - 1) ? 'next' : ''}`}
                aria-hidden="true"
              >
                {value[index] && (hidden ? '•' : value[index])}
              </span>
            ))}
          </span>
          {kind === 'pin' && (
            <IconButton
              icon={shown ? EyeOff : Eye}
              label={shown ? t('pin.hide') : t('pin.show')}
              aria-pressed={shown}
              onClick={() => setShown(!shown)}
            />
          )}
        </span>
      )}
    </Field>
  )
}

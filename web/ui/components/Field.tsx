// Fields: label above, hint and error below, tied together for screen readers. What was typed is never thrown away.

import { CircleAlert, Eye, EyeOff } from 'lucide-react'
import {
  useId,
  useState,
  type InputHTMLAttributes,
  type ReactNode,
  type SelectHTMLAttributes,
  type TextareaHTMLAttributes,
} from 'react'
import { t } from '../i18n.ts'
import { IconButton } from './Button.tsx'
import { Icon } from './Icon.tsx'

export type FieldWords = {
  label: string
  hint?: ReactNode
  error?: ReactNode
  /** Hides the label on screen, never from screen readers: only where the place explains the field. */
  labelHidden?: boolean
}
type Wiring = { id: string; 'aria-describedby': string | undefined; 'aria-invalid': true | undefined }

/** Label, control, hint and error. `children` gets the attributes that tie the control to them. */
export function Field({
  label,
  hint,
  error,
  labelHidden,
  children,
}: FieldWords & { children: (wiring: Wiring) => ReactNode }) {
  const id = useId()
  const describedBy = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ')
  return (
    <div className={`field ${error ? 'has-error' : ''}`}>
      <label className={labelHidden ? 'sr' : 'field-label'} htmlFor={id}>
        {label}
      </label>
      {children({
        id,
        'aria-describedby': describedBy || undefined,
        'aria-invalid': error ? true : undefined,
      })}
      {hint && (
        <div className="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      <div className="field-error" id={`${id}-error`} role="alert" hidden={!error}>
        {error && <Icon of={CircleAlert} size="sm" />}
        {error}
      </div>
    </div>
  )
}

export type TextFieldProps = FieldWords &
  Omit<InputHTMLAttributes<HTMLInputElement>, 'prefix'> & {
    before?: ReactNode
    after?: ReactNode
    /** Has the focus when its sheet opens. */
    'data-autofocus'?: boolean
  }

/** One line of text. A password gets a button that shows it. */
export function TextField({
  label,
  hint,
  error,
  labelHidden,
  before,
  after,
  type = 'text',
  className,
  ...rest
}: TextFieldProps) {
  const [shown, setShown] = useState(false)
  const password = type === 'password'
  return (
    <Field label={label} hint={hint} error={error} labelHidden={labelHidden}>
      {(wiring) => (
        <span className={`field-box ${className ?? ''}`}>
          {before}
          <input {...rest} {...wiring} type={password && shown ? 'text' : type} />
          {password && (
            <IconButton
              icon={shown ? EyeOff : Eye}
              label={shown ? t('field.hide') : t('field.show')}
              aria-pressed={shown}
              onClick={() => setShown(!shown)}
            />
          )}
          {after}
        </span>
      )}
    </Field>
  )
}

/** Several lines of text, growing with what is typed. */
export function TextArea({
  label,
  hint,
  error,
  labelHidden,
  rows = 3,
  ...rest
}: FieldWords & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field label={label} hint={hint} error={error} labelHidden={labelHidden}>
      {(wiring) => (
        <span className="field-box tall">
          {/* Where the field grows with its words, `rows` alone would start it at one line. */}
          <textarea
            {...rest}
            {...wiring}
            rows={rows}
            style={{ minHeight: `calc(${rows}lh + 2 * var(--tn-s-3))` }}
          />
        </span>
      )}
    </Field>
  )
}

export type SelectOption = { value: string; label: string; lang?: string }

/** The system's own list: it works with every keyboard and reader. */
export function Select({
  label,
  hint,
  error,
  labelHidden,
  options,
  ...rest
}: FieldWords & SelectHTMLAttributes<HTMLSelectElement> & { options: SelectOption[] }) {
  return (
    <Field label={label} hint={hint} error={error} labelHidden={labelHidden}>
      {(wiring) => (
        <span className="field-box">
          <select {...rest} {...wiring}>
            {options.map((option) => (
              <option key={option.value} value={option.value} lang={option.lang}>
                {option.label}
              </option>
            ))}
          </select>
        </span>
      )}
    </Field>
  )
}

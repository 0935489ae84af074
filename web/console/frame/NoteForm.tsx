// A decision that needs words: a note that the next person reads, and the button that decides. Enter starts a new line.

import { useEffect, useRef, useState } from 'react'
import { Button, Field, type ButtonLook } from '../../ui/index.ts'
import { t } from '../texts.ts'

const longest = 2000

export type NoteFormProps = {
  label: string
  hint: string
  submit: string
  busy: string | false
  look?: ButtonLook
  onCancel: () => void
  onSubmit: (note: string) => void
}

export function NoteForm({ label, hint, submit, busy, look = 'primary', onCancel, onSubmit }: NoteFormProps) {
  const [note, setNote] = useState('')
  const [missing, setMissing] = useState(false)
  const box = useRef<HTMLTextAreaElement>(null)
  useEffect(() => box.current?.focus(), [])
  const send = (): void => {
    const text = note.trim()
    setMissing(text === '')
    if (text === '') box.current?.focus()
    else onSubmit(text)
  }
  return (
    <div className="note-form">
      <Field label={label} hint={hint} error={missing && t('note.missing')}>
        {(wiring) => (
          <span className="field-box">
            <textarea
              {...wiring}
              ref={box}
              rows={3}
              maxLength={longest}
              value={note}
              onChange={(event) => setNote(event.currentTarget.value)}
            />
          </span>
        )}
      </Field>
      <div className="note-form-actions">
        <Button onClick={onCancel} disabled={Boolean(busy)}>
          {t('attach.cancel')}
        </Button>
        <Button look={look} busy={busy} onClick={send}>
          {submit}
        </Button>
      </div>
    </div>
  )
}

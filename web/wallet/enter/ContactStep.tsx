// Step 1: where the code goes. The answer never says whether the contact is known.

import { useState } from 'react'
import { ErrorNote, TextField, type ApiProblem } from '../../ui/index.ts'
import { t } from '../texts.ts'
import { SubmitButton } from './SubmitButton.tsx'

export function ContactStep({
  contact: first,
  busy,
  problem,
  onSubmit,
}: {
  contact: string
  busy: boolean
  problem: ApiProblem | null
  onSubmit: (contact: string) => void
}) {
  const [contact, setContact] = useState(first)
  return (
    <form
      className="stack form"
      onSubmit={(event) => {
        event.preventDefault()
        if (contact.trim()) onSubmit(contact.trim())
      }}
    >
      <h1>{t('enter.sign_up')}</h1>
      <TextField
        label={t('enter.contact')}
        hint={t('enter.contact.hint')}
        name="username"
        autoComplete="username"
        inputMode="email"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={contact}
        onInput={(event) => setContact(event.currentTarget.value)}
      />
      {problem && <ErrorNote problem={problem} />}
      <SubmitButton busy={busy && t('enter.sending')}>{t('enter.send_code')}</SubmitButton>
    </form>
  )
}

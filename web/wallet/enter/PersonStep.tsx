// Step 3: the name that shops and agents see, and a password. Advice instead of rules about signs.

import { useState } from 'react'
import { ErrorNote, TextField, type ApiProblem } from '../../ui/index.ts'
import { t } from '../texts.ts'
import { SubmitButton } from './SubmitButton.tsx'

export function PersonStep({
  displayName,
  contact,
  busy,
  problem,
  onSubmit,
}: {
  displayName: string
  contact: string
  busy: boolean
  problem: ApiProblem | null
  onSubmit: (displayName: string, password: string) => void
}) {
  const [name, setName] = useState(displayName)
  const [password, setPassword] = useState('')
  const weak = problem?.code === 'password_weak'
  return (
    <form
      className="stack form"
      onSubmit={(event) => {
        event.preventDefault()
        if (name.trim() && password) onSubmit(name.trim(), password)
      }}
    >
      <h1>{t('enter.person.title')}</h1>
      {/* For password managers: which account this password belongs to. */}
      <input type="text" name="username" autoComplete="username" value={contact} readOnly hidden />
      <TextField
        label={t('enter.name')}
        hint={t('enter.name.hint')}
        name="name"
        autoComplete="name"
        maxLength={80}
        required
        autoFocus
        value={name}
        onInput={(event) => setName(event.currentTarget.value)}
      />
      <TextField
        label={t('enter.password')}
        hint={t('enter.password.advice')}
        type="password"
        name="new-password"
        autoComplete="new-password"
        required
        value={password}
        onInput={(event) => setPassword(event.currentTarget.value)}
      />
      {problem && (weak || problem.code !== 'pin_weak') && <ErrorNote problem={problem} />}
      <SubmitButton busy={busy && t('enter.checking')}>{t('enter.continue')}</SubmitButton>
    </form>
  )
}

// Sign-in with a phone number or an e-mail address and the password. Nothing to remember beside it, paste works.

import { useState, type FormEvent } from 'react'
import {
  Button,
  ErrorNote,
  TextField,
  api,
  sessionEndText,
  toProblem,
  useLanguage,
  type ApiProblem,
} from '../../ui/index.ts'
import { sessionEnding } from '../data/client.ts'
import { signedIn } from '../data/session.ts'
import type { Me } from '../data/types.ts'
import { t } from '../texts.ts'
import { SubmitButton } from './SubmitButton.tsx'

export function SignIn({
  onDone,
  onSignUp,
  intro,
}: {
  onDone: () => void
  onSignUp: () => void
  intro?: string
}) {
  const language = useLanguage()
  const ending = sessionEndText(sessionEnding(), language)
  const [contact, setContact] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setProblem(null)
    try {
      signedIn(await api.post<Me>('/api/sign-in', { contact: contact.trim(), password }))
      onDone()
    } catch (error) {
      setProblem(toProblem(error))
      setBusy(false)
    }
  }
  return (
    <form className="stack form" onSubmit={(event) => void submit(event)}>
      <h1>{t('enter.sign_in')}</h1>
      {ending && (
        <p className="mute" role="status">
          {ending} {t('session.end.back')}
        </p>
      )}
      {intro && <p className="mute">{intro}</p>}
      <TextField
        label={t('enter.contact')}
        name="username"
        autoComplete="username"
        inputMode="email"
        autoCapitalize="none"
        spellCheck={false}
        required
        value={contact}
        onInput={(event) => setContact(event.currentTarget.value)}
      />
      <TextField
        label={t('enter.password')}
        type="password"
        name="password"
        autoComplete="current-password"
        required
        value={password}
        onInput={(event) => setPassword(event.currentTarget.value)}
      />
      {problem && <ErrorNote problem={problem} />}
      <SubmitButton busy={busy && t('enter.sign_in.busy')}>{t('enter.sign_in')}</SubmitButton>
      <p className="form-other">
        {t('enter.no_account')}{' '}
        <Button look="quiet" onClick={onSignUp}>
          {t('enter.sign_up')}
        </Button>
      </p>
    </form>
  )
}

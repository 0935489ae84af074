// The agents' sign-in. It stands in the place of the page that was asked for, so that signing in leads back there.

import { useState, type FormEvent } from 'react'
import type { StaffMe } from '../../../contract/console.ts'
import {
  Button,
  ErrorNote,
  Mark,
  sessionEndText,
  TextField,
  useLanguage,
  type ApiProblem,
} from '../../ui/index.ts'
import { forgetSessionEnd, meKey, queryClient, sessionEnding } from '../data/client.ts'
import { requests } from '../data/requests.ts'
import { shownProblem } from '../data/problem.ts'
import { t } from '../texts.ts'

let lastAgentId: string | undefined
/** Remembers who worked here, to tell the same person from another one. */
export const noteAgent = (agentId: string): void => {
  lastAgentId = agentId
}

/** Another person must not find what the last one read; the same person finds the screen as it was left. */
function enter(me: StaffMe): void {
  forgetSessionEnd()
  if (lastAgentId !== undefined && lastAgentId !== me.agentId) queryClient.clear()
  queryClient.setQueryData<StaffMe | null>(meKey, me)
}

export function SignIn({ expired }: { expired: boolean }) {
  const language = useLanguage()
  const ending = sessionEndText(sessionEnding(), language)
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setProblem(null)
    try {
      enter(await requests.signIn(email.trim(), password))
    } catch (error) {
      setProblem(shownProblem(error))
      setBusy(false)
    }
  }
  return (
    <main className="sign-in">
      <form className="card sign-in-card" onSubmit={submit}>
        <Mark className="sign-in-mark" />
        <div>
          <h1>{t('sign_in.title')}</h1>
          {expired || ending ? (
            <p className="mute" role="status">
              {ending} {t('session.end.back')}
            </p>
          ) : (
            <p className="mute">{t('sign_in.lead')}</p>
          )}
        </div>
        {problem && <ErrorNote problem={problem} />}
        <TextField
          label={t('sign_in.email')}
          type="email"
          name="email"
          autoComplete="username"
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          required
          autoFocus
        />
        <TextField
          label={t('sign_in.password')}
          type="password"
          name="password"
          autoComplete="current-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          required
        />
        <Button type="submit" look="primary" wide busy={busy && t('sign_in.busy')}>
          {t('sign_in.submit')}
        </Button>
      </form>
    </main>
  )
}

// The password once more, before a step that moves much money: so that nobody approves at a screen that stands open. It holds
// for minutes, and the server asks again whatever this page believes.

import { useId, useState, type FormEvent, type ReactNode } from 'react'
import type { StaffMe } from '../../../contract/console.ts'
import { Button, ErrorNote, Sheet, TextField, toProblem, type ApiProblem } from '../../ui/index.ts'
import { noteSessionEnd, meKey, queryClient } from '../data/client.ts'
import { serverNow } from '../data/clock.ts'
import { shownProblem } from '../data/problem.ts'
import { requests } from '../data/requests.ts'
import { useMe } from '../data/workplace.tsx'
import { t } from '../texts.ts'

/** So much of the proof must be left that the request still comes in time. */
const spareMs = 10_000

const isFresh = ({ presentUntil }: StaffMe): boolean =>
  presentUntil !== undefined && Date.parse(presentUntil) - serverNow() > spareMs

type Step = {
  /** What it is about: "You approve Rp 540.000 for Meiling Lin." */
  what: string
  /** The words of the button that goes on. */
  submit: string
  go: () => void
}

export type Presence = {
  /** Goes on at once when the password was typed a moment ago, and after it otherwise. */
  guard: (step: Step) => void
  /** Asks in any case: the server did not take the last proof. */
  ask: (step: Step) => void
  asking: boolean
  /** To be placed once in what uses it. */
  dialog: ReactNode
}

export function usePresence(): Presence {
  const me = useMe()
  const [step, setStep] = useState<Step | null>(null)
  return {
    guard: (wanted) => (isFresh(me) ? wanted.go() : setStep(wanted)),
    ask: setStep,
    asking: step !== null,
    dialog: step && (
      <PresenceDialog
        step={step}
        onClose={() => setStep(null)}
        onProved={() => {
          setStep(null)
          step.go()
        }}
      />
    ),
  }
}

export const isPresenceProblem = (error: unknown): boolean => toProblem(error).code === 'presence_required'

type PresenceDialogProps = { step: Step; onClose: () => void; onProved: () => void }

function PresenceDialog({ step, onClose, onProved }: PresenceDialogProps) {
  const me = useMe()
  const form = useId()
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [missing, setMissing] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const isWrong = problem?.code === 'password_wrong'

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    // The panel behind is a form of its own to the browser's events: this one ends here.
    event.stopPropagation()
    if (busy) return
    setMissing(password === '')
    setProblem(null)
    if (password === '') return
    setBusy(true)
    try {
      queryClient.setQueryData<StaffMe | null>(meKey, await requests.provePresence(password))
      onProved()
    } catch (error) {
      noteSessionEnd(error)
      setProblem(shownProblem(error))
      setPassword('')
      setBusy(false)
    }
  }
  return (
    <Sheet
      open
      onClose={onClose}
      locked={busy}
      title={t('presence.title')}
      actions={
        <>
          <Button onClick={onClose} disabled={busy}>
            {t('attach.cancel')}
          </Button>
          <Button type="submit" form={form} look="primary" busy={busy && t('presence.busy')}>
            {step.submit}
          </Button>
        </>
      }
    >
      <form id={form} className="presence" onSubmit={(event) => void submit(event)}>
        <p>{step.what}</p>
        {problem && !isWrong && <ErrorNote problem={problem} />}
        {/* For password managers: whose password it is. */}
        <input type="email" name="email" autoComplete="username" value={me.email} readOnly hidden />
        <TextField
          label={t('presence.password')}
          hint={t('presence.hint')}
          error={missing ? t('presence.missing') : isWrong && t('error.password_wrong.title')}
          type="password"
          name="password"
          autoComplete="current-password"
          data-autofocus
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
      </form>
    </Sheet>
  )
}

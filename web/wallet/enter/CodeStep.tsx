// Step 2, and wherever else a code is asked for: one input, pasted or filled in by the phone; when it can be sent again.

import { useEffect, useState } from 'react'
import {
  Button,
  ErrorNote,
  PinField,
  formatClock,
  formatCountdown,
  useLanguage,
  type ApiProblem,
} from '../../ui/index.ts'
import type { CodeSent } from '../data/types.ts'
import { t } from '../texts.ts'
import { SubmitButton } from './SubmitButton.tsx'

const secondsUntil = (at: string): number => Math.max(0, Math.ceil((Date.parse(at) - Date.now()) / 1000))

/** Seconds until `at`, counting down; 0 once it has come. */
export function useSecondsUntil(at: string): number {
  const [seconds, setSeconds] = useState(() => secondsUntil(at))
  useEffect(() => {
    setSeconds(secondsUntil(at))
    const timer = setInterval(() => {
      setSeconds(secondsUntil(at))
      if (secondsUntil(at) === 0) clearInterval(timer)
    }, 1000)
    return () => clearInterval(timer)
  }, [at])
  return seconds
}

export function CodeStep({
  sent,
  busy,
  problem,
  title,
  onSubmit,
  onResend,
  onBack,
}: {
  sent: CodeSent
  busy: boolean
  problem: ApiProblem | null
  title?: string
  onSubmit: (code: string) => void
  onResend: () => void
  onBack?: () => void
}) {
  const language = useLanguage()
  const [code, setCode] = useState('')
  const resendIn = useSecondsUntil(sent.resendAt)
  useEffect(() => {
    if (problem) setCode('')
  }, [problem])
  return (
    <form
      className="stack form"
      onSubmit={(event) => {
        event.preventDefault()
        if (code.length === 6 && !busy) onSubmit(code)
      }}
    >
      <h1>{title ?? t('enter.code.title')}</h1>
      <p className="mute">
        {t(sent.channel === 'sms' ? 'enter.code.sms' : 'enter.code.email', {
          to: sent.sentTo,
          until: formatClock(sent.expiresAt, { language }),
        })}
      </p>
      <PinField
        kind="code"
        name="code"
        label={t('enter.code')}
        hint={t('enter.code.hint')}
        autoFocus
        value={code}
        onChange={setCode}
        onComplete={(full) => !busy && onSubmit(full)}
      />
      {problem && <ErrorNote problem={problem} />}
      <SubmitButton busy={busy && t('enter.checking')}>{t('enter.continue')}</SubmitButton>
      <div className="form-links">
        <Button look="quiet" disabled={resendIn > 0} onClick={onResend}>
          {resendIn > 0
            ? t('enter.code.again_in', { time: formatCountdown(resendIn) })
            : t('enter.code.again')}
        </Button>
        {onBack && (
          <Button look="quiet" onClick={onBack}>
            {t('enter.code.other')}
          </Button>
        )}
      </div>
    </form>
  )
}

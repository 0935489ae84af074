// Sign-up in four short steps: contact, code, name and password, PIN twice. A refusal stands at the step where
// it can be put right.

import { useState } from 'react'
import { Button, api, localeOf, toProblem, useLanguage, type ApiProblem } from '../../ui/index.ts'
import { signedIn } from '../data/session.ts'
import type { CodeSent, Me } from '../data/types.ts'
import { t } from '../texts.ts'
import { CodeStep } from './CodeStep.tsx'
import { ContactStep } from './ContactStep.tsx'
import { PersonStep } from './PersonStep.tsx'
import { PinStep } from './PinStep.tsx'
import { newFlow, readFlow, writeFlow, type SignUpFlow, type SignUpStep } from './sign-up-flow.ts'

const steps: SignUpStep[] = ['contact', 'code', 'person', 'pin']
/** Refusals of the last request that are put right at an earlier step. */
const stepOf: Partial<Record<ApiProblem['code'], SignUpStep>> = {
  password_weak: 'person',
  flow_invalid: 'contact',
  code_tries_used: 'contact',
  contact_invalid: 'contact',
}

export function SignUp({ onDone, onSignIn }: { onDone: () => void; onSignIn: () => void }) {
  const language = useLanguage()
  const [flow, setFlow] = useState(readFlow)
  const [password, setPassword] = useState('')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)

  const go = (change: Partial<SignUpFlow>): void => {
    const next = { ...flow, ...change }
    setFlow(next)
    writeFlow(next)
    setProblem(null)
  }
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    if (busy) return
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      const refused = toProblem(error)
      const step = stepOf[refused.code]
      if (step && step !== flow.step)
        go(step === 'contact' ? { ...newFlow, contact: flow.contact } : { step })
      setProblem(refused)
    } finally {
      setBusy(false)
    }
  }
  const start = (contact: string): Promise<void> =>
    attempt(async () => {
      const sent = await api.post<CodeSent>('/api/sign-up/start', { contact, locale: localeOf[language] })
      go({ step: 'code', contact, sent })
    })
  const resend = (): Promise<void> =>
    attempt(async () =>
      go({ sent: await api.post<CodeSent>('/api/sign-up/resend', { flowId: flow.sent!.flowId }) }),
    )
  const verify = (code: string): Promise<void> =>
    attempt(async () => {
      await api.post('/api/sign-up/verify', { flowId: flow.sent!.flowId, code })
      go({ step: 'person' })
    })
  const choosePassword = (displayName: string, chosen: string): Promise<void> =>
    attempt(async () => {
      const body = { flowId: flow.sent!.flowId, displayName, password: chosen }
      await api.post('/api/sign-up/password', body)
      setPassword(chosen)
      go({ step: 'pin', displayName })
    })
  const finish = (pin: string): Promise<void> =>
    attempt(async () => {
      const me = await api.post<Me>('/api/sign-up/finish', {
        flowId: flow.sent!.flowId,
        displayName: flow.displayName,
        password,
        pin,
      })
      writeFlow(null)
      signedIn(me)
      onDone()
    })

  const number = steps.indexOf(flow.step) + 1
  const shared = { busy, problem }
  return (
    <div className="stack">
      <p className="steps-line" role="img" aria-label={t('enter.step', { number, of: steps.length })}>
        {steps.map((step, index) => (
          <i key={step} className={index < number ? 'past' : ''} />
        ))}
      </p>
      {flow.step === 'contact' && (
        <ContactStep {...shared} contact={flow.contact} onSubmit={(contact) => void start(contact)} />
      )}
      {flow.step === 'code' && flow.sent && (
        <CodeStep
          {...shared}
          sent={flow.sent}
          onSubmit={(code) => void verify(code)}
          onResend={() => void resend()}
          onBack={() => go({ step: 'contact', sent: undefined })}
        />
      )}
      {flow.step === 'person' && (
        <PersonStep
          {...shared}
          displayName={flow.displayName}
          contact={flow.contact}
          onSubmit={(displayName, chosen) => void choosePassword(displayName, chosen)}
        />
      )}
      {flow.step === 'pin' && (
        <PinStep {...shared} onSubmit={(pin) => void finish(pin)} onBack={() => go({ step: 'person' })} />
      )}
      {flow.step === 'contact' && (
        <p className="form-other">
          {t('enter.have_account')}{' '}
          <Button look="quiet" onClick={onSignIn}>
            {t('enter.sign_in')}
          </Button>
        </p>
      )}
    </div>
  )
}

// Unfreezing is slow on purpose: the password first, then a code to the registered contact. Who came from a checkout is led
// back to it.

import { Snowflake } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import {
  Callout,
  ErrorNote,
  TextField,
  api,
  toProblem,
  useLanguage,
  type ApiProblem,
} from '../../ui/index.ts'
import { queryClient } from '../data/client.ts'
import { keep } from '../data/keep.ts'
import type { CodeSent, Wallet } from '../data/types.ts'
import { useWallet } from '../data/queries.ts'
import { CodeStep } from '../enter/CodeStep.tsx'
import { SubmitButton } from '../enter/SubmitButton.tsx'
import { ButtonLinkTo } from '../frame/ButtonLinkTo.tsx'
import { Page } from '../frame/Page.tsx'
import { waitingOrder } from '../pay/link.ts'
import { t } from '../texts.ts'

export default function UnfreezePage() {
  useLanguage()
  const orderId = waitingOrder()
  const { data: wallet } = useWallet()
  const [password, setPassword] = useState('')
  const [sent, setSent] = useState<CodeSent | null>(null)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const form = useRef<HTMLFormElement>(null)
  const wrongPassword = problem?.code === 'credentials_wrong'
  useEffect(() => {
    if (!wrongPassword || sent) return
    form.current?.querySelector<HTMLInputElement>('input[name=password]')?.focus()
  }, [wrongPassword, problem, sent])

  const attempt = async (work: () => Promise<void>): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      await work()
    } catch (error) {
      const refused = toProblem(error)
      setProblem(refused)
      // A wrong password or a step that is over: from the start.
      if (['credentials_wrong', 'flow_invalid', 'code_tries_used'].includes(refused.code)) setSent(null)
    } finally {
      setBusy(false)
    }
  }
  const start = (): Promise<void> =>
    attempt(async () => setSent(await api.post<CodeSent>('/api/wallet/unfreeze/start', { password })))
  const finish = (code: string): Promise<void> =>
    attempt(async () => {
      const next = await api.post<Wallet>('/api/wallet/unfreeze', { flowId: sent!.flowId, code, password })
      keep('wallet', next)
      queryClient.setQueryData(['wallet'], next)
    })

  return (
    <Page title={t('frozen.unfreeze')} section="account" back={orderId ? `/pay/${orderId}` : '/account'}>
      {wallet && wallet.status !== 'frozen' ? (
        <div className="stack" role="status">
          <Callout tone="ok" title={t('unfreeze.done')}>
            {t('unfreeze.done.body')}
          </Callout>
          {orderId && (
            <ButtonLinkTo href={`/pay/${orderId}`} look="primary" wide>
              {t('topup.back_to_order')}
            </ButtonLinkTo>
          )}
          <ButtonLinkTo href="/" look={orderId ? 'secondary' : 'primary'} wide>
            {t('not_found.home')}
          </ButtonLinkTo>
        </div>
      ) : sent ? (
        <CodeStep
          sent={sent}
          busy={busy}
          problem={problem}
          title={t('unfreeze.code')}
          onSubmit={(code) => void finish(code)}
          onResend={() => void start()}
        />
      ) : (
        <form
          ref={form}
          className="stack form"
          onSubmit={(event) => {
            event.preventDefault()
            if (password && !busy) void start()
          }}
        >
          <Callout tone="hold" icon={Snowflake}>
            {t('unfreeze.why')}
          </Callout>
          <TextField
            label={t('enter.password')}
            type="password"
            name="password"
            autoComplete="current-password"
            required
            error={wrongPassword ? t('unfreeze.password_wrong') : undefined}
            value={password}
            onInput={(event) => setPassword(event.currentTarget.value)}
          />
          {problem && !wrongPassword && <ErrorNote problem={problem} />}
          <SubmitButton busy={busy && t('enter.sending')}>{t('enter.send_code')}</SubmitButton>
        </form>
      )}
    </Page>
  )
}

// A refusal with its words and the way on. Nothing was taken, and the page says so.

import { A, ApiProblem, ErrorNote } from '../../ui/index.ts'
import type { Checkout } from '../data/types.ts'
import { t } from '../texts.ts'
import type { Refusal } from './attempt.ts'
import { safeUrl } from './OrderPanel.tsx'

/** After these another PIN is of no use. */
const stopping = new Set<Refusal['code']>([
  'insufficient_funds',
  'account_frozen',
  'account_restricted',
  'account_inactive',
  'pin_locked',
  'order_expired',
  'order_cancelled',
  'order_paid',
  'merchant_blocked',
  'merchant_unknown',
  'transaction_limit',
  'daily_limit',
  'count_limit',
  'security_hold',
  'verification_required',
])
export const stopsPaying = ({ code }: Refusal): boolean => stopping.has(code)

/** When the PIN is free again, this order cannot be paid any more. */
const outlastsOrder = ({ code, values }: Refusal, { expiresAt }: Checkout): boolean =>
  code === 'pin_locked' &&
  typeof values?.['untilAt'] === 'string' &&
  Date.parse(values['untilAt']) >= Date.parse(expiresAt)

export function RefusalNote({ refusal, checkout }: { refusal: Refusal; checkout: Checkout }) {
  const problem = new ApiProblem({ ...refusal, title: refusal.title ?? refusal.code })
  const back = safeUrl(checkout.returnUrl ?? checkout.cancelUrl)
  return (
    <div className="stack" data-testid="refusal" data-code={refusal.code}>
      <ErrorNote problem={problem} />
      {outlastsOrder(refusal, checkout) && (
        <p>{t('checkout.lock_outlasts', { shop: checkout.merchant.name })}</p>
      )}
      {refusal.code === 'insufficient_funds' && (
        <A className="btn pri wide" href={`/top-up?order=${checkout.orderId}`}>
          {t('checkout.top_up')}
        </A>
      )}
      {refusal.code === 'account_frozen' && (
        <A className="btn sec wide" href={`/account/unfreeze?order=${checkout.orderId}`}>
          {t('frozen.unfreeze')}
        </A>
      )}
      {(refusal.code === 'order_expired' ||
        refusal.code === 'order_cancelled' ||
        refusal.code === 'order_paid') &&
        back && (
          <a className="btn pri wide" href={back}>
            {t('checkout.back', { shop: checkout.merchant.name })}
          </a>
        )}
      {(refusal.code === 'security_hold' ||
        refusal.code === 'account_restricted' ||
        refusal.code === 'account_inactive') && (
        <A className="btn sec wide" href="/help/new">
          {t('status.ask')}
        </A>
      )}
    </div>
  )
}

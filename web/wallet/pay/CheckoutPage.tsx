// The page that a shop sends the customer to: the order on the left, Tuntas on the right. Who is not signed in
// signs in or up here and stays here.

import { useState } from 'react'
import { useParams } from 'wouter'
import { A, Brand, Skeleton, formatMoney, networkProblem, useLanguage } from '../../ui/index.ts'
import { isOffline } from '../data/client.ts'
import { useLost } from '../data/live.ts'
import { useCheckout } from '../data/queries.ts'
import { useSession } from '../data/session.ts'
import type { Checkout } from '../data/types.ts'
import { SignIn } from '../enter/SignIn.tsx'
import { SignUp } from '../enter/SignUp.tsx'
import { Failed, StaleNote } from '../frame/Loaded.tsx'
import { usePageTitle } from '../frame/Page.tsx'
import { t } from '../texts.ts'
import { CountdownChip } from './CountdownChip.tsx'
import { Ended } from './Outcome.tsx'
import { OrderPanel } from './OrderPanel.tsx'
import { PayPanel } from './PayPanel.tsx'
import './checkout.css'

export default function CheckoutPage() {
  const language = useLanguage()
  const { orderId = '' } = useParams<{ orderId: string }>()
  const read = useCheckout(orderId)
  const checkout = read.data
  const lost = useLost()
  usePageTitle(
    checkout
      ? t('checkout.title', {
          amount: formatMoney(checkout.total, { language }),
          shop: checkout.merchant.name,
        })
      : t('pay.title'),
  )
  return (
    <main className="checkout">
      <section className="checkout-order" aria-label={t('checkout.order')}>
        <div className="checkout-half">
          {checkout ? <OrderPanel checkout={checkout} /> : !read.error && <Skeleton rows={4} />}
        </div>
      </section>
      <section className="checkout-pay" aria-label={t('checkout.pay')}>
        <div className="checkout-half">
          <div className="checkout-head">
            <A href="/" aria-label="Tuntas">
              <Brand />
            </A>
            {checkout?.state === 'open' && <CountdownChip until={checkout.expiresAt} />}
          </div>
          {checkout && (lost || isOffline(read.error)) && (
            <div className="checkout-lost">
              <StaleNote error={networkProblem()} />
            </div>
          )}
          {checkout ? (
            <Payer checkout={checkout} />
          ) : read.error ? (
            <Failed error={read.error} retry={() => void read.refetch()} busy={read.isFetching} />
          ) : (
            <Skeleton rows={3} />
          )}
        </div>
      </section>
    </main>
  )
}

function Payer({ checkout }: { checkout: Checkout }) {
  const session = useSession()
  if (session.state === 'loading') return <Skeleton rows={3} />
  if (session.state === 'unreachable') return <Failed error={networkProblem()} retry={session.retry} />
  if (session.state === 'out')
    return checkout.state === 'open' ? <Door checkout={checkout} /> : <Ended checkout={checkout} />
  // Signed in a moment ago: the order is being read again with its payer.
  if (!checkout.payer) return <Skeleton rows={3} />
  return (
    <PayPanel
      key={`${checkout.orderId}:${session.me.customerId}`}
      checkout={checkout}
      payer={checkout.payer}
      customerId={session.me.customerId}
    />
  )
}

function Door({ checkout }: { checkout: Checkout }) {
  const [way, setWay] = useState<'in' | 'up'>('in')
  const stay = (): void => undefined
  return (
    <div className="checkout-door">
      {way === 'in' ? (
        <SignIn
          onDone={stay}
          onSignUp={() => setWay('up')}
          intro={t('checkout.sign_in', { shop: checkout.merchant.name })}
        />
      ) : (
        <SignUp onDone={stay} onSignIn={() => setWay('in')} />
      )}
    </div>
  )
}

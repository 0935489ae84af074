// What is bought, from whom, for how much. On the phone it is a bar on top that opens.

import { ArrowLeft, BadgeCheck, ChevronDown, LockKeyhole } from 'lucide-react'
import { useSyncExternalStore } from 'react'
import { Avatar, Icon, Money, useLanguage, wholeIn } from '../../ui/index.ts'
import type { Checkout } from '../data/types.ts'
import { t } from '../texts.ts'

const wideQuery = '(min-width: 56rem)'
const subscribe = (listener: () => void): (() => void) => {
  const query = matchMedia(wideQuery)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}
const useWide = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => matchMedia(wideQuery).matches,
    () => true,
  )

/** Only addresses of the web: an order must not make the page run anything. */
export const safeUrl = (url: string | undefined): string | undefined =>
  url && /^https?:\/\//i.test(url) ? url : undefined

export function OrderPanel({ checkout }: { checkout: Checkout }) {
  useLanguage()
  const wide = useWide()
  const { merchant, lines, total } = checkout
  const back = safeUrl(checkout.returnUrl ?? checkout.cancelUrl)
  const list = (
    <>
      <ul className="order-lines">
        {lines.map((line, index) => (
          <li key={index}>
            <span className="grow">
              <span className="med">{line.name}</span>
              <span className="t13 mute">
                {[line.quantity > 1 && t('checkout.quantity', { count: line.quantity }), line.detail]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </span>
            <Money amount={line.amount} />
          </li>
        ))}
      </ul>
      <p className="order-total">
        <span>{t('checkout.total')}</span>
        <Money amount={total} />
      </p>
    </>
  )
  const shop = (
    <span className="order-shop">
      <Avatar name={merchant.name} kind="tile" />
      <span className="col">
        <span className="semi">{merchant.name}</span>
        <span className="order-shop-detail">
          {merchant.verified && <Icon of={BadgeCheck} size="xs" />}
          {[merchant.verified && t('checkout.verified'), merchant.city].filter(Boolean).join(' · ')}
        </span>
      </span>
    </span>
  )
  if (!wide)
    return (
      <details className="order-bar">
        <summary>
          {shop}
          <Money amount={total} size={18} />
          <Icon of={ChevronDown} size="sm" />
        </summary>
        <p className="t14 mute">
          {wholeIn(
            t('checkout.order_number', { number: checkout.merchantReference }),
            checkout.merchantReference,
          )}
        </p>
        {list}
      </details>
    )
  return (
    <>
      {back && checkout.state !== 'open' ? (
        <a className="order-back" href={back}>
          <Icon of={ArrowLeft} size="sm" />
          {t('checkout.back', { shop: merchant.name })}
        </a>
      ) : (
        <span className="order-back" />
      )}
      {shop}
      <Money amount={total} size={48} className="order-amount" />
      <p className="t14 mute">
        {wholeIn(
          t('checkout.order_number', { number: checkout.merchantReference }),
          checkout.merchantReference,
        )}
      </p>
      {list}
      <p className="order-host">
        <Icon of={LockKeyhole} size="sm" />
        <span>
          {t('checkout.host')} <b>{location.host}</b>
        </span>
      </p>
    </>
  )
}

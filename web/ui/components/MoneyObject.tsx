// A movement of money as a live card or a row of a list: always read from the ledger, never a kept copy.
// The whole card is one link.

import {
  ArrowDownLeft,
  ArrowUpRight,
  Coffee,
  Lock,
  Landmark,
  Plus,
  RefreshCw,
  ShoppingBag,
  Store,
  Undo2,
  UserRound,
  Utensils,
  Zap,
  type LucideIcon,
} from 'lucide-react'
import type { TransactionSummary } from '../../../contract/trace.ts'
import { formatClock, formatTime, type Instant } from '../format/time.ts'
import { t } from '../i18n.ts'
import { useLanguage } from '../language.ts'
import { Icon } from './Icon.tsx'
import { A } from './Link.tsx'
import { Money } from './Money.tsx'
import { StateBadge, type MoneyState } from './StateBadge.tsx'

const categoryIcons: Record<string, LucideIcon> = {
  cafe: Coffee,
  food: Utensils,
  restaurant: Utensils,
  retail: ShoppingBag,
  shopping: ShoppingBag,
  electricity: Zap,
}

/** The tile's drawing: by the shop's trade if it is known, else by the kind of movement. */
export function movementIcon({
  kind,
  party,
  amount,
}: Pick<TransactionSummary, 'kind' | 'party' | 'amount'>): LucideIcon {
  const byKind: Record<TransactionSummary['kind'], LucideIcon> = {
    payment: Store,
    top_up: Plus,
    refund: Undo2,
    transfer: amount.amountMinor.startsWith('-') ? ArrowUpRight : ArrowDownLeft,
    withdrawal: Landmark,
    bill: Zap,
  }
  return (party.category && categoryIcons[party.category]) || byKind[kind] || UserRound
}

/** Money that is not settled yet is muted, with either sign. */
export const isSettled = (state: MoneyState): boolean => state === 'completed' || state === 'refunded'

/** What never moved is no money that came in. */
const signOf = ({ amount, ended }: TransactionSummary) =>
  ended ? 'none' : Number(amount.amountMinor) > 0 ? 'in' : 'auto'

/** Where it stands; a refund that its payment overtook says that the money is back, instead of that it was cancelled. */
const EndOf = ({ money }: { money: TransactionSummary }) =>
  money.ended === 'came_back' ? (
    <StateBadge state="refunded" word={t('state.came_back')} />
  ) : (
    <StateBadge state={money.state} />
  )

export type Freshness =
  | { kind: 'live'; at: Instant }
  /** Being read again: nothing moves on the screen. */
  | { kind: 'refreshing'; at: Instant }
  /** Could not be read again since `at`. */
  | { kind: 'stale'; at: Instant }

export type MoneyObjectProps = {
  /** Null when the reader may not see it: everything is masked then. */
  money: TransactionSummary | null
  reference?: string
  href?: string
  freshness?: Freshness
  zone?: string
  now?: Instant
}

export function MoneyObject({ money, reference, href, freshness, zone, now }: MoneyObjectProps) {
  const language = useLanguage()
  const content = money ? (
    <>
      <span className="av sq" aria-hidden="true">
        <Icon of={movementIcon(money)} />
      </span>
      <span className="money-object-who">
        <span className="semi">{money.party.name}</span>
        <EndOf money={money} />
      </span>
      <Money amount={money.amount} sign={signOf(money)} muted={!isSettled(money.state)} />
      <span className="money-object-foot">
        <span className="ref">{money.reference}</span>
        <time dateTime={money.effectiveAt}>{formatTime(money.effectiveAt, { language, zone, now })}</time>
        {freshness && <FreshnessLine freshness={freshness} zone={zone} />}
      </span>
    </>
  ) : (
    <>
      <span className="av sq" aria-hidden="true">
        <Icon of={Lock} />
      </span>
      <span className="money-object-who">
        <span className="semi">{t('money.not_permitted')}</span>
        <span className="mask">{reference}</span>
      </span>
    </>
  )
  const label = { 'aria-busy': freshness?.kind === 'refreshing' || undefined }
  return href && money ? (
    <A className="card money-object" href={href} {...label}>
      {content}
    </A>
  ) : (
    <div className="card money-object" {...label}>
      {content}
    </div>
  )
}

/** "Live 14:06", or since when it could not be read. */
export function FreshnessLine({ freshness, zone }: { freshness: Freshness; zone?: string }) {
  const language = useLanguage()
  const at = formatClock(freshness.at, { language, zone })
  if (freshness.kind === 'stale')
    return (
      <span className="st hold">
        <Icon of={RefreshCw} />
        {t('money.stale', { at })}
      </span>
    )
  return (
    <span className="freshness">
      <Icon of={RefreshCw} size="xs" className={freshness.kind === 'refreshing' ? 'spin' : ''} />
      {t('money.live', { at })}
    </span>
  )
}

/** One row of a history. */
export function MoneyRow({
  money,
  href,
  zone,
  now,
}: {
  money: TransactionSummary
  href?: string
  zone?: string
  now?: Instant
}) {
  const language = useLanguage()
  const content = (
    <>
      <span className="av tile" aria-hidden="true">
        <Icon of={movementIcon(money)} />
      </span>
      <span className="money-row-who">
        <span className="med">{money.party.name}</span>
        <span className="money-row-when">
          <time dateTime={money.effectiveAt}>{formatTime(money.effectiveAt, { language, zone, now })}</time>
          <span aria-hidden="true">·</span>
          <EndOf money={money} />
        </span>
      </span>
      <Money amount={money.amount} sign={signOf(money)} muted={!isSettled(money.state)} />
    </>
  )
  return href ? (
    <A className="money-row" href={href}>
      {content}
    </A>
  ) : (
    <div className="money-row">{content}</div>
  )
}

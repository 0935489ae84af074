// The sum that anybody can follow: opening + in − out = balance − held = spendable. If it does not add up,
// the difference is said, never hidden.

import { CircleX, ShieldCheck } from 'lucide-react'
import type { ReactNode } from 'react'
import { formatFingerprint } from '../format/text.ts'
import { formatMoney, type MoneyValue } from '../format/money.ts'
import { formatTime, type Instant } from '../format/time.ts'
import { t } from '../i18n.ts'
import { useLanguage } from '../language.ts'
import { Icon } from './Icon.tsx'
import { Money } from './Money.tsx'

export type StatementProofProps = {
  opening: { amount: MoneyValue; at: Instant }
  incoming: { amount: MoneyValue; entries: number }
  outgoing: { amount: MoneyValue; entries: number }
  balance: { amount: MoneyValue; at: Instant }
  held?: MoneyValue
  spendable?: MoneyValue
  /** The period is over: what could be spent then. */
  isOver?: boolean
  /** What counting the entries one by one gave; without it only the sums above are compared. */
  recount?: { addsUp: boolean; differenceMinor: bigint }
  /** When it was recounted. */
  recountedAt?: string
  signed?: { at: Instant; fingerprint: string }
  /** The case that was opened by itself when it does not add up. */
  caseNumber?: string
  action?: ReactNode
  zone?: string
  now?: Instant
}

const minor = ({ amountMinor }: MoneyValue): bigint => BigInt(amountMinor)

/** What is missing or too much: 0n when the statement adds up. */
export const statementDifference = ({
  opening,
  incoming,
  outgoing,
  balance,
}: Pick<StatementProofProps, 'opening' | 'incoming' | 'outgoing' | 'balance'>): bigint =>
  minor(balance.amount) - (minor(opening.amount) + minor(incoming.amount) - minor(outgoing.amount))

export function StatementProof(props: StatementProofProps) {
  const { opening, incoming, outgoing, balance, held, spendable, recount, recountedAt } = props
  const { isOver, signed, caseNumber, action, zone, now } = props
  const language = useLanguage()
  const time = { language, zone, now }
  const difference = statementDifference(props) || (recount?.differenceMinor ?? 0n)
  const leaves = !held || !spendable || minor(balance.amount) - minor(held) === minor(spendable)
  const adds = difference === 0n && leaves && recount?.addsUp !== false
  return (
    <div className="proof">
      <dl className="proof-sum">
        <Line
          name={t('proof.opening', { at: formatTime(opening.at, time) })}
          value={<Money amount={opening.amount} />}
        />
        <Line
          name={t('proof.in', { count: incoming.entries })}
          value={<Money amount={incoming.amount} sign="in" />}
        />
        <Line
          name={t('proof.out', { count: outgoing.entries })}
          value={<Money amount={outgoing.amount} sign="out" />}
        />
        <Line
          total
          name={t('proof.balance', { at: formatTime(balance.at, time) })}
          value={<Money amount={balance.amount} />}
        />
        {held && spendable && (
          <>
            <Line name={t('proof.held')} value={<Money amount={held} sign="out" />} />
            <Line
              total
              name={t(isOver ? 'proof.spendable.then' : 'proof.spendable')}
              value={<Money amount={spendable} />}
            />
          </>
        )}
      </dl>
      <div className="proof-side">
        <div>
          <span className={`st semi ${adds ? 'ok' : 'fail'}`}>
            <Icon of={adds ? ShieldCheck : CircleX} />
            {adds
              ? t('proof.adds_up')
              : difference === 0n
                ? t('proof.broken')
                : t('proof.differs', {
                    amount: formatMoney(
                      { amountMinor: difference, currency: balance.amount.currency },
                      { language },
                    ),
                  })}
          </span>
          <p className="t13 mute">
            {adds
              ? t('proof.how')
              : caseNumber
                ? t('proof.case', { number: caseNumber })
                : t('proof.unsolved')}
          </p>
          {recountedAt && <p className="t13 mute num">{recountedAt}</p>}
        </div>
        {signed && (
          <div className="t13 mute">
            {t('proof.signed', { at: formatTime(signed.at, time) })}
            <br />
            <span className="mono">{formatFingerprint(signed.fingerprint)}</span>
          </div>
        )}
        {action}
      </div>
    </div>
  )
}

const Line = ({ name, value, total }: { name: string; value: ReactNode; total?: boolean }) => (
  <div className={total ? 'proof-line total' : 'proof-line'}>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)

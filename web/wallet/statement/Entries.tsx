// The entries of a statement by day: each says what it is and leads to its transaction; a payment and what gave it back
// point to each other, and both stay.

import { ArrowDownLeft, ArrowUpRight, Plus, Store, Undo2, type LucideIcon } from 'lucide-react'
import { useEffect } from 'react'
import type { StatementEntry } from '../../../contract/customer.ts'
import {
  A,
  Icon,
  Money,
  formatClock,
  formatDateLong,
  formatMoney,
  formatTime,
  hasText,
  useLanguage,
  walletZone,
} from '../../ui/index.ts'
import { t, type MessageId } from '../texts.ts'
import { givenBackBy, groupByDay } from './recount.ts'

const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: walletZone })
const icons: Record<string, LucideIcon> = {
  payment: Store,
  top_up: Plus,
  payment_returned: Undo2,
  refund: Undo2,
}
const isIncoming = ({ amount }: StatementEntry): boolean => !amount.amountMinor.startsWith('-')

/** When it happened; when it was taken into the books on another day, that time, since its day stands above. */
export const timeOf = ({ recordedAt, effectiveAt }: StatementEntry): string =>
  dayFormat.format(new Date(recordedAt)) === dayFormat.format(new Date(effectiveAt))
    ? effectiveAt
    : recordedAt

/** What an entry is, in words: "Paid to Surya Elektronik". */
export function entryText(entry: StatementEntry): string {
  const id = `statement.kind.${entry.kind}`
  const known = hasText(id) ? id : isIncoming(entry) ? 'statement.kind.in' : 'statement.kind.out'
  return t(known as MessageId, { party: entry.party || t('statement.somebody') })
}

export function Entries({ entries, see }: { entries: readonly StatementEntry[]; see?: string | null }) {
  const language = useLanguage()
  const seen = entries.find(({ reference }) => reference === see)?.entry
  useEffect(() => {
    if (seen) goTo(seen)
  }, [seen])
  const givers = givenBackBy(entries)
  const paid = new Map(
    entries.filter((entry) => !isIncoming(entry)).map((entry) => [entry.reference, entry] as const),
  )
  return (
    <>
      {groupByDay(entries, (at) => dayFormat.format(new Date(at))).map((day) => (
        <section key={day.day} className="statement-day">
          <h2>{formatDateLong(day.firstAt, { language })}</h2>
          <ul className="card statement-entries">
            {day.entries.map((entry) => (
              <Entry
                key={entry.entry}
                entry={entry}
                givers={isIncoming(entry) ? [] : (givers.get(entry.reference) ?? [])}
                payment={entry.givesBack ? paid.get(entry.givesBack) : undefined}
              />
            ))}
          </ul>
        </section>
      ))}
    </>
  )
}

function Entry({
  entry,
  givers,
  payment,
}: {
  entry: StatementEntry
  /** What gave this payment back. */
  givers: readonly StatementEntry[]
  /** The payment that this gives back, when it stands in the same statement. */
  payment: StatementEntry | undefined
}) {
  const language = useLanguage()
  const incoming = isIncoming(entry)
  return (
    <li id={`entry-${entry.entry}`} className="statement-entry" tabIndex={-1}>
      <A className="statement-line" href={`/transactions/${entry.reference}`}>
        <Icon of={icons[entry.kind] ?? (incoming ? ArrowDownLeft : ArrowUpRight)} />
        <span className="grow">
          <span className="med">{entryText(entry)}</span>
          <span className="statement-meta">
            <time dateTime={entry.recordedAt}>{formatClock(timeOf(entry), { language })}</time>
            <span className="ref">{entry.reference}</span>
          </span>
        </span>
        <span className="statement-sums">
          <Money amount={entry.amount} sign={incoming ? 'in' : 'auto'} />
          <span className="statement-meta num">
            {t('statement.after', { amount: formatMoney(entry.balanceAfter, { language }) })}
          </span>
        </span>
      </A>
      {givers.map((giver) => (
        <EntryLink key={giver.entry} to={giver}>
          {t('statement.came_back', {
            amount: formatMoney(giver.amount, { language, sign: 'none' }),
            at: formatTime(timeOf(giver), { language, inSentence: true }),
          })}
        </EntryLink>
      ))}
      {payment ? (
        <EntryLink to={payment}>
          {t('statement.gives_back', { at: formatTime(timeOf(payment), { language, inSentence: true }) })}
        </EntryLink>
      ) : (
        entry.givesBack &&
        entry.givesBack !== entry.reference && (
          <A className="statement-link" href={`/transactions/${entry.givesBack}`}>
            <Icon of={Undo2} size="xs" />
            {t('statement.gives_back.earlier')}
          </A>
        )
      )}
    </li>
  )
}

/** Shows a line of this page, and says so to readers by moving the focus there. */
function goTo(entry: StatementEntry['entry']): void {
  const line = document.getElementById(`entry-${entry}`)
  line?.scrollIntoView({ block: 'center' })
  line?.focus({ preventScroll: true })
}

/** Goes to the other line on this page. */
function EntryLink({ to, children }: { to: StatementEntry; children: string }) {
  const id = `entry-${to.entry}`
  return (
    <a
      className="statement-link"
      href={`#${id}`}
      onClick={(event) => {
        event.preventDefault()
        goTo(to.entry)
      }}
    >
      <Icon of={Undo2} size="xs" />
      {children}
    </a>
  )
}

// The page's own recount of a statement: it believes no sum of the server's, only the entries. What does not fit is said.

import type { Statement, StatementEntry } from '../../../contract/customer.ts'

export type PageRecount = { addsUp: boolean; differenceMinor: bigint }

const minor = ({ amountMinor }: { amountMinor: string }): bigint => BigInt(amountMinor)

/**
 * `entries` are all of the period, newest first. True only when opening, every entry in turn and closing follow from
 * each other, no entry is missing in between, and the sums and counts that the server shows are those of the entries.
 */
export function recountStatement(statement: Statement, entries: readonly StatementEntry[]): PageRecount {
  let balance = minor(statement.opening.amount)
  let [incoming, outgoing, inCount, outCount] = [0n, 0n, 0, 0]
  let before: bigint | undefined
  let fits = true
  for (const entry of entries.toReversed()) {
    const amount = minor(entry.amount)
    balance += amount
    if (amount > 0n) [incoming, inCount] = [incoming + amount, inCount + 1]
    else [outgoing, outCount] = [outgoing - amount, outCount + 1]
    const number = BigInt(entry.entry)
    fits &&= balance === minor(entry.balanceAfter) && (before === undefined || number === before + 1n)
    before = number
  }
  const shown = statement.incoming.entries === inCount && statement.outgoing.entries === outCount
  const sums = minor(statement.incoming.amount) === incoming && minor(statement.outgoing.amount) === outgoing
  const held =
    minor(statement.closing.amount) - minor(statement.standing.held) === minor(statement.standing.spendable)
  const differenceMinor = minor(statement.closing.amount) - balance
  return { addsUp: fits && shown && sums && held && differenceMinor === 0n, differenceMinor }
}

/** For each payment (reference) the entries that gave it back, oldest first: both lines stay visible and point to each other. */
export function givenBackBy(entries: readonly StatementEntry[]): Map<string, StatementEntry[]> {
  const found = new Map<string, StatementEntry[]>()
  for (const entry of entries.toReversed())
    if (entry.givesBack) found.set(entry.givesBack, [...(found.get(entry.givesBack) ?? []), entry])
  return found
}

export type StatementDay = { day: string; firstAt: string; entries: StatementEntry[] }

/** Entries by day of the wallet's zone, in the order given. */
export function groupByDay(
  entries: readonly StatementEntry[],
  dayOf: (at: string) => string,
): StatementDay[] {
  const days: StatementDay[] = []
  for (const entry of entries) {
    const day = dayOf(entry.recordedAt)
    const last = days.at(-1)
    if (last?.day === day) last.entries.push(entry)
    else days.push({ day, firstAt: entry.recordedAt, entries: [entry] })
  }
  return days
}

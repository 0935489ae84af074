// The statement of an account: how it began, every entry, what is held, how it ended. Each page is proven before it is given: no
// number is left out, every balance follows from the one before. The entries of a statement never change, so however long it
// is, only one page of it need be in memory, and no snapshot need be kept open for it.
import type { Uuid } from '#contract/ids.ts'
import type { Currency } from '#contract/money.ts'
import type { Sql } from '#platform/db.ts'
import { firstBreak } from './account.rules.ts'
import { readEntriesBetween } from './entries.sql.ts'
import { checkId, checkLimit, checkMoment } from './input.ts'
import type { Entry, Hold } from './ledger.ts'
import { readStatementEnds } from './statement.sql.ts'

/** Everything of a statement but its entries, of one snapshot. */
export interface StatementFigures {
  currency: Currency
  openingMinor: bigint
  /** Open a moment before the beginning, as they were then, oldest first. */
  openingHolds: readonly Hold[]
  openingHeldMinor: bigint
  closingMinor: bigint
  /** Open at the end, as they were then, oldest first. */
  closingHolds: readonly Hold[]
  closingHeldMinor: bigint
  /** What could be spent at the end, above what must stay today; undefined for an account that may go below zero. */
  closingAvailableMinor: bigint | undefined
  /** How many entries there are. */
  entryCount: bigint
}

export interface AccountStatement extends StatementFigures {
  /** Oldest first. */
  entries: readonly Entry[]
}

export interface PagedStatement extends StatementFigures {
  /** Oldest first, page by page. Throws when a page does not follow from what was before it, or the last not to the closing. */
  pages: AsyncIterable<readonly Entry[]>
}

const defaultPage = 1000

/** undefined: no such account. Throws when the entries that must follow are not there: the end of the books was cut off. */
export async function readStatement(
  sql: Sql,
  accountId: Uuid,
  from: Date,
  to: Date,
  pageLength = defaultPage,
): Promise<PagedStatement | undefined> {
  checkId(accountId, 'accountId')
  checkMoment(from, 'from')
  checkMoment(to, 'to')
  checkLimit(pageLength)
  // What was recorded at `from` belongs to the period: the opening is what stood a moment before.
  const ends = await readStatementEnds(sql, accountId, new Date(from.getTime() - 1), to)
  if (!ends) return undefined
  const { opening, closing } = ends
  for (const { entry, isFollowed } of [opening, closing])
    if (!isFollowed)
      throw new Error(`statement of ${accountId} does not add up: nothing follows entry ${entry}`)
  const closingHeldMinor = sumOf(closing.holds)
  return {
    currency: ends.currency,
    openingMinor: opening.balanceMinor,
    openingHolds: opening.holds,
    openingHeldMinor: sumOf(opening.holds),
    closingMinor: closing.balanceMinor,
    closingHolds: closing.holds,
    closingHeldMinor,
    closingAvailableMinor:
      ends.minimumMinor === undefined
        ? undefined
        : closing.balanceMinor - closingHeldMinor - ends.minimumMinor,
    entryCount: closing.entry > opening.entry ? closing.entry - opening.entry : 0n,
    pages: {
      async *[Symbol.asyncIterator]() {
        let balanceMinor = opening.balanceMinor
        for (let after = opening.entry; after < closing.entry;) {
          const upTo = after + BigInt(pageLength)
          const last = upTo < closing.entry ? upTo : closing.entry
          const entries = await readEntriesBetween(sql, accountId, after, last)
          const page = { openingMinor: balanceMinor, entries, closingMinor: closing.balanceMinor }
          if (last < closing.entry) page.closingMinor = entries.at(-1)?.balanceAfterMinor ?? balanceMinor
          const gap = entries.findIndex(({ entry }, index) => entry !== after + BigInt(index) + 1n)
          const broken = gap >= 0 ? gap : firstBreak(page)
          if (broken !== undefined || BigInt(entries.length) !== last - after)
            throw new Error(
              `statement of ${accountId} does not add up after entry ${after + BigInt(broken ?? entries.length)}`,
            )
          yield entries
          balanceMinor = page.closingMinor
          after = last
        }
      },
    },
  }
}

/** All of it at once. */
export async function collect({ pages, ...figures }: PagedStatement): Promise<AccountStatement> {
  const entries: Entry[] = []
  for await (const page of pages) for (const entry of page) entries.push(entry)
  return { ...figures, entries }
}

const sumOf = (holds: readonly Hold[]): bigint => holds.reduce((sum, hold) => sum + hold.remainingMinor, 0n)

// Judges what must follow from what is sealed: bounds and freezes, holds, reversals, exchanges. Says in words what does not.
import type { Sql } from '#platform/db.ts'
import type { Find, FindingKind } from './seal-findings.ts'
import * as derived from './seal-derived.sql.ts'

const accountFields = [
  'kind',
  'owner',
  'currency',
  'minimum',
  'maximum',
  'monthly cap',
  'frozen',
  'opened',
  'closed',
]
const holdFields = ['debit account', 'credit account', 'amount', 'currency', 'reference', 'expiry', 'placing']
const endFields = ['state', 'posted', 'closing']

/** `minimum is -500, was told as 0`, for each field that differs. */
export function fieldsThatDiffer(fields: readonly string[], is: string, told: string): string {
  const [here, there] = [is.split('|'), told.split('|')]
  if (here.length !== fields.length || there.length !== fields.length) return `is ${is}, was told as ${told}`
  const word = (text: string) => text.replace(/^\d*:/, '') || 'nothing'
  return fields
    .flatMap((field, index) =>
      here[index] === there[index]
        ? []
        : [`${field} is ${word(here[index]!)}, was told as ${word(there[index]!)}`],
    )
    .join('; ')
}

/** `oldUpTo`: the last transfer under seals of the first form, whose links are kept as events. */
export async function judgeDerived(sql: Sql, oldUpTo: bigint, find: Find): Promise<void> {
  async function judge(
    kind: FindingKind,
    asked: Promise<derived.Difference[]>,
    words: (difference: derived.Difference) => string,
  ) {
    for (const difference of await asked) find(kind, words(difference))
  }
  const compared = (what: string, fields: readonly string[]) => (row: derived.Difference) =>
    row.is === null
      ? `${what} ${row.subject} is gone: ${row.told}`
      : row.told === null
        ? `${what} ${row.subject} was told by no event: ${row.is}`
        : `${what} ${row.subject}: ${fieldsThatDiffer(fields, row.is, row.told)}`

  await judge('account_rules_differ', derived.readChangedAccounts(sql), compared('account', accountFields))
  await judge('hold_differs', derived.readChangedHolds(sql), compared('hold', holdFields))
  await judge('hold_differs', derived.readChangedEnds(sql), (row) =>
    row.is === null
      ? `hold ${row.subject} is open and was told to have ended: ${row.told}`
      : compared('the end of hold', endFields)(row),
  )
  await judge(
    'hold_differs',
    derived.readHoldSums(sql),
    ({ subject, is, told }) => `hold ${subject} says ${is}, its transfers give ${told}`,
  )
  await judge(
    'held_differs',
    derived.readHeldSums(sql),
    ({ subject, is, told }) => `account ${subject} says ${is} held, its open holds give ${told}`,
  )
  await judge(
    'reversal_differs',
    derived.readReversalSums(sql),
    ({ subject, is, told }) =>
      `transfer ${subject}: ${is ?? 'nothing'} is counted as reversed, its reversals give ${told ?? 'nothing'}`,
  )
  await judge(
    'links_differ',
    derived.readBrokenLinks(sql),
    ({ subject, is }) => `the legs linked by ${subject} are not whole: ${is}`,
  )
  await judge('links_differ', derived.readChangedOldLinks(sql, oldUpTo), (row) =>
    row.is === null
      ? `the link of transfer ${row.subject} is gone`
      : `the link of transfer ${row.subject} is ${row.is}, was kept as ${row.told ?? 'none'}`,
  )
  await judge(
    'exchange_differs',
    derived.readBrokenExchanges(sql),
    ({ subject, is, told }) => `exchange ${subject} says ${is}, its legs moved ${told}`,
  )
  await judge(
    'incoming_differs',
    derived.readIncomingSums(sql),
    ({ subject, is, told }) => `account ${subject} says that ${is} came in, its entries give ${told}`,
  )
}

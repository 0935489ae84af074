// Settlements of the past, for demo data: their money was moved by the ledger already, by the same caller in the same
// transaction. Sums and lines are read from the ledger as those of a new settlement are.
import { referenceOf } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import type { Ledger } from '#modules/ledger/index.ts'
import { entriesAfter } from './make-settlement.ts'
import type { Line, Settlement, StoredTerms } from './settlement.ts'
import * as store from './settlement.sql.ts'
import { linesOf, movedMinor, sumsOf } from './sums.rules.ts'
import * as terms from './terms.sql.ts'

/** Running numbers for settlements to be written in this transaction, rising. */
export const takeSettlementNumbers: (tx: Transaction, count: number) => Promise<bigint[]> = store.takeNumbers

export interface PastSettlement {
  number: bigint
  /** `YYYY-MM-DD` in the shop's zone. */
  day: string
  /** When it was made: it covers what happened until then. */
  madeAt: Date
  netMinor: bigint
  /** The ledger's `shop_paid_out`. */
  transferId: string
  bankReference: string
  paidAt: Date
}

/** One shop's paid settlements, oldest first; none of it may have been settled before. */
export async function importSettlements(
  tx: Transaction,
  ledger: Ledger,
  shop: StoredTerms,
  past: readonly PastSettlement[],
): Promise<void> {
  const entries = await entriesAfter(tx, ledger, shop.payableAccountId, shop.settledEntry)
  const settlements: Settlement[] = []
  const lines: (Line & { settlement: bigint; place: number })[] = []
  let covered = 0
  let entryFrom = shop.settledEntry
  let periodFrom = shop.settledAt
  for (const each of past) {
    let end = covered
    while (end < entries.length && entries[end]!.effectiveAt <= each.madeAt) end++
    const own = entries.slice(covered, end)
    const ownLines = linesOf(own)
    const sums = sumsOf(ownLines)
    const entryTo = own.at(-1)?.entry ?? entryFrom
    settlements.push({
      ...sums,
      number: each.number,
      merchantId: shop.merchantId,
      currency: shop.currency,
      day: each.day,
      periodFrom,
      periodTo: each.madeAt,
      entryFrom,
      entryTo,
      carriedMinor: each.netMinor - movedMinor(sums),
      netMinor: each.netMinor,
      bank: shop.bank,
      state: 'paid',
      partnerReference: referenceOf('ST', each.number).replaceAll('-', ''),
      holdId: undefined,
      transferId: each.transferId,
      calls: 1,
      nextCallAt: undefined,
      bankReference: each.bankReference,
      refusal: undefined,
      closedAt: each.paidAt,
    })
    lines.push(...ownLines.map((line, index) => ({ ...line, settlement: each.number, place: index + 1 })))
    covered = end
    entryFrom = entryTo
    periodFrom = each.madeAt
  }
  if (settlements.length === 0) return
  await store.insertSettlements(tx, settlements)
  await store.insertLines(tx, lines)
  await terms.saveSettledUpTo(tx, shop.merchantId, entryFrom, periodFrom)
}

/** The shop's next pay-out is due at this time of the past. */
export const savePastDue: (tx: Transaction, merchantId: string, at: Date) => Promise<void> = terms.saveNextDue

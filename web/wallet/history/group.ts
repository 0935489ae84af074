// A history cut into months, in the wallet's zone. The order of the server is kept.

import type { TransactionSummary } from '../../../contract/trace.ts'
import { walletZone } from '../../ui/format/time.ts'

export type Month = { key: string; firstAt: string; transactions: TransactionSummary[] }

const monthOf = (zone: string): ((at: string) => string) => {
  const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit' })
  return (at) => format.format(new Date(at)).slice(0, 7)
}

/** Months in the order they come; a reference that stands on two pages is taken once, as first seen. */
export function groupByMonth(transactions: readonly TransactionSummary[], zone = walletZone): Month[] {
  const keyOf = monthOf(zone)
  const months: Month[] = []
  const seen = new Set<string>()
  for (const transaction of transactions) {
    if (seen.has(transaction.reference)) continue
    seen.add(transaction.reference)
    const key = keyOf(transaction.effectiveAt)
    const last = months.at(-1)
    if (last?.key === key) last.transactions.push(transaction)
    else months.push({ key, firstAt: transaction.effectiveAt, transactions: [transaction] })
  }
  return months
}

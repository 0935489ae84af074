// Whether so much of a payment needs two people, by the limits that the server told with the payment. For showing only.

import type { TransactionDetail } from '../../../../contract/trace.ts'

/** `always`: also when the shop agrees. `granted`: when staff grant it, because the shop refused or stayed silent. */
export function needsTwoPeople(
  terms: TransactionDetail['refundTerms'],
  amountMinor: bigint,
): 'always' | 'granted' | undefined {
  if (!terms || amountMinor <= 0n) return undefined
  const { granted, agreed } = terms.secondPersonAbove
  if (amountMinor > BigInt(agreed.amountMinor)) return 'always'
  return amountMinor > BigInt(granted.amountMinor) ? 'granted' : undefined
}

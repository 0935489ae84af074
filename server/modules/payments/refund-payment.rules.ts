// How much of a payment and of its fee is left to give back. Pure.

/** What was paid less what refunds gave back already. */
export function leftMinor(payment: { amountMinor: bigint; refundedMinor?: bigint | undefined }): bigint {
  return payment.amountMinor - (payment.refundedMinor ?? 0n)
}

/**
 * Of the fee that the shop paid for a payment, what goes back with a refund: in proportion to all that has gone back by then,
 * rounded down, so that all parts together are never more than the fee and the last part brings the rest of it.
 */
export function feeToReturn(facts: {
  feeMinor: bigint
  creditedMinor: bigint
  returnedAfterMinor: bigint
  feeReturnedBeforeMinor: bigint
}): bigint {
  if (facts.creditedMinor <= 0n) return 0n
  const due = (facts.feeMinor * facts.returnedAfterMinor) / facts.creditedMinor - facts.feeReturnedBeforeMinor
  return due > 0n ? due : 0n
}

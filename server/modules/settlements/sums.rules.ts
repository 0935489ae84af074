// The lines and sums of a settlement from the entries of the shop's payable account. Pure, and exact: carried + gross − fees −
// reserved + released − refunded is what the pay-out is made of, whatever kinds other rooms post.
import type { Entry } from '#modules/ledger/index.ts'
import type { Line, Sums } from './settlement.ts'

type Counted = Pick<Entry, 'kind' | 'reference' | 'amountMinor' | 'effectiveAt'>

const kindOf = (entryKind: string): Line['kind'] =>
  entryKind === 'shop_credited' || entryKind === 'shop_fee' || entryKind === 'shop_reserve'
    ? 'payment'
    : entryKind === 'shop_reserve_released'
      ? 'reserve_release'
      : 'refund'

/** Entries oldest first. Pay-outs among them belong to the settlements that made them and are left out. */
export function linesOf(entries: readonly Counted[]): Line[] {
  const lines = new Map<string, Line>()
  for (const { kind: entryKind, reference, amountMinor, effectiveAt } of entries) {
    if (entryKind === 'shop_paid_out') continue
    const kind = kindOf(entryKind)
    const key = `${kind} ${reference}`
    const line = lines.get(key) ?? {
      kind,
      reference,
      grossMinor: 0n,
      feeMinor: 0n,
      reserveMinor: 0n,
      netMinor: 0n,
      effectiveAt,
    }
    if (entryKind === 'shop_credited') line.grossMinor += amountMinor
    if (entryKind === 'shop_fee') line.feeMinor -= amountMinor
    if (entryKind === 'shop_reserve') line.reserveMinor -= amountMinor
    line.netMinor += amountMinor
    lines.set(key, line)
  }
  return [...lines.values()]
}

export function sumsOf(lines: readonly Line[]): Sums {
  const sum = (kind: Line['kind'], amount: (line: Line) => bigint) =>
    lines.reduce((total, line) => (line.kind === kind ? total + amount(line) : total), 0n)
  return {
    payments: lines.filter((line) => line.kind === 'payment').length,
    grossMinor: sum('payment', (line) => line.grossMinor),
    feesMinor: sum('payment', (line) => line.feeMinor),
    reservedMinor: sum('payment', (line) => line.reserveMinor),
    releasedMinor: sum('reserve_release', (line) => line.netMinor),
    refundedMinor: -sum('refund', (line) => line.netMinor),
  }
}

/** What the settlement's own entries add to the account. */
export const movedMinor = (sums: Sums): bigint =>
  sums.grossMinor - sums.feesMinor - sums.reservedMinor + sums.releasedMinor - sums.refundedMinor

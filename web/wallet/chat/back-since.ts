// Whether the money of a diagnosis came back after it was written. Pure.

import type { Diagnosis } from '../data/types.ts'

const saysBack: ReadonlySet<string> = new Set([
  'given_back',
  'refund_was_paid',
  'refund_paid',
  'refund_overtaken',
])

/** What says so now, the newest of it; undefined while nothing came back, or when the diagnosis said it already. */
export const backSince = (
  written: Pick<Diagnosis, 'facts'>,
  now: Pick<Diagnosis, 'facts'>,
): Diagnosis['facts'][number] | undefined => {
  const sayings = ({ facts }: Pick<Diagnosis, 'facts'>) => facts.filter(({ key }) => saysBack.has(key))
  // Refunds are told newest first.
  return sayings(now).length > sayings(written).length ? sayings(now)[0] : undefined
}

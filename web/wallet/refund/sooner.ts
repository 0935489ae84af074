// A payment that its shop has not taken yet goes back by itself, mostly long before a refund of it could be decided.

import type { Detail } from '../data/types.ts'

/** When the money of this payment comes back without anybody's asking; undefined when it does not. */
export const comesBackAt = ({ hops }: Pick<Detail, 'hops'>): string | undefined =>
  hops.find(({ state, then }) => (state === 'stuck' || state === 'now') && then === 'refunded')?.untilAt

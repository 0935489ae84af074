// What a statement sums up, and whether it adds up. Pure: figures in, figures out.
// Nothing is rounded and nothing is left out: a difference is said, never hidden.

export interface CountedEntry {
  amountMinor: bigint
  balanceAfterMinor: bigint
}

export interface Recount {
  incomingMinor: bigint
  incomingEntries: number
  outgoingMinor: bigint
  outgoingEntries: number
  /** closing − (opening + incoming − outgoing). */
  differenceMinor: bigint
  /** The sum fits, and every balance on the way follows from the one before. */
  addsUp: boolean
}

/** `entries` in the order of the ledger, oldest first. */
export function recount(
  openingMinor: bigint,
  entries: readonly CountedEntry[],
  closingMinor: bigint,
): Recount {
  const count = { incomingMinor: 0n, incomingEntries: 0, outgoingMinor: 0n, outgoingEntries: 0 }
  let balance = openingMinor
  let chained = true
  for (const { amountMinor, balanceAfterMinor } of entries) {
    if (amountMinor > 0n) {
      count.incomingMinor += amountMinor
      count.incomingEntries++
    } else {
      count.outgoingMinor -= amountMinor
      count.outgoingEntries++
    }
    chained &&= balance + amountMinor === balanceAfterMinor
    balance = balanceAfterMinor
  }
  const differenceMinor = closingMinor - (openingMinor + count.incomingMinor - count.outgoingMinor)
  return { ...count, differenceMinor, addsUp: chained && balance === closingMinor && differenceMinor === 0n }
}

const dayMs = 86_400_000
const longestDays = 366

/** The day after a day, both `YYYY-MM-DD`. */
export const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + dayMs).toISOString().slice(0, 10)

/** Why a period cannot be shown, or undefined when it can: real days, in order, at most a year. */
export function judgePeriod(from: string, to: string): 'from' | 'to' | undefined {
  const isDay = (day: string): boolean => {
    const at = Date.parse(`${day}T00:00:00Z`)
    return !Number.isNaN(at) && new Date(at).toISOString().slice(0, 10) === day
  }
  if (!isDay(from)) return 'from'
  if (!isDay(to) || to < from) return 'to'
  const days = (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayMs + 1
  return days > longestDays ? 'to' : undefined
}

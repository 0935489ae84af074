// How a transfer of ours is brought to its end: sent once, then only asked about, with the same reference for ever. A bank that
// says twice that it knows no such reference never got it; only then it is sent again. Who pays keeps the count of calls.
import type { OutgoingTransfer, OutgoingTransfers, TransferAnswer } from './transfer-out.ts'

/** A bank that has just lost our first call may say "not found" while that call is still on its way: believed from here on. */
const callsBeforeSendingAgain = 3

/** `calls` counts this call already, and was saved before: 1 is the first that ever left. Call outside any transaction. */
export async function askTransfer(
  bank: OutgoingTransfers,
  order: OutgoingTransfer,
  calls: number,
): Promise<TransferAnswer> {
  if (calls === 1) return bank.transferOut(order)
  const answer = await bank.transferStatus(order)
  if (answer.outcome !== 'not_found') return answer
  if (calls < callsBeforeSendingAgain) return { outcome: 'unknown', why: 'not found yet' }
  return bank.transferOut(order)
}

/** Seconds of business time between calls about a transfer whose end is not known: quick at first, then hourly, for ever. */
const callDelaysSeconds = [3, 5, 15, 60, 300, 900, 1800, 3600] as const

export function nextCallAfter(calls: number, now: Date): Date {
  const delay = callDelaysSeconds[Math.min(calls, callDelaysSeconds.length) - 1] ?? callDelaysSeconds[0]
  return new Date(now.getTime() + delay * 1000)
}

// Sends settlements to the bank and learns what became of them. The bank is asked outside any transaction; a timeout is unknown,
// never failed: the hold stays and the bank is asked again with the same reference until it says paid or refused.
import { referenceOf } from '#contract/ids.ts'
import type { Platform } from '#platform/platform.ts'
import { record, type SettlementRooms } from './make-settlement.ts'
import {
  askTransfer,
  nextCallAfter,
  type OutgoingTransfers,
  type TransferAnswer,
} from '#modules/rails/index.ts'
import type { Settlement } from './settlement.ts'
import * as store from './settlement.sql.ts'

const atOnce = 8
const claimSeconds = 60

/** Takes one round of due calls; returns how many. Safe in several processes. */
export async function callBankForDue(
  platform: Platform,
  rooms: SettlementRooms,
  bank: OutgoingTransfers,
): Promise<number> {
  const due = await store.claimDueCalls(platform.db.read, platform.clock.now(), atOnce, claimSeconds)
  const taken = await Promise.allSettled(
    due.map(async (settlement) => takeAnswer(platform, rooms, settlement, await ask(bank, settlement))),
  )
  if (due.length > 0) platform.events.wake()
  // One that failed here is asked about again when its claim is over; the others have been taken.
  const failed = taken.find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
  return due.length
}

/** `settlement.calls` counts this call already. */
const ask = (bank: OutgoingTransfers, settlement: Settlement): Promise<TransferAnswer> =>
  askTransfer(
    bank,
    {
      partnerReference: settlement.partnerReference,
      amountMinor: settlement.netMinor,
      currency: settlement.currency,
      to: settlement.bank,
      remark: referenceOf('ST', settlement.number),
    },
    settlement.calls,
  )

async function takeAnswer(
  platform: Platform,
  { ledger, audit }: SettlementRooms,
  asked: Settlement,
  answer: TransferAnswer,
): Promise<void> {
  const { db, clock } = platform
  if (answer.outcome === 'unknown')
    return store.saveNextCall(db.read, asked.number, nextCallAfter(asked.calls, clock.now()))
  await db.transaction(async (tx) => {
    const settlement = await store.lockSettlement(tx, asked.number)
    // Another process heard the end before us.
    if (settlement.state !== 'paying') return
    const now = clock.now()
    if (answer.outcome === 'paid') {
      await ledger.postHold(tx, {
        holdId: settlement.holdId!,
        transferId: settlement.transferId,
        kind: 'shop_paid_out',
        effectiveAt: now,
      })
      const { bankReference } = answer
      await store.saveClosed(tx, settlement.number, { state: 'paid', bankReference }, now)
      return record(tx, audit, settlement, 'settlement.paid', now, { bankReference })
    }
    // The money is free again: the next settlement carries it.
    await ledger.voidHold(tx, settlement.holdId!)
    const refusal = `${answer.code} ${answer.message}`.trim()
    await store.saveClosed(tx, settlement.number, { state: 'refused', refusal }, now)
    await record(tx, audit, settlement, 'settlement.refused', now, { refusal })
    platform.log.warn(
      { settlement: referenceOf('ST', settlement.number), refusal },
      'the bank refused a pay-out; the next one carries its money',
    )
  })
}

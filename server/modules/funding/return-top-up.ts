// The way back of a held top-up: held on suspense, sent once to where it came from, and posted when the bank says that it is paid.
// The bank is asked outside any transaction; a timeout is unknown, never failed.
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { money } from '#contract/money.ts'
import type { Transaction } from '#platform/db.ts'
import type { Platform } from '#platform/platform.ts'
import {
  askTransfer,
  nextCallAfter,
  type OutgoingTransfers,
  type TransferAnswer,
} from '#modules/rails/index.ts'
import * as store from './held-top-up.sql.ts'
import type { TellCustomer, TopUpRooms } from './receive-top-up.ts'
import { recordStep } from './record-step.ts'
import type { TopUp } from './top-up.ts'

const atOnce = 8
const claimSeconds = 60

export interface ReturnNeeds extends TopUpRooms {
  bank: OutgoingTransfers
  tellCustomer: TellCustomer
}

/** Starts it, in the transaction that decides; the caller holds the top-up's lock, and its sender is known. */
export async function startReturn(
  tx: Transaction,
  platform: Platform,
  { ledger }: Pick<TopUpRooms, 'ledger'>,
  topUp: TopUp,
): Promise<void> {
  const { number, amountMinor, currency } = topUp
  const reference = referenceOf('TP', number)
  const attempt = (await store.countReturns(tx, number)) + 1
  const back: store.Return = {
    id: uuidv7(),
    topUpNumber: number,
    partnerReference: `${reference.replaceAll('-', '')}R${attempt}`,
    amountMinor,
    currency,
    to: topUp.sender!,
    holdId: uuidv7(),
    transferId: uuidv7(),
    state: 'paying',
    calls: 0,
    nextCallAt: platform.clock.now(),
    bankReference: undefined,
    refusal: undefined,
    madeAt: platform.clock.now(),
    closedAt: undefined,
  }
  await store.insertReturn(tx, back)
  await store.saveReturning(tx, number)
  // Last, and so short: every top-up needs the clearing account too.
  await ledger.placeHolds(tx, [
    {
      id: back.holdId,
      debitAccountId: await ledger.ensureSystemAccount(tx, {
        kind: 'top_up_suspense',
        currency,
        minimumMinor: 0n,
      }),
      creditAccountId: await ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency }),
      amountMinor,
      currency,
      reference,
    },
  ])
}

/** Takes one round of due calls; returns how many. Safe in several processes. */
export async function callBankForReturns(platform: Platform, needs: ReturnNeeds): Promise<number> {
  const { db, clock } = platform
  const due = await store.claimDueReturns(db.read, clock.now(), atOnce, claimSeconds)
  const taken = await Promise.allSettled(
    due.map(async (back) => {
      const remark = referenceOf('TP', back.topUpNumber)
      await takeAnswer(platform, needs, back, await askTransfer(needs.bank, { ...back, remark }, back.calls))
    }),
  )
  if (due.length > 0) platform.events.wake()
  // One that failed here is asked about again when its claim is over; the others have been taken.
  const failed = taken.find((each) => each.status === 'rejected')
  if (failed) throw failed.reason
  return due.length
}

async function takeAnswer(
  platform: Platform,
  { ledger, audit, tellCustomer }: ReturnNeeds,
  asked: store.Return,
  answer: TransferAnswer,
): Promise<void> {
  const { db, clock } = platform
  if (answer.outcome === 'unknown')
    return store.saveNextCall(db.read, asked.id, nextCallAfter(asked.calls, clock.now()))
  await db.transaction(async (tx) => {
    const topUp = (await store.lockTopUp(tx, asked.topUpNumber))!
    const back = await store.lockReturn(tx, asked.id)
    // Another process heard the end before us.
    if (back.state !== 'paying') return
    const now = clock.now()
    if (answer.outcome === 'paid') {
      const { bankReference } = answer
      await store.saveReturnClosed(tx, back.id, { state: 'paid', bankReference }, now)
      await store.saveReturned(tx, topUp.number, back.transferId, now)
      await recordStep(tx, audit, topUp, 'top_up.returned', { kind: 'system' }, now, { bankReference })
      await tellCustomer(tx, {
        customerId: topUp.customerId,
        what: 'returned',
        amount: money(topUp.amountMinor, topUp.currency),
        bankName: topUp.bankName,
        reference: referenceOf('TP', topUp.number),
      })
      await ledger.postHold(tx, {
        holdId: back.holdId,
        transferId: back.transferId,
        kind: 'top_up_returned',
        effectiveAt: now,
      })
      return
    }
    const refusal = `${answer.code} ${answer.message}`.trim()
    const { decideSeconds } = await store.readHoldRule(tx, topUp.currency)
    await store.saveReturnClosed(tx, back.id, { state: 'refused', refusal }, now)
    await store.saveHeldAgain(tx, topUp.number, new Date(now.getTime() + decideSeconds * 1000))
    await recordStep(tx, audit, topUp, 'top_up.return_refused', { kind: 'system' }, now, { refusal })
    await ledger.voidHold(tx, back.holdId)
    platform.log.warn(
      { topUp: referenceOf('TP', topUp.number), refusal },
      'the bank did not take a top-up back',
    )
  })
}

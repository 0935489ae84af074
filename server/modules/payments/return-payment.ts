// A payment that its shop never acknowledged goes back: its money at once, or as soon as the wallet can take it. That it goes back is
// decided once, under the payment's lock, and the order is cancelled with it; from then on no late answer of the shop takes it.
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { money, type Money } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import type { Audit, AuditEntry } from '#modules/audit/index.ts'
import type { Ledger } from '#modules/ledger/index.ts'
import type { Merchants } from '#modules/merchants/index.ts'
import type { Wallets } from '#modules/wallets/index.ts'
import type { PaymentRecord } from './payment.ts'
import * as store from './payment.sql.ts'
import { leftMinor } from './refund-payment.rules.ts'
import { whyUntaken } from './refund-payment.ts'
import type { ReturnWaitsFor, WaitingReturn } from './return-duty.ts'
import { changed } from './settle-payment.ts'
import * as waits from './waiting-returns.sql.ts'

interface Rooms {
  ledger: Ledger
  wallets: Pick<Wallets, 'lockWallets' | 'readWallets'>
  merchants: Merchants
  audit: Audit
}

/** A payment of which all that was left goes back because its shop never acknowledged it. */
export interface ReturnedPayment {
  number: bigint
  reference: string
  customerId: string
  merchantId: string
  /** What goes back: less than was paid when refunds gave a part back before. */
  amount: Money
}

/** Called in the transaction that gives a payment back, under its lock and before its accounts are locked. */
export type ReturnedHandler = (tx: Transaction, returned: ReturnedPayment) => Promise<void>

/** A payment that goes back, and that the wallet cannot take yet. */
export interface ReturnWaits extends ReturnedPayment {
  waitsFor: ReturnWaitsFor
}

/** Called once for each reason to wait, in the transaction that stores it. */
export type ReturnWaitsHandler = (tx: Transaction, waiting: ReturnWaits) => Promise<void>

export interface ReturnHandlers {
  onReturned: ReturnedHandler
  onWaits: ReturnWaitsHandler
}

/** `gone`: the shop has it, or it went back before. */
export type ReturnOutcome = 'returned' | 'waits' | 'gone'

/** For the audit record. */
export interface ReturnReason {
  who: AuditEntry['who']
  because: string
}

const returnedAtOnce = 50
/** Tried again after this long in any case, also when the wallet does not seem to take it. */
const retryMs = 3_600_000

/**
 * Gives the money of payments back whose shop never acknowledged in time. The order is cancelled in the same commit and the
 * webhook that says "paid" is superseded. Returns how many went back; amounts above the rule's limit are left to staff, and
 * what a wallet cannot take waits for it.
 */
export async function returnUnanswered(
  platform: Platform,
  rooms: Rooms,
  handlers: ReturnHandlers,
): Promise<number> {
  const { db, clock } = platform
  const now = clock.now()
  let [returned, moved] = [0, false]
  async function giveBack(number: bigint): Promise<void> {
    try {
      const outcome = await db.transaction((tx) =>
        returnPayment(tx, platform, rooms, number, handlers, {
          who: { kind: 'system' },
          because: 'the shop did not acknowledge in time',
        }),
      )
      if (outcome === 'returned') returned++
      if (outcome !== 'gone') moved = true
    } catch (error) {
      // One that fails must not hold up the others; it is tried again each round.
      platform.log.error({ error, payment: referenceOf('TN', number) }, 'a payment could not be given back')
    }
  }
  let page = await store.findUnanswered(db.read, now, undefined, returnedAtOnce)
  while (page.length > 0) {
    const still = await stillUntaken(
      platform,
      rooms,
      page.map(({ number }) => number),
    )
    for (const { number } of page) if (!still.has(number)) await giveBack(number)
    page = await store.findUnanswered(db.read, now, page.at(-1), returnedAtOnce)
  }
  if (moved) platform.events.wake()
  return returned
}

/** Of these: what waits for its wallet, for the same reason as before, and is not due for another try. Nothing is locked for it. */
async function stillUntaken(
  { db, clock }: Platform,
  rooms: Rooms,
  numbers: readonly bigint[],
): Promise<ReadonlySet<bigint>> {
  const waiting = await waits.readWaitingReturns(db.read, numbers)
  if (waiting.size === 0) return new Set()
  const payments = await store.readPayments(db.read, [...waiting.keys()])
  const reasons = await whyNot(db.read, rooms, payments)
  const now = clock.now()
  const isStill = (number: bigint, { waitsFor, nextTryAt }: WaitingReturn) =>
    nextTryAt > now && reasons.get(number) === waitsFor
  return new Set([...waiting].filter(([number, wait]) => isStill(number, wait)).map(([number]) => number))
}

/** Why the wallets cannot take what is left of these payments now; those that can are left out. */
async function whyNot(
  sql: Sql,
  rooms: Rooms,
  payments: readonly PaymentRecord[],
): Promise<Map<bigint, ReturnWaitsFor>> {
  const wallets = await rooms.wallets.readWallets(sql, [
    ...new Set(payments.map(({ customerId }) => customerId)),
  ])
  const accounts = await rooms.ledger.accounts(
    sql,
    [...wallets.values()].map(({ accountId }) => accountId),
  )
  const reasons = new Map<bigint, ReturnWaitsFor>()
  for (const payment of payments) {
    const account = accounts.get(wallets.get(payment.customerId)!.accountId)!
    const reason = whyUntaken(account, leftMinor(payment))
    if (reason) reasons.set(payment.number, reason)
  }
  return reasons
}

/** All that is left of a payment that its shop never acknowledged goes back, or waits for the wallet that cannot take it yet. */
export async function returnPayment(
  tx: Transaction,
  platform: Platform,
  rooms: Rooms,
  number: bigint,
  handlers: ReturnHandlers,
  why: ReturnReason,
): Promise<ReturnOutcome> {
  const now = platform.clock.now()
  const seen = (await store.readPayments(tx, [number]))[0]!
  // The same order of locks as paying: wallet, order, the payment's own row, then (by the handlers) its refunds, then accounts.
  await rooms.wallets.lockWallets(tx, [seen.customerId])
  const order = (await rooms.merchants.lockOrders(tx, [seen.orderId])).get(seen.orderId)!
  const payment = (await store.lockPayments(tx, [number]))[0]!
  if (payment.state !== 'completed' || payment.toldAt) return 'gone'
  // Read without the account's lock, which comes after the refunds': when it changes meanwhile the ledger refuses, and the next try sees it.
  const waitsFor = (await whyNot(tx, rooms, [payment])).get(number)
  if (waitsFor) {
    if (!payment.returningSince) await rooms.merchants.close(tx, order, 'cancelled')
    await waitForWallet(tx, platform, rooms, payment, waitsFor, handlers, why)
    return 'waits'
  }
  const reference = referenceOf('TN', payment.number)
  await handlers.onReturned(tx, whatReturns(payment))
  await rooms.ledger.reverse(tx, {
    id: uuidv7(),
    transferId: payment.transferId!,
    amountMinor: leftMinor(payment),
    kind: 'payment_returned',
    reference,
    effectiveAt: now,
  })
  await store.saveReturned(tx, number, now)
  if (payment.returningSince) await waits.endWaitingReturn(tx, number)
  else await rooms.merchants.close(tx, order, 'cancelled')
  await record(tx, platform, rooms, payment, why.who, 'payment.returned', { because: why.because })
  await publish(tx, [changed('payment.returned', payment, true)], now)
  return 'returned'
}

const whatReturns = (payment: PaymentRecord): ReturnedPayment => ({
  number: payment.number,
  reference: referenceOf('TN', payment.number),
  customerId: payment.customerId,
  merchantId: payment.merchantId,
  amount: money(leftMinor(payment), payment.currency),
})

/** A reason that is known already is no news: only its next try moves. */
async function waitForWallet(
  tx: Transaction,
  platform: Platform,
  rooms: Rooms,
  payment: PaymentRecord,
  waitsFor: ReturnWaitsFor,
  handlers: ReturnHandlers,
  why: ReturnReason,
): Promise<void> {
  const now = platform.clock.now()
  const { number } = payment
  const nextTryAt = new Date(now.getTime() + retryMs)
  const before = (await waits.readWaitingReturns(tx, [number])).get(number)
  if (before?.waitsFor === waitsFor) return waits.saveNextTry(tx, number, nextTryAt)
  await waits.saveWaitingReturn(tx, number, { waitsFor, since: now, nextTryAt })
  const { who, because } = why
  await record(tx, platform, rooms, payment, who, 'payment.return_waits', { because, waitsFor })
  await handlers.onWaits(tx, { ...whatReturns(payment), waitsFor })
  await publish(tx, [changed('payment.return_waits', payment, false)], now)
}

const record = (
  tx: Transaction,
  { clock }: Platform,
  { audit }: Rooms,
  payment: PaymentRecord,
  who: AuditEntry['who'],
  action: string,
  detail: Record<string, string>,
): Promise<void> =>
  audit.record(tx, [
    {
      who,
      action,
      resource: { kind: 'payment', id: referenceOf('TN', payment.number) },
      at: clock.now(),
      detail: { ...detail, amountMinor: leftMinor(payment).toString(), currency: payment.currency },
    },
  ])

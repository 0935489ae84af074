// What happens to a payment after it is posted: the shop acknowledges and is credited, or stays silent and the money goes back.
// Both decide under the payment's lock, so exactly one of them happens.
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { money, type Money } from '#contract/money.ts'
import type { Transaction } from '#platform/db.ts'
import { publish, type OutboxEvent } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import type { Audit, AuditEntry } from '#modules/audit/index.ts'
import type { Ledger, TransferRequest } from '#modules/ledger/index.ts'
import type { Merchants } from '#modules/merchants/index.ts'
import type { Wallets } from '#modules/wallets/index.ts'
import type { PaymentRecord } from './payment.ts'
import { leftMinor } from './refund-payment.rules.ts'
import * as store from './payment.sql.ts'

interface Rooms {
  ledger: Ledger
  wallets: Pick<Wallets, 'lockWallets'>
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

/** For the audit record. */
export interface ReturnReason {
  who: AuditEntry['who']
  because: string
}

/** A shop's credit with a payment, as `shop_credited` posts it. */
export interface ShopCredit {
  merchantId: string
  payableAccountId: string
  amountMinor: bigint
  currency: PaymentRecord['currency']
  reference: string
  effectiveAt: Date
}

/** What is taken from shops' credits, as transfers to be posted after them in the same `post`. Asked once for each credit. */
export type CreditCharges = (tx: Transaction, credits: readonly ShopCredit[]) => Promise<TransferRequest[]>

function changed(type: string, payment: PaymentRecord, walletToo: boolean): OutboxEvent {
  const reference = referenceOf('TN', payment.number)
  return {
    type,
    key: reference,
    payload: { reference, orderId: payment.orderId },
    customerId: payment.customerId,
    merchantId: payment.merchantId,
    liveCustomer: [
      ...(walletToo ? [{ type: 'wallet.changed' } as const] : []),
      { type: 'transaction.changed', reference },
    ],
  }
}

/** The shops acknowledged these payments: the money moves on to what we owe them. Late acknowledgements of returned money do nothing. */
export async function creditShops(
  platform: Platform,
  rooms: Rooms,
  tx: Transaction,
  numbers: readonly bigint[],
  at: Date,
  chargesOn: CreditCharges,
): Promise<void> {
  const open = (await store.lockPayments(tx, numbers)).filter(
    (payment) => payment.state === 'completed' && !payment.toldAt,
  )
  if (open.length === 0) return
  const shops = await rooms.merchants.readMerchants(tx, [
    ...new Set(open.map((payment) => payment.merchantId)),
  ])
  const credits = open.map((payment) => ({
    merchantId: payment.merchantId,
    payableAccountId: shops.get(payment.merchantId)!.payableAccountId,
    amountMinor: leftMinor(payment),
    currency: payment.currency,
    reference: referenceOf('TN', payment.number),
    effectiveAt: at,
  }))
  await rooms.ledger.post(tx, [
    ...credits.map(({ merchantId, payableAccountId, ...credit }) => ({
      ...credit,
      id: uuidv7(),
      debitAccountId: shops.get(merchantId)!.unacknowledgedAccountId,
      creditAccountId: payableAccountId,
      kind: 'shop_credited',
    })),
    ...(await chargesOn(tx, credits)),
  ])
  await store.saveCredited(
    tx,
    open.map((payment) => payment.number),
    at,
  )
  await publish(
    tx,
    open.map((payment) => changed('payment.credited', payment, false)),
    platform.clock.now(),
  )
}

const returnedAtOnce = 50

/**
 * Gives the money of payments back whose shop never acknowledged in time. The order is cancelled in the same commit and the
 * webhook that says "paid" is superseded. Returns how many went back; amounts above the rule's limit are left to staff.
 */
export async function returnUnanswered(
  platform: Platform,
  rooms: Rooms,
  onReturned: ReturnedHandler,
): Promise<number> {
  const { db, clock } = platform
  const now = clock.now()
  let returned = 0
  async function giveBack(number: bigint): Promise<boolean> {
    try {
      return await db.transaction((tx) =>
        returnPayment(tx, platform, rooms, number, onReturned, {
          who: { kind: 'system' },
          because: 'the shop did not acknowledge in time',
        }),
      )
    } catch (error) {
      // One that cannot go back now (the wallet is full, say) must not hold up the others; it is tried again each round.
      platform.log.error({ error, payment: referenceOf('TN', number) }, 'a payment could not be given back')
      return false
    }
  }
  let page = await store.findUnanswered(db.read, now, undefined, returnedAtOnce)
  while (page.length > 0) {
    for (const { number } of page) if (await giveBack(number)) returned++
    page = await store.findUnanswered(db.read, now, page.at(-1), returnedAtOnce)
  }
  if (returned > 0) platform.events.wake()
  return returned
}

/** All that is left of a payment that its shop never acknowledged goes back; false when it was acknowledged or went back before. */
export async function returnPayment(
  tx: Transaction,
  platform: Platform,
  rooms: Rooms,
  number: bigint,
  onReturned: ReturnedHandler,
  why: ReturnReason,
): Promise<boolean> {
  const now = platform.clock.now()
  const seen = (await store.readPayments(tx, [number]))[0]!
  // The same order of locks as paying: wallet, order, the payment's own row, then (by the handlers) its refunds, then accounts.
  await rooms.wallets.lockWallets(tx, [seen.customerId])
  const order = (await rooms.merchants.lockOrders(tx, [seen.orderId])).get(seen.orderId)!
  const payment = (await store.lockPayments(tx, [number]))[0]!
  if (payment.state !== 'completed' || payment.toldAt) return false
  const reference = referenceOf('TN', payment.number)
  await onReturned(tx, {
    number,
    reference,
    customerId: payment.customerId,
    merchantId: payment.merchantId,
    amount: money(leftMinor(payment), payment.currency),
  })
  await rooms.ledger.reverse(tx, {
    id: uuidv7(),
    transferId: payment.transferId!,
    amountMinor: leftMinor(payment),
    kind: 'payment_returned',
    reference,
    effectiveAt: now,
  })
  await store.saveReturned(tx, number, now)
  await rooms.merchants.close(tx, order, 'cancelled')
  await rooms.audit.record(tx, [
    {
      who: why.who,
      action: 'payment.returned',
      resource: { kind: 'payment', id: reference },
      at: now,
      detail: {
        because: why.because,
        amountMinor: leftMinor(payment).toString(),
        currency: payment.currency,
      },
    },
  ])
  await publish(tx, [changed('payment.returned', payment, true)], now)
  return true
}

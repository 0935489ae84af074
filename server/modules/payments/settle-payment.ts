// What happens to a payment after it is posted: the shop acknowledges and is credited. When it stays silent the money goes back
// (return-payment.ts). Both decide under the payment's lock, so exactly one of them happens.
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { publish, type OutboxEvent } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import type { Ledger, TransferRequest } from '#modules/ledger/index.ts'
import type { Merchants } from '#modules/merchants/index.ts'
import type { PaymentRecord } from './payment.ts'
import { leftMinor } from './refund-payment.rules.ts'
import * as store from './payment.sql.ts'

interface Rooms {
  ledger: Ledger
  merchants: Merchants
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

/** What others hear of a payment that moved. */
export function changed(type: string, payment: PaymentRecord, walletToo: boolean): OutboxEvent {
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

/** The shops acknowledged these payments: the money moves on to what we owe them. Those that are too late do nothing. */
export async function creditShops(
  platform: Platform,
  rooms: Rooms,
  tx: Transaction,
  numbers: readonly bigint[],
  at: Date,
  chargesOn: CreditCharges,
): Promise<void> {
  const open = (await store.lockPayments(tx, numbers)).filter(
    (payment) => payment.state === 'completed' && !payment.toldAt && !payment.returningSince,
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

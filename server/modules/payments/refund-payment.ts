// What a refund needs of a payment: its locks in the one order, and its money back, in one transaction with the refund itself.
// Nothing is written unless all of it can be: too little on the shop's side, or a wallet that cannot take it, are answers.
import { uuidv7 } from '#contract/ids.ts'
import { referenceOf } from '#contract/ids.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { availableMinor, roomMinor, stops, type AccountState, type Ledger } from '#modules/ledger/index.ts'
import type { Merchant, Merchants, OrderRecord } from '#modules/merchants/index.ts'
import type { Wallets } from '#modules/wallets/index.ts'
import type { PaymentRecord } from './payment.ts'
import { feeToReturn, leftMinor } from './refund-payment.rules.ts'
import * as store from './payment.sql.ts'

interface Rooms {
  ledger: Ledger
  wallets: Wallets
  merchants: Merchants
}

/** A payment with everything that a refund of it moves, locked. */
export interface LockedPayment {
  payment: PaymentRecord
  order: OrderRecord
  shop: Merchant
  walletAccountId: string
}

export type GiveBackOutcome =
  | { outcome: 'paid'; transferId: string; feeReturnedMinor: bigint }
  /** The shop has too little with us, its reserve included. */
  | { outcome: 'shop_funds' }
  /** The wallet would hold more than it may. */
  | { outcome: 'wallet_room' }
  /** What comes into the wallet's account is stopped, or the account is closed. */
  | { outcome: 'wallet_stopped' }

export interface RefundPayments {
  read(sql: Sql, numbers: readonly bigint[]): Promise<Map<bigint, PaymentRecord>>
  ofOrder(sql: Sql, orderId: string): Promise<PaymentRecord | undefined>
  /** Locks wallet, `between` (keys), order, payment: the order of docs/adr/0008. The refund's own row and accounts come after. */
  lock(tx: Transaction, number: bigint, between?: () => Promise<void>): Promise<LockedPayment | undefined>
  /** Of refunds that wait: those for which there seems to be money and room now. Decides nothing; `giveBack` does. */
  withMoney(
    sql: Sql,
    waiting: readonly {
      number: bigint
      paymentNumber: bigint
      merchantId: string
      customerId: string
      amountMinor: bigint
    }[],
  ): Promise<ReadonlySet<bigint>>
  /** When all that is left of it goes back by itself unless its shop takes it before; undefined when it does not. */
  returnsAt(sql: Sql, payment: PaymentRecord): Promise<Date | undefined>
  /** On which account the money stands now. */
  standsOn(payment: PaymentRecord): 'shop_unacknowledged' | 'shop_payable'
  /** Gives `amountMinor` back under the locks of `lock`. `reference` is the refund's; the ledger refuses more than was paid. */
  giveBack(
    tx: Transaction,
    locked: LockedPayment,
    refund: { amountMinor: bigint; reference: string; at: Date },
  ): Promise<GiveBackOutcome>
}

export function createRefundPayments(rooms: Rooms): RefundPayments {
  const { ledger, wallets, merchants } = rooms

  const standsOn = (payment: PaymentRecord) =>
    payment.creditedAt ? ('shop_payable' as const) : ('shop_unacknowledged' as const)

  async function giveBackUnacknowledged(
    tx: Transaction,
    { payment, order, shop, walletAccountId }: LockedPayment,
    refund: { amountMinor: bigint; reference: string; at: Date },
  ): Promise<GiveBackOutcome> {
    const accounts = await ledger.lockAccounts(tx, [walletAccountId, shop.unacknowledgedAccountId])
    const untaken = whyUntaken(accounts.get(walletAccountId)!, refund.amountMinor)
    if (untaken) return { outcome: untaken }
    const transfer = await ledger.reverse(tx, {
      id: uuidv7(),
      transferId: payment.transferId!,
      amountMinor: refund.amountMinor,
      kind: 'refund',
      reference: refund.reference,
      effectiveAt: refund.at,
    })
    // Nothing that says "paid" goes out any more when nothing of the payment is left.
    if (refund.amountMinor === leftMinor(payment) && order.state === 'paid')
      await merchants.close(tx, order, 'cancelled')
    return { outcome: 'paid', transferId: transfer.id, feeReturnedMinor: 0n }
  }

  async function giveBackCredited(
    tx: Transaction,
    { payment, shop, walletAccountId }: LockedPayment,
    refund: { amountMinor: bigint; reference: string; at: Date },
  ): Promise<GiveBackOutcome> {
    const { amountMinor, reference, at } = refund
    // The first that a payment's reference moved: what was paid, credited and kept as fee. Refunds have references of their own.
    const first = await ledger.transfersByReference(tx, referenceOf('TN', payment.number), { limit: 20 })
    const origins = first.filter((transfer) => transfer.reversal_of === null)
    const credited = origins.find((transfer) => transfer.kind === 'shop_credited')
    if (!credited)
      throw new Error(`payment ${payment.number} is credited, but the ledger has no such transfer`)
    const fee = origins.find((transfer) => transfer.kind === 'shop_fee')
    const returnedBefore = (payment.refundedMinor ?? 0n) - (payment.amountMinor - credited.amount)
    const feeMinor = feeToReturn({
      feeMinor: fee?.amount ?? 0n,
      creditedMinor: credited.amount,
      returnedAfterMinor: returnedBefore + amountMinor,
      feeReturnedBeforeMinor: payment.feeRefundedMinor ?? 0n,
    })
    const reserveId = await ledger.ensureSystemAccount(tx, {
      kind: 'shop_reserve',
      currency: payment.currency,
      ownerId: shop.id,
      minimumMinor: 0n,
    })
    const payableId = shop.payableAccountId
    // All accounts of all legs at once, in the order of their ids; the legs below find them locked.
    const accounts = await ledger.lockAccounts(tx, [
      walletAccountId,
      shop.unacknowledgedAccountId,
      payableId,
      reserveId,
      ...(feeMinor > 0n ? [fee!.credit_account_id] : []),
    ])
    const untaken = whyUntaken(accounts.get(walletAccountId)!, amountMinor)
    if (untaken) return { outcome: untaken }
    const missing = amountMinor - feeMinor - (availableMinor(accounts.get(payableId)!) ?? amountMinor)
    const reserveMinor = missing > 0n ? missing : 0n
    if (reserveMinor > (availableMinor(accounts.get(reserveId)!) ?? 0n)) return { outcome: 'shop_funds' }

    const leg = (origin: string, minor: bigint, kind: string) =>
      ledger.reverse(tx, {
        id: uuidv7(),
        transferId: origin,
        amountMinor: minor,
        kind,
        reference,
        effectiveAt: at,
      })
    if (feeMinor > 0n) await leg(fee!.id, feeMinor, 'refund_fee')
    if (reserveMinor > 0n)
      await ledger.post(tx, [
        {
          id: uuidv7(),
          debitAccountId: reserveId,
          creditAccountId: payableId,
          amountMinor: reserveMinor,
          currency: payment.currency,
          kind: 'refund_reserve',
          reference,
          effectiveAt: at,
        },
      ])
    await leg(credited.id, amountMinor, 'refund_from_shop')
    const transfer = await leg(payment.transferId!, amountMinor, 'refund')
    return { outcome: 'paid', transferId: transfer.id, feeReturnedMinor: feeMinor }
  }

  const room: RefundPayments = {
    async read(sql, numbers) {
      if (numbers.length === 0) return new Map()
      return new Map((await store.readPayments(sql, numbers)).map((payment) => [payment.number, payment]))
    },
    ofOrder: store.readPaymentOfOrder,
    standsOn,
    async returnsAt(sql, payment) {
      if (payment.state !== 'completed' || payment.toldAt) return undefined
      const rule = (await store.readSilentShopRules(sql)).get(payment.currency)
      return payment.amountMinor <= (rule?.returnedUpToMinor ?? 0n) ? payment.answerDueAt : undefined
    },
    async withMoney(sql, waiting) {
      if (waiting.length === 0) return new Set()
      const [payments, shops, holders] = await Promise.all([
        room.read(sql, [...new Set(waiting.map((refund) => refund.paymentNumber))]),
        merchants.readMerchants(sql, [...new Set(waiting.map((refund) => refund.merchantId))]),
        wallets.readWallets(sql, [...new Set(waiting.map((refund) => refund.customerId))]),
      ])
      const accounts = await ledger.accounts(sql, [
        ...[...shops.values()].map((shop) => shop.payableAccountId),
        ...[...holders.values()].map((wallet) => wallet.accountId),
      ])
      const found = waiting.filter(({ paymentNumber, merchantId, customerId, amountMinor }) => {
        const payment = payments.get(paymentNumber)
        const payable = accounts.get(shops.get(merchantId)?.payableAccountId ?? '')
        const wallet = accounts.get(holders.get(customerId)?.accountId ?? '')
        if (!payment || !payable || !wallet || whyUntaken(wallet, amountMinor)) return false
        // What the shop never acknowledged is all there still.
        return (
          standsOn(payment) === 'shop_unacknowledged' ||
          (availableMinor(payable) ?? amountMinor) >= amountMinor
        )
      })
      return new Set(found.map((refund) => refund.number))
    },
    async lock(tx, number, between) {
      const [seen] = await store.readPayments(tx, [number])
      if (!seen) return undefined
      const wallet = (await wallets.lockWallets(tx, [seen.customerId])).get(seen.customerId)
      await between?.()
      const order = (await merchants.lockOrders(tx, [seen.orderId])).get(seen.orderId)
      const [payment] = await store.lockPayments(tx, [number])
      const shop = (await merchants.readMerchants(tx, [seen.merchantId])).get(seen.merchantId)
      if (!wallet || !order || !payment || !shop) return undefined
      return { payment, order, shop, walletAccountId: wallet.accountId }
    },
    async giveBack(tx, locked, refund) {
      const { payment } = locked
      const outcome = payment.creditedAt
        ? await giveBackCredited(tx, locked, refund)
        : await giveBackUnacknowledged(tx, locked, refund)
      if (outcome.outcome === 'paid')
        await store.saveRefunded(
          tx,
          { number: payment.number, amountMinor: refund.amountMinor, feeMinor: outcome.feeReturnedMinor },
          refund.at,
        )
      return outcome
    },
  }
  return room
}

/** Why the wallet's account does not take it back now. What comes back does not count towards the month (docs/adr/0014). */
export function whyUntaken(
  account: AccountState,
  amountMinor: bigint,
): 'wallet_stopped' | 'wallet_room' | undefined {
  if (account.closed || stops(account, 'credits')) return 'wallet_stopped'
  const room = roomMinor(account)
  return room !== undefined && room < amountMinor ? 'wallet_room' : undefined
}

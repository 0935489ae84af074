// Writes the story into the rooms, in one transaction of the caller: the ledger moves every amount in the order in which it
// happened and refuses what does not fit; the rooms write their rows, one statement a table.
import { referenceOf } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { dayIn } from '#platform/days.ts'
import type { Platform } from '#platform/platform.ts'
import { importTopUps, takeTopUpNumbers, virtualAccountsOf } from '#modules/funding/index.ts'
import { createLedger, type PostedTransfer, type TransferRequest } from '#modules/ledger/index.ts'
import { importOrders, type Merchant, type OrderRecord } from '#modules/merchants/index.ts'
import { importPayments, takePaymentNumbers, type PaymentRecord } from '#modules/payments/index.ts'
import type { ShopCredit, StoredTerms } from '#modules/settlements/index.ts'
import { afterSpend } from '#modules/wallets/index.ts'
import type { DemoRooms } from './index.ts'
import {
  minute,
  rupiah,
  type DemoOrder,
  type DemoPayment,
  type DemoTopUp,
  type Movement,
} from './movements.ts'
import type { Random } from './random.ts'
import { demoShops } from './shops.ts'
import { tellPlaces, type Act } from './tell-places.ts'
import { tellSettlements, termsOfShop, writeSettlements } from './tell-settlements.ts'
import { factsOf, tellingsOf, type PaymentFacts } from './tell-shops.ts'

type Step = { at: Date; place: number } & (
  | { transfer: TransferRequest }
  | { id: string; returned: DemoPayment; reference: string }
  /** People act on what was posted until then. */
  | { act: Act }
)

interface NumberedPayment {
  payment: DemoPayment
  number: bigint
  facts: PaymentFacts
}

export interface StoryParts {
  random: Random
  movements: readonly Movement[]
  /** By slug. */
  shops: ReadonlyMap<string, Merchant>
  answerWithinMs: number
  /** By e-mail. */
  agentIds: ReadonlyMap<string, string>
  maximumBalanceMinor: Readonly<Record<'basic' | 'verified', bigint>>
}

export async function writeStory(
  tx: Transaction,
  platform: Platform,
  rooms: DemoRooms,
  parts: StoryParts,
): Promise<void> {
  const topUps = parts.movements.filter((movement) => movement.kind === 'top_up')
  const payments = parts.movements.filter((movement) => movement.kind === 'payment')
  const paymentNumbers = await takePaymentNumbers(tx, payments.length)
  const topUpNumbers = await takeTopUpNumbers(tx, topUps.length)
  const numbered = payments.map((payment, index) => ({
    payment,
    number: paymentNumbers[index]!,
    facts: factsOf(payment, parts.answerWithinMs),
  }))
  const customerIds = [...new Set(parts.movements.map((movement) => movement.customer.id))]
  const wallets = await rooms.wallets.lockWallets(tx, customerIds)
  const bank = await rooms.ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
  const walletOf = (movement: Movement) => wallets.get(movement.customer.id)!.accountId

  const settlements = await tellSettlements(tx, {
    random: parts.random.fork('settlements'),
    settlements: rooms.settlements,
    terms: await agreeOnTerms(tx, rooms, parts),
    credits: numbered.flatMap((each) => creditsOf(each, parts.shops)),
    bankAccountId: bank,
    now: platform.clock.now(),
  })
  const places = await tellPlaces(tx, platform, rooms, {
    ...parts,
    random: parts.random.fork('places'),
    refused: settlements.refused,
  })
  const steps: Step[] = [
    ...places.acts.map((act) => ({ at: act.at, place: 4, act })),
    ...settlements.transfers.map((transfer) => ({ at: transfer.effectiveAt, place: 3, transfer })),
    ...topUps.map((topUp, index) => ({
      at: topUp.at,
      place: 0,
      transfer: {
        id: topUp.id,
        debitAccountId: bank,
        creditAccountId: walletOf(topUp),
        amountMinor: topUp.amountMinor,
        currency: 'IDR' as const,
        kind: 'top_up',
        reference: referenceOf('TP', topUpNumbers[index]!),
        effectiveAt: topUp.at,
      },
    })),
    ...numbered.flatMap((each) => stepsOf(each, walletOf(each.payment), parts)),
  ].sort((one, other) => one.at.getTime() - other.at.getTime() || one.place - other.place)
  const posted = await postInOrder(
    tx,
    platform.config.serviceTimeZone,
    steps,
    new Date(platform.clock.now().getTime() - 100 * minute),
  )

  await places.close()

  await writeSettlements(tx, rooms.ledger, settlements)
  await writeTopUps(tx, rooms, topUps, topUpNumbers, posted)
  await importPayments(
    tx,
    numbered.map((each) => recordOf(each, parts.shops, posted)),
  )
  await writeOrders(tx, platform, rooms, numbered, parts)

  const today = rooms.wallets.today()
  const spentToday = numbered.filter(
    ({ payment }) =>
      payment.end.state !== 'failed' && dayIn(platform.config.serviceTimeZone, payment.at) === today,
  )
  for (const { payment } of spentToday)
    wallets.set(
      payment.customer.id,
      afterSpend(wallets.get(payment.customer.id)!, payment.order.totalMinor, today),
    )
  const spenders = [...new Set(spentToday.map(({ payment }) => payment.customer.id))]
  await rooms.wallets.saveSpending(
    tx,
    spenders.map((id) => wallets.get(id)!),
  )
}

async function agreeOnTerms(tx: Transaction, rooms: DemoRooms, { random, shops }: StoryParts) {
  const numbers = random.fork('bank accounts')
  const agreed: StoredTerms[] = []
  for (const shop of demoShops)
    agreed.push(await rooms.settlements.setTerms(tx, termsOfShop(shop, shops.get(shop.slug)!.id, numbers)))
  return agreed
}

function creditsOf(
  { payment, number, facts }: NumberedPayment,
  shops: ReadonlyMap<string, Merchant>,
): ShopCredit[] {
  if (!facts.creditedAt) return []
  const shop = shops.get(payment.order.shop.slug)!
  return [
    {
      merchantId: shop.id,
      payableAccountId: shop.payableAccountId,
      amountMinor: payment.order.totalMinor,
      currency: 'IDR',
      reference: referenceOf('TN', number),
      effectiveAt: facts.creditedAt,
    },
  ]
}

function stepsOf(
  { payment, number, facts }: NumberedPayment,
  walletAccountId: string,
  { random, shops }: StoryParts,
): Step[] {
  if (payment.end.state === 'failed') return []
  const shop = shops.get(payment.order.shop.slug)!
  const reference = referenceOf('TN', number)
  const transfer = {
    id: payment.id,
    debitAccountId: walletAccountId,
    creditAccountId: shop.unacknowledgedAccountId,
    amountMinor: payment.order.totalMinor,
    currency: 'IDR' as const,
    kind: 'payment',
    reference,
    effectiveAt: payment.at,
  }
  const steps: Step[] = [{ at: payment.at, place: 1, transfer }]
  if (facts.returnedAt)
    steps.push({
      at: facts.returnedAt,
      place: 2,
      id: random.uuid(facts.returnedAt),
      returned: payment,
      reference,
    })
  if (facts.creditedAt)
    steps.push({
      at: facts.creditedAt,
      place: 2,
      transfer: {
        ...transfer,
        id: random.uuid(facts.creditedAt),
        debitAccountId: shop.unacknowledgedAccountId,
        creditAccountId: shop.payableAccountId,
        kind: 'shop_credited',
        effectiveAt: facts.creditedAt,
      },
    })
  return steps
}

/**
 * Posts in bulk, day by day and between two reversals; a reversal goes the ledger's own way, which remembers what was given
 * back. The ledger's clock stands where the story is, so that the statement of each month holds what happened in it.
 */
async function postInOrder(
  tx: Transaction,
  zone: string,
  steps: readonly Step[],
  /** What the story tells afterwards moves money from here on: nothing older may be recorded later. */
  restAt: Date,
): Promise<Map<string, PostedTransfer>> {
  const posted = new Map<string, PostedTransfer>()
  let at = new Date(0)
  const ledger = createLedger({ clock: { now: () => at } })
  let bulk: TransferRequest[] = []
  async function postBulk() {
    if (bulk.length > 0) for (const each of await ledger.post(tx, bulk)) posted.set(each.id, each)
    bulk = []
  }
  for (const step of steps) {
    const isAfterRest = at < restAt && step.at >= restAt
    if (isAfterRest || dayIn(zone, step.at) !== dayIn(zone, at)) await postBulk()
    at = step.at
    if ('transfer' in step) {
      bulk.push(step.transfer)
      continue
    }
    await postBulk()
    if ('act' in step) {
      await step.act.run()
      continue
    }
    await ledger.reverse(tx, {
      id: step.id,
      transferId: step.returned.id,
      amountMinor: step.returned.order.totalMinor,
      kind: 'payment_returned',
      reference: step.reference,
      effectiveAt: step.at,
    })
  }
  await postBulk()
  return posted
}

async function writeTopUps(
  tx: Transaction,
  rooms: DemoRooms,
  topUps: readonly DemoTopUp[],
  numbers: readonly bigint[],
  posted: ReadonlyMap<string, PostedTransfer>,
): Promise<void> {
  const { bank } = rooms.rails
  const accounts = await virtualAccountsOf(tx, [...new Set(topUps.map((topUp) => topUp.customer.id))])
  await importTopUps(
    tx,
    topUps.map((topUp, index) => ({
      number: numbers[index]!,
      customerId: topUp.customer.id,
      partnerId: bank.clientKey,
      bankName: bank.bankName,
      paymentRequestId: `demo-${topUp.id}`,
      virtualAccountNumber: accounts.get(topUp.customer.id)!,
      amountMinor: topUp.amountMinor,
      currency: 'IDR',
      bankReference: `ML${BigInt(`0x${topUp.id.slice(-10)}`)
        .toString()
        .padStart(13, '0')
        .slice(-12)}`,
      bankPaidAt: new Date(topUp.at.getTime() - 2000),
      state: 'completed',
      failureCode: undefined,
      transferId: topUp.id,
      balanceAfterMinor: posted.get(topUp.id)!.creditBalanceAfterMinor,
      effectiveAt: topUp.at,
    })),
  )
}

function recordOf(
  { payment, number, facts }: NumberedPayment,
  shops: ReadonlyMap<string, Merchant>,
  posted: ReadonlyMap<string, PostedTransfer>,
): PaymentRecord {
  const { end } = payment
  return {
    number,
    orderId: payment.order.id,
    customerId: payment.customer.id,
    merchantId: shops.get(payment.order.shop.slug)!.id,
    amountMinor: payment.order.totalMinor,
    currency: 'IDR',
    state: end.state === 'failed' ? 'failed' : end.state === 'returned' ? 'refunded' : 'completed',
    failureCode: end.state === 'failed' ? end.code : undefined,
    failureValues: end.state === 'failed' ? end.values : undefined,
    transferId: end.state === 'failed' ? undefined : payment.id,
    spendableAfterMinor: posted.get(payment.id)?.debitBalanceAfterMinor,
    effectiveAt: payment.at,
    answerDueAt: facts.answerDueAt,
    toldAt: facts.toldAt,
    creditedAt: facts.creditedAt,
    returnedAt: facts.returnedAt,
  }
}

async function writeOrders(
  tx: Transaction,
  platform: Platform,
  rooms: DemoRooms,
  numbered: readonly NumberedPayment[],
  { random, shops }: StoryParts,
): Promise<void> {
  // The payment that stands for an order is its last one: a failed one may have gone before.
  const lastOfOrder = new Map<DemoOrder['id'], NumberedPayment>()
  for (const each of numbered) lastOfOrder.set(each.payment.order.id, each)
  const counters = new Map<string, number>()
  const nextReference = (order: DemoOrder) => {
    const { slug, prefix } = order.shop
    const count = (counters.get(slug) ?? random.fork(slug).whole(2000, 18_000)) + random.whole(1, 4)
    counters.set(slug, count)
    return order.merchantReference ?? `${prefix}-${count}`
  }
  const orders = [...lastOfOrder.values()].map(({ payment, number, facts }) => {
    const { order: planned, end, customer } = payment
    const expiresAt = new Date(planned.createdAt.getTime() + 15 * minute)
    const paid = end.state !== 'failed'
    const order: OrderRecord = {
      id: planned.id,
      merchantId: shops.get(planned.shop.slug)!.id,
      merchantReference: nextReference(planned),
      totalMinor: planned.totalMinor,
      currency: 'IDR',
      lines: planned.lines.map((line) => ({
        name: line.name,
        ...(line.detail ? { detail: line.detail } : {}),
        quantity: line.quantity,
        amount: { amountMinor: rupiah(line.rupiah * line.quantity).toString(), currency: 'IDR' },
      })),
      state: !paid ? 'expired' : end.state === 'returned' ? 'cancelled' : 'paid',
      returnUrl: undefined,
      cancelUrl: undefined,
      createdAt: planned.createdAt,
      expiresAt,
      customerId: paid ? customer.id : undefined,
      paymentNumber: paid ? number : undefined,
    }
    return {
      order,
      closedAt: !paid ? expiresAt : (facts.returnedAt ?? payment.at),
      tellings: tellingsOf(payment, facts, order, platform.clock.now()),
    }
  })
  await importOrders(tx, orders, rooms.merchants.present)
}

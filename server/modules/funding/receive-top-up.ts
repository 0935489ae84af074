// A bank tells of a transfer: take it in once, in one transaction with the money and everybody who must hear of it.
// Told twice, or fifty times at once, it is one credit. Money that does not fit the wallet is kept on suspense.
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { money, type Money } from '#contract/money.ts'
import { violatedConstraint, type Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import type { Audit } from '#modules/audit/index.ts'
import type { Ledger } from '#modules/ledger/index.ts'
import type { VirtualAccountPayment } from '#modules/rails/index.ts'
import type { Wallets } from '#modules/wallets/index.ts'
import * as store from './funding.sql.ts'
import { readHoldRule } from './held-top-up.sql.ts'
import { judgeTopUp } from './top-up.rules.ts'
import type { TopUp } from './top-up.ts'

export interface TopUpRooms {
  ledger: Ledger
  wallets: Wallets
  audit: Audit
}

/** What a customer hears of a held top-up, in the caller's transaction: words in their language, everywhere they are reached. */
export type TellCustomer = (
  tx: Transaction,
  notice: {
    customerId: string
    what: 'held' | 'credited' | 'returned'
    amount: Money
    bankName: string
    reference: string
  },
) => Promise<void>

export type TopUpOutcome =
  | { outcome: 'received'; topUp: TopUp; isFirst: boolean }
  | { outcome: 'unknown_account' }
  /** The same reference came before with another account, amount or currency: nothing was done now. */
  | { outcome: 'inconsistent'; topUp: TopUp }

function isSame(topUp: TopUp, payment: VirtualAccountPayment): boolean {
  return (
    topUp.virtualAccountNumber === payment.virtualAccountNumber &&
    topUp.amountMinor === payment.amountMinor &&
    topUp.currency === payment.currency
  )
}

function answerKnown(topUp: TopUp, payment: VirtualAccountPayment): TopUpOutcome {
  return isSame(topUp, payment)
    ? { outcome: 'received', topUp, isFirst: false }
    : { outcome: 'inconsistent', topUp }
}

/** Idempotent on the bank's reference. Throws only what is worth asking again for. */
export async function receiveTopUp(
  platform: Platform,
  rooms: TopUpRooms,
  tellCustomer: TellCustomer,
  payment: VirtualAccountPayment,
): Promise<TopUpOutcome> {
  const { db } = platform
  const known = await store.findTopUp(db.read, payment.partnerId, payment.paymentRequestId)
  if (known) return answerKnown(known, payment)
  const customerId = await store.findCustomer(db.read, payment.virtualAccountNumber)
  if (!customerId) return { outcome: 'unknown_account' }
  try {
    const outcome = await db.transaction((tx) =>
      takeIn(tx, platform, rooms, tellCustomer, payment, customerId),
    )
    platform.events.wake()
    return outcome
  } catch (error) {
    // Another call about the same transfer, but for another account, committed first.
    if (violatedConstraint(error) !== 'top_ups_bank_reference') throw error
    const first = await store.findTopUp(db.read, payment.partnerId, payment.paymentRequestId)
    if (!first) throw error
    return answerKnown(first, payment)
  }
}

async function takeIn(
  tx: Transaction,
  platform: Platform,
  rooms: TopUpRooms,
  tellCustomer: TellCustomer,
  payment: VirtualAccountPayment,
  customerId: string,
): Promise<TopUpOutcome> {
  const { ledger, wallets, audit } = rooms
  const { amountMinor, currency } = payment
  const wallet = (await wallets.lockWallets(tx, [customerId])).get(customerId)
  if (!wallet || wallet.currency !== currency) return { outcome: 'unknown_account' }
  // Under the wallet's lock: whoever told the same before us has committed.
  const known = await store.findTopUp(tx, payment.partnerId, payment.paymentRequestId)
  if (known) return answerKnown(known, payment)

  const clearing = await ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency })
  const suspense = await ledger.ensureSystemAccount(tx, {
    kind: 'top_up_suspense',
    currency,
    minimumMinor: 0n,
  })
  const accounts = await ledger.lockAccounts(tx, [clearing, suspense, wallet.accountId])
  const now = platform.clock.now()
  const number = await store.takeTopUpNumber(tx)
  const reference = referenceOf('TP', number)
  const judged = judgeTopUp(wallet, accounts.get(wallet.accountId)!, amountMinor)
  const credit = (creditAccountId: string, kind: string) =>
    accounts.apply({
      id: uuidv7(),
      debitAccountId: clearing,
      creditAccountId,
      amountMinor,
      currency,
      kind,
      reference,
      effectiveAt: now,
    })
  let failureCode = judged.verdict === 'suspend' ? judged.code : undefined
  // The account's own maximum has the last word; what else it refuses is judged above.
  if (!failureCode && credit(wallet.accountId, 'top_up') !== 'posted') failureCode = 'balance_limit'
  if (failureCode) {
    const verdict = credit(suspense, 'top_up_suspended')
    if (verdict !== 'posted') throw new Error(`the ledger does not take top-up ${reference}: ${verdict}`)
  }
  const isCredited = failureCode === undefined
  const [posted] = await accounts.write(now)

  const topUp: TopUp = {
    number,
    customerId,
    partnerId: payment.partnerId,
    bankName: payment.bankName,
    paymentRequestId: payment.paymentRequestId,
    virtualAccountNumber: payment.virtualAccountNumber,
    amountMinor,
    currency,
    bankReference: payment.bankReference,
    bankPaidAt: payment.paidAt,
    sender: payment.sender,
    state: isCredited ? 'completed' : 'suspended',
    failureCode,
    decideBy: isCredited
      ? undefined
      : new Date(now.getTime() + (await readHoldRule(tx, currency)).decideSeconds * 1000),
    transferId: posted!.id,
    balanceAfterMinor: isCredited ? posted!.creditBalanceAfterMinor : undefined,
    effectiveAt: now,
  }
  await store.insertTopUp(tx, topUp)
  await audit.record(tx, [
    {
      who: { kind: 'system' },
      action: isCredited ? 'top_up.completed' : 'top_up.suspended',
      resource: { kind: 'top_up', id: reference },
      at: now,
      detail: {
        partnerId: topUp.partnerId,
        amountMinor: amountMinor.toString(),
        currency,
        ...reasonOf(topUp),
      },
    },
  ])
  await publish(
    tx,
    [
      {
        type: isCredited ? 'top_up.completed' : 'top_up.suspended',
        key: customerId,
        payload: {
          reference,
          number: number.toString(),
          amountMinor: amountMinor.toString(),
          currency,
          bankName: topUp.bankName,
          ...reasonOf(topUp),
        },
        customerId,
        liveCustomer: [{ type: 'wallet.changed' }, { type: 'transaction.changed', reference }],
      },
    ],
    now,
  )
  if (!isCredited)
    await tellCustomer(tx, {
      customerId,
      what: 'held',
      amount: money(amountMinor, currency),
      bankName: topUp.bankName,
      reference,
    })
  return { outcome: 'received', topUp, isFirst: true }
}

const reasonOf = ({ failureCode }: TopUp) => (failureCode ? { code: failureCode } : {})

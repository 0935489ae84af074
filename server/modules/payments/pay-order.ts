// The batch step of paying: locks for all in one order (wallets, PINs, orders, accounts), decides each command by pure
// rules on what it locked, writes all, set-based. Nothing here talks to the outside, and no money moves without its guards.
import type { ProblemValues } from '#contract/errors.ts'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { sameHash } from '#platform/keys.ts'
import { publish, type OutboxEvent } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Audit, AuditEntry } from '#modules/audit/index.ts'
import { availableMinor, type Ledger } from '#modules/ledger/index.ts'
import { judgeOrder, type Merchants } from '#modules/merchants/index.ts'
import { afterSpend, judgeSpend, type Wallets } from '#modules/wallets/index.ts'
import type { DecidedPayment, PayCommand, PayOutcome } from './payment.ts'
import {
  insufficientFunds,
  judgeOrderAndPin,
  judgeWalletAndShop,
  standsInHistory,
  type PinFinding,
  type Verdict,
} from './payment.rules.ts'
import * as store from './payment.sql.ts'

export interface PayRooms {
  ledger: Ledger
  wallets: Wallets
  merchants: Merchants
  audit: Audit
  /**
   * Locks the PINs of customers; tries are then judged in order, counting the wrong ones. Tells why a session that asks has
   * ended; undefined while it lives.
   */
  lockPins(
    tx: Transaction,
    askers: readonly { customerId: string; sessionId?: string | undefined }[],
  ): Promise<{
    endOf(sessionId: string): ProblemValues | undefined
    prove(
      attempts: readonly { customerId: string; pin: string }[],
      now: Date,
    ): { verdicts: readonly PinFinding[]; saved: Promise<void> }
  }>
}

const unique = <Value>(values: readonly Value[]) => [...new Set(values)]

export function payOrders(platform: Platform, rooms: PayRooms) {
  const { clock } = platform
  const takeNumbers = store.numberPool()

  return async function run(
    tx: Transaction,
    commands: readonly PayCommand[],
  ): Promise<(PayOutcome | Refusal)[]> {
    const now = clock.now()
    const customerIds = unique(commands.map((command) => command.customerId))
    // Statements whose parameters are known travel together; the server runs them in this order, each on what is committed then.
    // The keys are looked up after the wallets' locks: whoever used a key before us has committed, so it is seen here.
    const [wallets, known, numbers, pins, { orders, shops }, accounts] = await Promise.all([
      rooms.wallets.lockWallets(tx, customerIds),
      store.readOutcomes(tx, commands),
      takeNumbers(tx, commands.length),
      rooms.lockPins(tx, askersOf(commands)),
      rooms.merchants.lockOrdersWithShops(tx, unique(commands.map((command) => command.orderId))),
      rooms.ledger.lockWalletAccounts(tx, customerIds),
    ])
    // Who is not signed in any more is told nothing, not even what a key answered before.
    const signedOut = new Map<PayCommand, Refusal>()
    for (const command of commands) {
      const end = command.sessionId && pins.endOf(command.sessionId)
      if (end) signedOut.set(command, new Refusal('session_expired', end))
    }
    const { fresh, answers } = sortOutKnown(
      commands.filter((command) => !signedOut.has(command)),
      known,
    )
    for (const [command, refused] of signedOut) answers.set(command, refused)
    if (fresh.length === 0) return commands.map((command) => answers.get(command)!)

    const proofs = pins.prove(fresh, now)
    const today = rooms.wallets.today()
    const resetsAt = rooms.wallets.resetsAt()

    const payments: DecidedPayment[] = []
    const events: OutboxEvent[] = []
    const outcomes = fresh.map((command, index): PayOutcome => {
      const number = numbers[index]!
      const order = orders.get(command.orderId)
      const wallet = wallets.get(command.customerId)
      const shop = order && shops.get(order.merchantId)
      const first = judgeOrderAndPin({
        order: order ? judgeOrder(order, now, command.expected) : 'order_unknown',
        pin: proofs.verdicts[index]!,
      })
      if (!first.allowed || !order || !wallet || !shop) return refusal(first)
      const record = (more: Partial<DecidedPayment>): DecidedPayment => ({
        number,
        orderId: order.id,
        customerId: command.customerId,
        merchantId: shop.id,
        amountMinor: order.totalMinor,
        currency: order.currency,
        failureCode: undefined,
        failureValues: undefined,
        transferId: undefined,
        spendableAfterMinor: undefined,
        ...more,
      })
      const fail = (verdict: Verdict): PayOutcome => {
        const outcome = refusal(verdict)
        if (!outcome.paid && standsInHistory(outcome.code)) {
          payments.push(record({ failureCode: outcome.code, failureValues: outcome.values }))
          events.push(changed('payment.failed', number, command.customerId, shop.id, { code: outcome.code }))
        }
        return outcome
      }
      const spend = judgeSpend(wallet, order.totalMinor, order.currency, today)
      const second = judgeWalletAndShop({ spend, shop: shop.status, currency: order.currency, resetsAt })
      if (!second.allowed) return fail(second)
      const transferId = uuidv7(now.getTime())
      // Every shop's account is without a maximum: it is locked when all is written, so that batches overlap until then.
      const verdict = accounts.applyCreditingLate({
        id: transferId,
        debitAccountId: wallet.accountId,
        creditAccountId: shop.unacknowledgedAccountId,
        amountMinor: order.totalMinor,
        currency: order.currency,
        kind: 'payment',
        reference: referenceOf('TN', number),
        effectiveAt: now,
      })
      const available = availableMinor(accounts.get(wallet.accountId)!) ?? 0n
      if (verdict === 'insufficient_funds')
        return fail(insufficientFunds(available, order.totalMinor, order.currency))
      if (verdict !== 'posted') throw new Error(`the ledger refused a payment: ${verdict}`)

      // What the next command of this batch must see.
      wallets.set(command.customerId, afterSpend(wallet, order.totalMinor, today))
      orders.set(order.id, { ...order, state: 'paid' })
      payments.push(record({ transferId, spendableAfterMinor: available }))
      events.push(
        changed('payment.completed', number, command.customerId, shop.id, {
          orderId: order.id,
          paidAt: now.toISOString(),
        }),
      )
      return {
        paid: true,
        number: number.toString(),
        orderId: order.id,
        amountMinor: order.totalMinor.toString(),
        currency: order.currency,
        merchantName: shop.name,
        spendableAfterMinor: available.toString(),
        paidAt: now.toISOString(),
        ...(order.returnUrl ? { returnUrl: order.returnUrl } : {}),
      }
    })

    const paid = payments.filter((payment) => payment.failureCode === undefined)
    const none = Promise.resolve()
    await tx.commitAfter([
      proofs.saved,
      store.saveDecided(
        tx,
        fresh.map((command, index) => ({ ...command, outcome: outcomes[index]! })),
        payments,
        now,
      ),
      paid.length > 0
        ? rooms.merchants.savePaid(
            tx,
            paid.map((payment) => ({
              id: payment.orderId,
              customerId: payment.customerId,
              paymentNumber: payment.number,
            })),
            now,
          )
        : none,
      paid.length > 0
        ? rooms.wallets.saveSpending(
            tx,
            unique(paid.map((payment) => payment.customerId)).map((id) => wallets.get(id)!),
          )
        : none,
      publish(tx, events, now),
      rooms.audit.record(
        tx,
        fresh.map((command, index) => auditOf(command, outcomes[index]!, now)),
      ),
      // Last: it locks the shops' accounts, and another batch waits for them until this one has committed.
      accounts.write(now),
    ])
    fresh.forEach((command, index) => answers.set(command, outcomes[index]!))
    const byKey = new Map(fresh.map((command) => [`${command.customerId} ${command.key}`, command]))
    // The same key twice in one batch: the second is answered by the first.
    return commands.map(
      (command) =>
        answers.get(command) ?? repeat(command, byKey.get(`${command.customerId} ${command.key}`)!, answers),
    )
  }
}

/** Each customer with each session that asks, once. */
function askersOf(commands: readonly PayCommand[]) {
  const askers = new Map<string, { customerId: string; sessionId?: string | undefined }>()
  for (const { customerId, sessionId } of commands)
    askers.set(`${customerId} ${sessionId}`, { customerId, sessionId })
  return [...askers.values()]
}

function repeat(
  command: PayCommand,
  first: PayCommand,
  answers: Map<PayCommand, PayOutcome | Refusal>,
): PayOutcome | Refusal {
  return sameHash(command.bodyHash, first.bodyHash)
    ? answers.get(first)!
    : new Refusal('idempotency_conflict')
}

/** Splits a batch into commands that are new and those whose key is known, with the first answer or a conflict. */
function sortOutKnown(commands: readonly PayCommand[], remembered: readonly store.RememberedOutcome[]) {
  const known = new Map(remembered.map((row) => [`${row.customer_id} ${row.key}`, row]))
  const answers = new Map<PayCommand, PayOutcome | Refusal>()
  const fresh: PayCommand[] = []
  const seen = new Set<string>()
  for (const command of commands) {
    const key = `${command.customerId} ${command.key}`
    const row = known.get(key)
    if (row)
      answers.set(
        command,
        sameHash(row.body_hash, command.bodyHash) ? row.outcome : new Refusal('idempotency_conflict'),
      )
    else if (!seen.has(key)) fresh.push(command)
    seen.add(key)
  }
  return { fresh, answers }
}

function auditOf(command: PayCommand, outcome: PayOutcome, at: Date): AuditEntry {
  return {
    who: { kind: 'customer', id: command.customerId },
    action: outcome.paid ? 'payment.completed' : 'payment.refused',
    resource: { kind: 'order', id: command.orderId },
    at,
    detail: outcome.paid
      ? { payment: outcome.number, amountMinor: outcome.amountMinor, currency: outcome.currency }
      : { code: outcome.code },
  }
}

function refusal(verdict: Verdict): PayOutcome {
  if (verdict.allowed) return { paid: false, code: 'not_found' }
  return { paid: false, code: verdict.code, ...(verdict.values ? { values: verdict.values } : {}) }
}

function changed(
  type: string,
  number: bigint,
  customerId: string,
  merchantId: string,
  payload: Record<string, unknown>,
): OutboxEvent {
  const reference = referenceOf('TN', number)
  return {
    type,
    key: reference,
    payload: { ...payload, reference },
    customerId,
    merchantId,
    liveCustomer: [{ type: 'wallet.changed' }, { type: 'transaction.changed', reference }],
  }
}

// For tests only: a real database with the real money rooms, a shop, customers with money, payments told or not, and stand-ins
// for the few rooms that refunds only speak to (second person, staff's sign-in, notices).
import { uuidv7 } from '#contract/ids.ts'
import type { Database, Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createFiles } from '#modules/files/index.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createMerchants } from '#modules/merchants/index.ts'
import { createPayments, createRefundPayments } from '#modules/payments/index.ts'
import { decide, type StaffSession } from '#modules/staff/index.ts'
import { createWallets } from '#modules/wallets/index.ts'
import { Refusal } from '#platform/refusal.ts'
import { createRefunds, type Approvals, type Proposal, type RefundNeeds, type RefundNotice } from './index.ts'
import * as store from './refund.sql.ts'

export const rupiah = (amount: bigint | number) => BigInt(amount) * 100n
export const hour = 3_600_000
export const day = 24 * hour

export interface OpenProposal extends Proposal {
  id: string
}

/** Four eyes in memory: keeps what is proposed, and lets tests approve or close it as the room does, in one transaction. */
export function fakeApprovals(platform: TestPlatform) {
  const open = new Map<string, OpenProposal>()
  /** Another account of the same person: a member of staff or a wallet. */
  const behind = new Map<string, string>()
  let handlers: Parameters<Approvals['register']>[1] | undefined
  const approvals: Approvals = {
    async propose(_tx, proposal) {
      const id = uuidv7()
      open.set(id, { ...proposal, id })
      return id
    },
    async cancel(_tx, id) {
      open.delete(id)
    },
    async personBehind(_sql, agentId, { involved, beneficiaryCustomerId }) {
      const isOneOf = (others: readonly string[]) =>
        others.some((other) => other === agentId || behind.get(agentId) === other)
      return { isInvolved: isOneOf(involved), isReceiver: isOneOf([beneficiaryCustomerId]) }
    },
    register: (_kind, given) => void (handlers = given),
  }
  return {
    approvals,
    open,
    behind,
    async approve(id: string, decidedBy = uuidv7()): Promise<void> {
      const { reference } = open.get(id)!
      await platform.db.transaction((tx) => handlers!.execute(tx, { id, reference, decidedBy }))
      open.delete(id)
    },
    async close(id: string, how: 'declined' | 'expired' | 'voided'): Promise<void> {
      const { reference } = open.get(id)!
      await platform.db.transaction((tx) => handlers!.onClosed(tx, { id, reference }, how))
      open.delete(id)
    },
    payload: (tx: Transaction, reference: string) => handlers!.currentPayload(tx, reference),
  }
}

export function agent(role: 'agent' | 'lead' = 'agent', customerId?: string): StaffSession {
  return {
    agentId: uuidv7(),
    sessionId: uuidv7(),
    role,
    displayName: 'Test',
    email: 'test@example.test',
    available: true,
    customerId,
  }
}

/** Deaths: the transaction that is under way when so many statements have run ends there, without a commit. */
export interface Deaths {
  /** Statements until the next death; undefined: nobody dies. */
  after: number | undefined
}
export class Died extends Error {}

function mortal(db: Database, deaths: Deaths): Database {
  return {
    ...db,
    transaction: (work, options) =>
      db.transaction((tx) => {
        const count = () => {
          if (deaths.after === undefined) return
          if (deaths.after-- > 0) return
          deaths.after = undefined
          throw new Died('the process ended here')
        }
        return work({
          inTransaction: true,
          commitAfter: tx.commitAfter,
          heard: tx.heard,
          rows: async (...given) => (count(), tx.rows(...given)),
          one: async (...given) => (count(), tx.one(...given)),
          maybe: async (...given) => (count(), tx.maybe(...given)),
          run: async (...given) => (count(), tx.run(...given)),
        })
      }, options),
  }
}

export async function createWorld(start?: string) {
  const deaths: Deaths = { after: undefined }
  const real = await createTestPlatform(start)
  const platform: TestPlatform = { ...real, db: mortal(real.db, deaths) }
  const audit = createAudit(platform)
  const ledger = createLedger(platform)
  const wallets = createWallets(platform, { ledger, audit })
  const merchants = createMerchants(platform, { ledger })
  const lockPins = async () => ({
    endOf: () => undefined,
    prove: (attempts: readonly unknown[]) => ({
      verdicts: attempts.map(() => ({ verdict: 'right' as const })),
      saved: Promise.resolve(),
    }),
  })
  const payments = createPayments(platform, { ledger, wallets, merchants, audit, lockPins })
  const fourEyes = fakeApprovals(platform)
  const told: { kind: RefundNotice; customerId: string; by: Date }[] = []
  /** Who is signed in on either face, for tests of routes. */
  const signedIn: { customerId?: string; agent?: StaffSession; hasReason: boolean } = { hasReason: true }
  const cases = new Map<string, { customerId: string; agentId: string | undefined; conversationId: string }>()
  /** Staff who have not typed their password again. */
  const absent = new Set<string>()
  const looks: Parameters<RefundNeeds['keepLook']>[1][] = []
  async function authenticateCustomer(): Promise<{ customerId: string }> {
    if (!signedIn.customerId) throw new Refusal('session_expired')
    return { customerId: signedIn.customerId }
  }
  const files = createFiles(platform, { audit, authenticateCustomer })
  const needs: RefundNeeds = {
    files,
    audit,
    keepLook: async (_tx, look) => looks.push(look) > 0,
    merchants,
    payments: createRefundPayments({ ledger, wallets, merchants }),
    approvals: fourEyes.approvals,
    onPaymentReturned: payments.onReturned,
    authenticateCustomer,
    redact: (text) => text.replace(/\d{13,19}/g, '▮▮▮▮'),
    caseHolding: async (_sql, caseId, reference) => cases.get(`${caseId} ${reference}`),
    tellCustomer: async (_tx, { kind, customerId, by }) => void told.push({ kind, customerId, by }),
    namesOf: async () => new Map(),
    staff: {
      async authenticate() {
        if (!signedIn.agent) throw new Refusal('session_expired')
        return signedIn.agent
      },
      require(actor, action, resource) {
        const verdict = decide(actor, action, resource)
        if (verdict.verdict === 'refused') throw new Refusal(verdict.code, undefined, verdict.why)
      },
      requirePresence(session) {
        if (absent.has(session.agentId)) throw new Refusal('presence_required')
      },
      mayLookAt: async () => signedIn.hasReason,
      agentsByIds: async () => new Map(),
    },
  }
  const refunds = createRefunds(platform, needs)
  payments.onDetail(refunds.ofPayment)

  const world = {
    platform,
    deaths,
    signedIn,
    absent,
    looks,
    files,
    cases,
    ledger,
    wallets,
    merchants,
    payments,
    refunds,
    needs,
    fourEyes,
    told,
    newShop: () =>
      platform.db.transaction((tx) => merchants.createMerchant(tx, { name: 'Toko Uji', category: 'books' })),
    async newCustomer(amount: bigint): Promise<string> {
      const id = uuidv7()
      await platform.db.transaction(async (tx) => {
        await wallets.open(tx, [{ customerId: id, verified: true }])
        await world.topUp(tx, id, amount)
      })
      return id
    },
    async topUp(tx: Transaction, customerId: string, amount: bigint): Promise<void> {
      const bank = await ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
      const wallet = (await wallets.readWallets(tx, [customerId])).get(customerId)!
      await ledger.post(tx, [
        {
          id: uuidv7(),
          debitAccountId: bank,
          creditAccountId: wallet.accountId,
          amountMinor: rupiah(amount),
          currency: 'IDR',
          kind: 'top_up',
          reference: 'TP-TEST-0001',
          effectiveAt: platform.clock.now(),
        },
      ])
    },
    /** Paid and not told yet. Answers the payment's running number. */
    async pay(customerId: string, merchantId: string, amount: bigint): Promise<bigint> {
      const orderId = uuidv7()
      const total = { amountMinor: rupiah(amount).toString(), currency: 'IDR' as const }
      const now = platform.clock.now()
      await platform.db.transaction((tx) =>
        merchants.createOrders(tx, [
          {
            id: orderId,
            merchantId,
            merchantReference: orderId,
            totalMinor: rupiah(amount),
            currency: 'IDR',
            lines: [{ name: 'Buku', quantity: 1, amount: total }],
            state: 'open',
            returnUrl: undefined,
            cancelUrl: undefined,
            createdAt: now,
            expiresAt: new Date(now.getTime() + hour),
            customerId: undefined,
            paymentNumber: undefined,
          },
        ]),
      )
      await payments.pay({ customerId, key: uuidv7(), orderId, pin: '000000', expectedTotal: total })
      return (await payments.paymentOfOrder(orderId))!.number
    },
    /** The shops acknowledge: what the delivery of webhooks tells when a shop answers 2xx, and all that follows. */
    async credit(numbers: readonly bigint[]): Promise<void> {
      await platform.db.transaction((tx) =>
        publish(
          tx,
          numbers.map((number) => ({
            type: 'webhook.acknowledged',
            key: number.toString(),
            payload: { webhookType: 'order.paid', paymentNumber: number.toString() },
          })),
          platform.clock.now(),
        ),
      )
      await platform.settle()
    },
    async payCredited(customerId: string, merchantId: string, amount: bigint): Promise<bigint> {
      const number = await world.pay(customerId, merchantId, amount)
      await world.credit([number])
      return number
    },
    /** As a customer asks, with a key of its own. */
    ask: (customerId: string, paymentNumber: bigint, amount?: bigint, key = uuidv7()) =>
      refunds.request({
        by: { kind: 'customer', id: customerId },
        key,
        paymentNumber,
        amountMinor: amount === undefined ? undefined : rupiah(amount),
        reason: 'not_received',
        note: undefined,
      }),
    give: (merchantId: string, paymentNumber: bigint, amount?: bigint, key = uuidv7()) =>
      refunds.request({
        by: { kind: 'merchant', id: merchantId },
        key,
        paymentNumber,
        amountMinor: amount === undefined ? undefined : rupiah(amount),
        reason: 'cancelled_with_shop',
        note: undefined,
      }),
    refundsOf: (paymentNumber: bigint) => store.readOfPayment(platform.db.read, paymentNumber),
    async state(number: bigint) {
      return (await store.readRefunds(platform.db.read, [number]))[0]!
    },
    async balanceOf(customerId: string): Promise<bigint> {
      const { accountId } = (await wallets.readWallets(platform.db.read, [customerId])).get(customerId)!
      return (await ledger.accounts(platform.db.read, [accountId])).get(accountId)!.balanceMinor / 100n
    },
    async payableOf(merchantId: string): Promise<bigint> {
      const { payableAccountId } = (await merchants.readMerchants(platform.db.read, [merchantId])).get(
        merchantId,
      )!
      return (
        (await ledger.accounts(platform.db.read, [payableAccountId])).get(payableAccountId)!.balanceMinor /
        100n
      )
    },
    /** What leaves the shop's account, as a pay-out or a fee does. */
    async take(
      tx: Transaction,
      merchantId: string,
      amount: bigint,
      to: 'fees' | 'shop_reserve' | 'bank_clearing',
      kind: string,
      reference: string,
    ): Promise<void> {
      const shop = (await merchants.readMerchants(tx, [merchantId])).get(merchantId)!
      const account = await ledger.ensureSystemAccount(tx, {
        kind: to,
        currency: 'IDR',
        ...(to === 'shop_reserve' ? { ownerId: merchantId, minimumMinor: 0n } : {}),
      })
      await ledger.post(tx, [
        {
          id: uuidv7(),
          debitAccountId: shop.payableAccountId,
          creditAccountId: account,
          amountMinor: rupiah(amount),
          currency: 'IDR',
          kind,
          reference,
          effectiveAt: platform.clock.now(),
        },
      ])
    },
    async checkLedger(): Promise<{ sums: bigint[]; broken: string[] }> {
      const { sumsPerCurrency, brokenAccounts } = await ledger.check(platform.db.read)
      return { sums: Object.values(sumsPerCurrency), broken: brokenAccounts }
    },
    async close(): Promise<void> {
      await payments.close()
      await platform.close()
    },
  }
  return world
}

export type World = Awaited<ReturnType<typeof createWorld>>

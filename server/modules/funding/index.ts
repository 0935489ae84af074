// Funding: money that comes into a wallet. Gives each customer a virtual account number, takes in what banks tell of it,
// and answers for TP-… references.
import type { Static } from 'typebox'
import { VirtualAccountSchema } from '#contract/customer.ts'
import { money } from '#contract/money.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Transaction } from '#platform/db.ts'
import { dutyOf } from '#platform/duty.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Rails, VirtualAccountPayment } from '#modules/rails/index.ts'
import * as store from './funding.sql.ts'
import { readDecision, readHoldRule, readLastReturns } from './held-top-up.sql.ts'
import { receiveTopUp, type TellCustomer, type TopUpOutcome, type TopUpRooms } from './receive-top-up.ts'
import { roomForTopUp } from './top-up.rules.ts'
import type { TopUp } from './top-up.ts'
import { detailOf, summaryOf, type HeldFacts } from './trace-top-up.ts'
import { isVirtualAccountNumber, virtualAccountNumberOf } from './virtual-account.rules.ts'

export { importTopUps, takeTopUpNumbers, virtualAccountsOf } from './import-top-ups.ts'
export type { TopUp } from './top-up.ts'
export { createHeldTopUps, type HeldTopUpNeeds, type HeldTopUps } from './held-top-ups.ts'
export type { TellCustomer, TopUpOutcome } from './receive-top-up.ts'

export interface FundingRooms extends TopUpRooms {
  rails: Rails
}

export interface FundingNeeds {
  /** Throws session_expired. */
  authenticate(request: RequestWithHeaders): Promise<{ customerId: string }>
  /** The names that the bank shows to who sends money, by customer. */
  namesOf(customerIds: readonly string[]): Promise<ReadonlyMap<string, string>>
  /** A top-up is held. */
  tellCustomer: TellCustomer
}

export interface Funding {
  /** GET /api/funding/virtual-account */
  routes(api: Face): void
  /** Numbers for customers without one, in the caller's transaction. For sign-up and demo data; else given at first look. */
  giveVirtualAccounts(tx: Transaction, customerIds: readonly string[]): Promise<void>
  /** The customer's number; given now when there is none. */
  virtualAccountOf(customerId: string): Promise<string>
  /** What the bank's call does; also the door for demo data. Idempotent on (partnerId, paymentRequestId). */
  receive(payment: VirtualAccountPayment): Promise<TopUpOutcome>
}

/** The smallest top-up that the page names; what arrives below it is credited all the same. */
const minimumMinor = 1_000_000n

export function createFunding(platform: Platform, rooms: FundingRooms, needs: FundingNeeds): Funding {
  const { db, clock } = platform
  const { bank } = rooms.rails

  const accountName = async (customerId: string) =>
    (await needs.namesOf([customerId])).get(customerId) ?? 'Tuntas'

  /** Who has a held one, and its way back. */
  async function heldFactsOf(topUp: TopUp, now: Date): Promise<HeldFacts> {
    if (!topUp.failureCode) return {}
    const { number, currency, decideBy } = topUp
    const back = (await readLastReturns(db.read, [number])).get(number)
    const wayBack = back && { ...back, account: back.to.accountNumber }
    if (!decideBy) return { wayBack }
    const asked = (await readDecision(db.read, number))?.approvalId
    const { decideSeconds } = await readHoldRule(db.read, currency)
    return {
      wayBack,
      duty: { ...dutyOf(decideBy, decideSeconds, now), owner: asked ? 'second_person' : 'staff' },
    }
  }

  const funding: Funding = {
    routes(api) {
      api.get(
        '/api/funding/virtual-account',
        {
          schema: {
            tags: ['Wallet'],
            summary: 'Where to send a bank transfer to top up',
            response: { 200: VirtualAccountSchema },
          },
        },
        async (request): Promise<Static<typeof VirtualAccountSchema>> => {
          const { customerId } = await needs.authenticate(request)
          const wallet = (await rooms.wallets.readWallets(db.read, [customerId])).get(customerId)
          if (!wallet) throw new Refusal('not_found')
          const account = (await rooms.ledger.accounts(db.read, [wallet.accountId])).get(wallet.accountId)!
          const roomMinor = roomForTopUp(wallet, account)
          return {
            bankName: bank.bankName,
            virtualAccountNumber: await funding.virtualAccountOf(customerId),
            accountName: await accountName(customerId),
            minimum: money(minimumMinor, wallet.currency),
            maximum: money(roomMinor > 0n ? roomMinor : 0n, wallet.currency),
          }
        },
      )
    },
    async giveVirtualAccounts(tx, customerIds) {
      const numbers = await store.takeRunningNumbers(tx, customerIds.length)
      await store.insertVirtualAccounts(
        tx,
        customerIds.map((customerId, index) => ({
          customerId,
          number: virtualAccountNumberOf(bank.serviceId, numbers[index]!),
        })),
        clock.now(),
      )
    },
    async virtualAccountOf(customerId) {
      const number = await store.readVirtualAccount(db.read, customerId)
      if (number) return number
      await db.transaction((tx) => funding.giveVirtualAccounts(tx, [customerId]))
      return (await store.readVirtualAccount(db.read, customerId))!
    },
    receive: (payment) => receiveTopUp(platform, rooms, needs.tellCustomer, payment),
  }

  rooms.rails.serveVirtualAccounts({
    async find(virtualAccountNumber) {
      if (!isVirtualAccountNumber(bank.serviceId, virtualAccountNumber)) return undefined
      const customerId = await store.findCustomer(db.read, virtualAccountNumber)
      return customerId === undefined ? undefined : { accountName: await accountName(customerId) }
    },
    async receive(payment) {
      const result = await funding.receive(payment)
      if (result.outcome !== 'received') return { outcome: result.outcome }
      return { outcome: 'received', accountName: await accountName(result.topUp.customerId) }
    },
  })

  platform.references.register({
    prefix: 'TP',
    ownerOf: async (number) => (await store.readTopUps(db.read, [number]))[0]?.customerId,
    async summaries(numbers, customerId) {
      const topUps = await store.readTopUps(db.read, numbers)
      return topUps.filter((topUp) => topUp.customerId === customerId).map(summaryOf)
    },
    list: async (customerId, before, limit) =>
      (await store.listTopUps(db.read, customerId, before, limit)).map(summaryOf),
    async detail(number, customerId) {
      const [topUp] = await store.readTopUps(db.read, [number])
      if (topUp?.customerId !== customerId) return undefined
      const now = clock.now()
      return detailOf(topUp, now, await heldFactsOf(topUp, now))
    },
  })
  return funding
}

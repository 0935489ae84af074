// The rooms, wired together: what each needs of the others is handed to it here and nowhere else.
import type { FastifyRequest } from 'fastify'
import type { MaskedCustomer } from '#contract/desk.ts'
import { createClock, type MovableClock } from '#platform/clock.ts'
import type { Config } from '#platform/config.ts'
import { createDatabase, type Sql } from '#platform/db.ts'
import { createEvents, type Events } from '#platform/events.ts'
import { createJobs } from '#platform/jobs.ts'
import type { Logger } from '#platform/log.ts'
import { createMetrics } from '#platform/metrics.ts'
import { createLiveHub, type LiveHub } from '#platform/live.ts'
import type { Platform } from '#platform/platform.ts'
import { createReferences } from '#platform/references.ts'
import { createApprovals } from '#modules/approvals/index.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createDecisions } from '#modules/decisions/index.ts'
import { casesAbout, createDesk, findHolding, keepLook, redact } from '#modules/desk/index.ts'
import { createFiles } from '#modules/files/index.ts'
import { createHelper } from '#modules/helper/index.ts'
import { createFunding, createHeldTopUps } from '#modules/funding/index.ts'
import { createIdentity, masked, refusalOfCode } from '#modules/identity/index.ts'
import { createKnowledge } from '#modules/knowledge/index.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createMerchants } from '#modules/merchants/index.ts'
import { createNotices, type Notices } from '#modules/notices/index.ts'
import { createRails, type OutgoingTransfers } from '#modules/rails/index.ts'
import { createRefusedPayOuts, createSettlements } from '#modules/settlements/index.ts'
import { createStaff } from '#modules/staff/index.ts'
import {
  createPayments,
  createRefundPayments,
  createSilentShops,
  type PaymentsTuning,
} from '#modules/payments/index.ts'
import { createRefunds } from '#modules/refunds/index.ts'
import { createSignedStatements, createWallets, statementPlaces } from '#modules/wallets/index.ts'
import { Refusal } from '#platform/refusal.ts'
import { parseReference } from '#contract/ids.ts'
import { tellCustomer } from './tell-customer.ts'
import { tellMoneyMoved, tellReturned, tellReturnWaits } from './tell-money-moved.ts'
import { readsWhenPaid, tellRefund } from './tell-refund.ts'
import { tellSolved } from './tell-solved.ts'
import { tellTopUp } from './tell-top-up.ts'

export interface RunningPlatform extends Platform {
  readonly clock: MovableClock
  readonly events: Events
}

/** The plumbing on one database. Migrations must have run. Nothing loops before `jobs.start()`. */
export async function composePlatform(
  config: Readonly<Config>,
  log: Logger,
  connectionString: string,
  options: { withoutJobs?: readonly string[] } = {},
): Promise<RunningPlatform> {
  const metrics = createMetrics()
  const db = createDatabase({
    connectionString,
    maximumConnections: 20,
    onError: (error) => log.warn({ error }, 'a database connection broke'),
  })
  const clock = await createClock(db)
  const jobs = createJobs(
    log,
    (job, seconds, failed) => {
      metrics.jobSeconds.observe({ job }, seconds)
      if (failed) metrics.jobFailures.inc({ job })
    },
    options.withoutJobs,
  )
  jobs.loop('clock', 1000, () => clock.refresh())
  return {
    config,
    db,
    clock,
    log,
    jobs,
    metrics,
    references: createReferences(),
    events: createEvents({ db, jobs }),
  }
}

export type Rooms = ReturnType<typeof composeRooms>

export function composeRooms(
  platform: Platform,
  tuning: { payments?: PaymentsTuning; notices?: Notices; bank?: OutgoingTransfers } = {},
) {
  const { db } = platform
  const audit = createAudit(platform)
  const notices = tuning.notices ?? createNotices(platform)
  const identity = createIdentity(platform, { audit, notices })
  const files = createFiles(platform, { audit, authenticateCustomer: identity.authenticate })
  const ledger = createLedger(platform)
  const wallets = createWallets(platform, { ledger, audit })
  const signedStatements = createSignedStatements(platform, {
    statements: wallets,
    audit,
    nameOf: async (customerId) => (await payerOf(customerId)).displayName,
    places: statementPlaces(platform.config.dataFolder),
  })
  const merchants = createMerchants(platform, { ledger })
  const payments = createPayments(
    platform,
    {
      ledger,
      wallets,
      merchants,
      audit,
      lockPins: identity.lockPins,
    },
    tuning.payments,
  )
  const knowledge = createKnowledge(platform)
  const staff = createStaff(platform, { audit })
  const rails = createRails(platform)
  const bank = tuning.bank ?? rails
  const settlements = createSettlements(platform, { ledger, merchants, audit, bank })
  payments.onCredit(settlements.chargesOn)
  payments.onSettled(settlements.settledHop)
  const funding = createFunding(
    platform,
    { rails, ledger, wallets, audit },
    {
      authenticate: identity.authenticate,
      namesOf: async (ids) => namesOf(await identity.customersByIds(db.read, ids)),
      tellCustomer: tellTopUp({ identity, notices }),
    },
  )
  const decisions = createDecisions(platform, { staff, casesAbout })
  const approvals = createApprovals(platform, {
    audit,
    staff,
    // A shop receives what it is paid out: it has a name to show, and no customer's account in which looks are read.
    keepLook: async (tx, look) =>
      !(await merchants.readMerchants(tx, [look.customerId])).has(look.customerId) &&
      keepLook(platform)(tx, look),
    customers: async (sql, ids) => {
      const [customers, shops] = [
        await identity.customersByIds(sql, ids),
        await merchants.readMerchants(sql, ids),
      ]
      return new Map<string, { displayName: string; email?: string | undefined }>([
        ...[...shops.values()].map(({ id, name }) => [id, { displayName: name }] as const),
        ...customers,
      ])
    },
    customerReads: readsWhenPaid(identity, platform.references),
  })
  const customerNames = async (sql: Sql, ids: readonly string[]) =>
    namesOf(await identity.customersByIds(sql, ids))
  const refundPayments = createRefundPayments({ ledger, wallets, merchants })
  const silentShops = createSilentShops(platform, {
    audit,
    staff,
    merchants,
    payments,
    locks: refundPayments,
    approvals,
    keepLook: keepLook(platform),
    namesOf: customerNames,
  })
  const heldTopUps = createHeldTopUps(
    platform,
    { ledger, wallets, audit },
    {
      rails: bank,
      staff,
      approvals,
      keepLook: keepLook(platform),
      tellCustomer: tellTopUp({ identity, notices }),
      namesOf: customerNames,
    },
  )
  const refusedPayOuts = createRefusedPayOuts(platform, {
    audit,
    ledger,
    merchants,
    staff,
    approvals,
    wakeSettlements: settlements.wake,
  })
  const refunds = createRefunds(platform, {
    audit,
    files,
    staff,
    merchants,
    payments: refundPayments,
    approvals,
    onPaymentReturned: payments.onReturned,
    authenticateCustomer: identity.authenticate,
    redact: (text) => redact(text).text,
    caseHolding: findHolding,
    keepLook: keepLook(platform),
    tellCustomer: tellRefund({ identity, notices }, platform.config.serviceTimeZone),
    namesOf: customerNames,
  })
  payments.onReturned(tellReturned({ identity, notices, merchants }))
  payments.onReturnWaits(tellReturnWaits({ identity, notices, merchants }))
  payments.onDetail(refunds.ofPayment)
  decisions.register({ kind: 'refund_review', action: 'refund.decide', list: refunds.decisions })
  decisions.register({ kind: 'silent_shop', action: 'payment.decide', list: silentShops.list })
  decisions.register({ kind: 'held_top_up', action: 'top_up.decide', list: heldTopUps.list })
  decisions.register({ kind: 'refused_pay_out', action: 'pay_out.decide', list: refusedPayOuts.list })
  const helper = createHelper(platform, { authenticate: identity.authenticate })
  const desk = createDesk(platform, {
    audit,
    staff,
    files,
    authenticateCustomer: identity.authenticate,
    customers: maskedCustomers,
    contactOf: identity.contactOf,
    findCustomersByName: identity.findByName,
    diagnose: helper.diagnose,
    actions: {
      askShopAgain: payments.askShopAgain,
      withdrawRefund: async (reference, customerId) => {
        const parsed = parseReference(reference)
        if (parsed?.prefix !== 'RF') throw new Refusal('not_found')
        await refunds.withdraw(customerId, parsed.number)
      },
      tellMoneyMoved: tellMoneyMoved({ identity, notices }),
      tellSolved: tellSolved({ identity, notices }, platform.config.customersUrl),
    },
  })

  identity.onSignedUp(async (tx, customer) => {
    await wallets.open(tx, [{ customerId: customer.id }])
    await funding.giveVirtualAccounts(tx, [customer.id])
  })

  // Everybody with a way to reach the customer hears of it: who froze it may not have been the customer (N8).
  wallets.onStatusChanged((tx, { customerId, to }) =>
    tellCustomer(tx, { identity, notices }, customerId, () => ({
      template: to === 'frozen' ? ('wallet_frozen' as const) : ('wallet_unfrozen' as const),
      values: {},
    })),
  )

  /** What an agent sees of customers before there is a reason to see more. */
  async function maskedCustomers(sql: Sql, ids: readonly string[]): Promise<Map<string, MaskedCustomer>> {
    const [customers, states] = await Promise.all([
      identity.customersByIds(sql, ids),
      wallets.readWallets(sql, ids),
    ])
    return new Map(
      [...customers.values()].map((customer) => [
        customer.id,
        {
          id: customer.id,
          name: customer.displayName,
          ...masked(customer),
          memberSince: customer.memberSince.toISOString(),
          language: customer.locale,
          verified: customer.verified,
          walletStatus: states.get(customer.id)?.status ?? 'inactive',
        },
      ]),
    )
  }

  /** The password is asked before a code goes out, and once more with the code: both count tries as one. */
  async function startUnfreeze(customerId: string, password: string, request: FastifyRequest) {
    await identity.verifyPassword(customerId, password)
    return identity.startCode(customerId, 'unfreeze', request)
  }

  /** Both proofs of the owner, for what is slow on purpose. The code's count commits even when it was wrong. */
  async function proveOwner(
    customerId: string,
    proof: { flowId: string; code: string; password: string },
  ): Promise<void> {
    await identity.verifyPassword(customerId, proof.password)
    const verdict = await db.transaction((tx) =>
      identity.verifyCode(tx, proof.flowId, proof.code, { customerId, purpose: 'unfreeze' }),
    )
    const refusal = refusalOfCode(verdict)
    if (refusal) throw refusal
  }

  async function payerOf(customerId: string): Promise<{ displayName: string; contact: string }> {
    const customer = (await identity.customersByIds(db.read, [customerId])).get(customerId)!
    const contacts = masked(customer)
    return { displayName: customer.displayName, contact: contacts.phone ?? contacts.email ?? '' }
  }

  return {
    audit,
    notices,
    identity,
    files,
    ledger,
    wallets,
    signedStatements,
    merchants,
    payments,
    knowledge,
    staff,
    rails,
    settlements,
    funding,
    refunds,
    silentShops,
    heldTopUps,
    refusedPayOuts,
    decisions,
    approvals,
    helper,
    desk,
    proveOwner,
    payerOf,
    startUnfreeze,
  }
}

const namesOf = (customers: ReadonlyMap<string, { displayName: string }>) =>
  new Map([...customers].map(([id, customer]) => [id, customer.displayName]))

/** The live screens of both addresses: who may connect, what they may send, and whose connections end when access ends. */
export function composeLive(platform: RunningPlatform, rooms: Rooms): LiveHub {
  const hub = createLiveHub(platform)
  rooms.identity.onSessionEnded((session) =>
    hub.closeFor((principal) => principal.sessionId === session.sessionId, 'session_expired'),
  )
  rooms.staff.onSessionEnded((session) =>
    hub.closeFor((principal) => principal.sessionId === session.sessionId, 'session_expired'),
  )
  rooms.staff.onAccessChanged((agentId) =>
    hub.closeFor((principal) => principal.kind === 'agent' && principal.id === agentId, 'session_expired'),
  )
  return hub
}

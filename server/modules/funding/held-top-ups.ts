// Held top-ups: money that arrived and could not be credited. Staff credit it to the wallet whose number was paid, or send it back
// to where it came from; above the limit a second person approves exactly that. Nobody types an account, and it is done once.
import { parseReference, referenceOf, uuidv7 } from '#contract/ids.ts'
import type { Decision } from '#contract/refund.ts'
import { money, type Money } from '#contract/money.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { dutyOf, refuseTooLate } from '#platform/duty.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { AccountState } from '#modules/ledger/index.ts'
import type { Rails } from '#modules/rails/index.ts'
import type { KeepDecisionLook, Staff, StaffSession } from '#modules/staff/index.ts'
import type { WalletState } from '#modules/wallets/index.ts'
import { readTopUps } from './funding.sql.ts'
import { heldTopUpRoutes } from './held-top-up.routes.ts'
import * as store from './held-top-up.sql.ts'
import type { TellCustomer, TopUpRooms } from './receive-top-up.ts'
import { recordStep } from './record-step.ts'
import { callBankForReturns, startReturn } from './return-top-up.ts'
import { judgeTopUp } from './top-up.rules.ts'
import type { TopUp } from './top-up.ts'

export type HeldPayload = Readonly<Record<string, string>>
export const approvalKinds = ['top_up.credit', 'top_up.return'] as const
export type ApprovalKind = (typeof approvalKinds)[number]

export interface HeldTopUpNeeds {
  rails: Pick<Rails, 'transferOut' | 'transferStatus'>
  staff: Pick<Staff, 'authenticate' | 'require' | 'requirePresence'>
  tellCustomer: TellCustomer
  keepLook: KeepDecisionLook
  approvals: {
    propose(
      tx: Transaction,
      proposal: {
        kind: ApprovalKind
        reference: string
        payload: HeldPayload
        amount: Money
        beneficiaryCustomerId: string
        requestedBy: { agentId?: string | undefined; name: string }
        reason: string
        expiresAt: Date
      },
    ): Promise<string>
    personBehind(
      sql: Sql,
      agentId: string,
      about: { involved: readonly string[]; beneficiaryCustomerId: string },
    ): Promise<{ isReceiver: boolean }>
    register(
      kind: ApprovalKind,
      handlers: {
        currentPayload(tx: Transaction, reference: string): Promise<HeldPayload | undefined>
        execute(
          tx: Transaction,
          approval: { id: string; reference: string; decidedBy: string | undefined },
        ): Promise<void>
        onClosed(tx: Transaction, approval: { id: string; reference: string }): Promise<void>
      },
    ): void
  }
  namesOf(sql: Sql, customerIds: readonly string[]): Promise<ReadonlyMap<string, string>>
}

export interface HeldTopUps {
  /** GET and POST /api/decisions/top-up/:reference on the agents' face. */
  routes(api: Face): void
  /** What waits for staff, without the reader's own wallet. */
  list(exceptCustomer: string | undefined): Promise<Decision[]>
  /**
   * Throws not_found, forbidden, conflict, presence_required, a `HoldReason` (the wallet does not take it), recipient_unknown (nobody
   * knows where it came from). The same decision again by the same person is no fault.
   */
  decide(
    session: StaffSession,
    number: bigint,
    decided: { decision: 'credit' | 'return'; note: string },
  ): Promise<void>
  /** Takes one round of due calls to the bank; the loop does it by itself. */
  payDue(): Promise<number>
}

/** How long a second person has. */
const approvalMs = 24 * 3_600_000
const listLimit = 200

interface LockedTopUp {
  topUp: TopUp
  wallet: WalletState
}

export function createHeldTopUps(platform: Platform, rooms: TopUpRooms, needs: HeldTopUpNeeds): HeldTopUps {
  const { db, clock } = platform
  const { ledger, wallets, audit } = rooms
  const payDue = () =>
    callBankForReturns(platform, { ...rooms, bank: needs.rails, tellCustomer: needs.tellCustomer })
  const paying = platform.jobs.loop('funding-returns', 1000, payDue)

  /** Wallet, then the top-up: the order in which a top-up is taken in. */
  async function lock(tx: Transaction, number: bigint): Promise<LockedTopUp | undefined> {
    // Whose it is never changes.
    const [known] = await readTopUps(tx, [number])
    const wallet = known && (await wallets.lockWallets(tx, [known.customerId])).get(known.customerId)
    if (!wallet) return undefined
    const topUp = await store.lockTopUp(tx, number)
    return topUp && { topUp, wallet }
  }

  const payloadOf = ({ topUp, wallet }: LockedTopUp, kind: ApprovalKind): HeldPayload => ({
    action: kind,
    topUp: referenceOf('TP', topUp.number),
    amountMinor: topUp.amountMinor.toString(),
    currency: topUp.currency,
    fromAccount: 'top_up_suspense',
    ...(kind === 'top_up.credit'
      ? { toWallet: wallet.accountId }
      : {
          toBank: topUp.sender!.bankCode,
          toAccount: topUp.sender!.accountNumber,
          toName: topUp.sender!.accountName,
        }),
  })

  const suspenseOf = (tx: Transaction, { currency }: TopUp) =>
    ledger.ensureSystemAccount(tx, { kind: 'top_up_suspense', currency, minimumMinor: 0n })

  /** From suspense into the wallet, when it takes it now. Throws a `HoldReason`. */
  async function credit(
    tx: Transaction,
    { topUp, wallet }: LockedTopUp,
    who: { kind: 'agent'; id?: string | undefined },
    note: string,
  ): Promise<void> {
    const suspense = await suspenseOf(tx, topUp)
    const accounts = await ledger.lockAccounts(tx, [suspense, wallet.accountId])
    refuseUntaken(topUp, wallet, accounts.get(wallet.accountId)!)
    const now = clock.now()
    const reference = referenceOf('TP', topUp.number)
    const verdict = accounts.apply({
      id: uuidv7(),
      debitAccountId: suspense,
      creditAccountId: wallet.accountId,
      amountMinor: topUp.amountMinor,
      currency: topUp.currency,
      kind: 'top_up',
      reference,
      effectiveAt: now,
    })
    // The account's own maximum has the last word.
    if (verdict === 'balance_limit') throw new Refusal(verdict)
    if (verdict !== 'posted') throw new Error(`the ledger does not credit ${reference}: ${verdict}`)
    const [posted] = await accounts.write(now)
    await store.saveCredited(tx, topUp.number, {
      transferId: posted!.id,
      balanceAfterMinor: posted!.creditBalanceAfterMinor!,
      at: now,
    })
    await recordStep(tx, audit, topUp, 'top_up.completed', who, now, { note })
    await needs.tellCustomer(tx, {
      customerId: topUp.customerId,
      what: 'credited',
      amount: money(topUp.amountMinor, topUp.currency),
      bankName: topUp.bankName,
      reference,
    })
  }

  function refuseUntaken(topUp: TopUp, wallet: WalletState, account: AccountState): void {
    const { amountMinor, currency } = topUp
    const judged = judgeTopUp(wallet, account, amountMinor)
    if (judged.verdict === 'credit') return
    throw new Refusal(
      judged.code,
      judged.code === 'balance_limit' ? { limit: money(wallet.maximumBalanceMinor, currency) } : undefined,
    )
  }

  async function giveBack(
    tx: Transaction,
    { topUp }: LockedTopUp,
    who: { kind: 'agent'; id?: string | undefined },
    note: string,
  ): Promise<void> {
    await recordStep(tx, audit, topUp, 'top_up.return_started', who, clock.now(), { note })
    await startReturn(tx, platform, { ledger }, topUp)
  }

  async function decide(
    session: StaffSession,
    number: bigint,
    { decision, note }: { decision: 'credit' | 'return'; note: string },
  ): Promise<void> {
    await db.transaction(async (tx) => {
      const locked = await lock(tx, number)
      if (!locked) throw new Refusal('not_found')
      const { topUp, wallet } = locked
      const { customerId, amountMinor, currency } = topUp
      const reference = referenceOf('TP', number)
      needs.staff.require(session, 'top_up.decide', { customerId })
      // One person is one person, however many accounts (R12).
      const about = { involved: [], beneficiaryCustomerId: customerId }
      if ((await needs.approvals.personBehind(tx, session.agentId, about)).isReceiver)
        throw new Refusal('forbidden', undefined, 'nobody serves their own wallet')
      await needs.keepLook(tx, { customerId, agent: session, field: 'money', reason: 'decision', reference })
      const before = await store.readDecision(tx, number)
      const isAgain = before?.decision === decision && before.decidedBy === session.agentId
      if (topUp.state !== 'suspended') {
        if (isAgain) return
        throw new Refusal('conflict', undefined, `the top-up is ${topUp.state}`)
      }
      if (before?.approvalId) {
        if (isAgain) return
        throw new Refusal('conflict', undefined, 'a second person is asked already')
      }
      const rule = await store.readHoldRule(tx, currency)
      const now = clock.now()
      refuseTooLate(dutyOf(topUp.decideBy!, rule.decideSeconds, now), session)
      if (decision === 'return' && !topUp.sender)
        throw new Refusal('recipient_unknown', undefined, 'the bank did not tell where it came from')
      const needsSecond = amountMinor > rule.aloneUpToMinor
      let approvalId: string | undefined
      if (needsSecond) {
        needs.staff.requirePresence(session)
        if (decision === 'credit') {
          // Said now, and not to the second person: what the wallet does not take is not proposed.
          const account = (await ledger.accounts(tx, [wallet.accountId])).get(wallet.accountId)!
          refuseUntaken(topUp, wallet, account)
        }
        const kind = `top_up.${decision}` as const
        approvalId = await needs.approvals.propose(tx, {
          kind,
          reference,
          payload: payloadOf(locked, kind),
          amount: money(amountMinor, currency),
          beneficiaryCustomerId: customerId,
          requestedBy: { agentId: session.agentId, name: session.displayName },
          reason: note,
          expiresAt: new Date(now.getTime() + approvalMs),
        })
      }
      await store.saveDecision(tx, number, {
        decision,
        note,
        decidedBy: session.agentId,
        decidedAt: now,
        approvalId,
      })
      const who = { kind: 'agent' as const, id: session.agentId }
      if (approvalId) await recordStep(tx, audit, topUp, `top_up.${decision}_proposed`, who, now, { note })
      else await (decision === 'credit' ? credit : giveBack)(tx, locked, who, note)
    })
    platform.events.wake()
    paying.wake()
  }

  for (const kind of approvalKinds)
    needs.approvals.register(kind, {
      async currentPayload(tx, reference) {
        const locked = await lockReference(tx, reference)
        if (locked?.topUp.state !== 'suspended') return undefined
        return kind === 'top_up.return' && !locked.topUp.sender ? undefined : payloadOf(locked, kind)
      },
      async execute(tx, approval) {
        const locked = await lockReference(tx, approval.reference)
        const decided = locked && (await store.readDecision(tx, locked.topUp.number))
        if (locked?.topUp.state !== 'suspended' || decided?.approvalId !== approval.id)
          throw new Refusal('approval_voided')
        await store.endApproval(tx, locked.topUp.number, approval.id)
        const who = { kind: 'agent' as const, id: approval.decidedBy }
        await (kind === 'top_up.credit' ? credit : giveBack)(tx, locked, who, decided.note)
        if (kind === 'top_up.return') paying.wake()
      },
      async onClosed(tx, approval) {
        const locked = await lockReference(tx, approval.reference)
        if (!locked) return
        const { topUp } = locked
        await store.endApproval(tx, topUp.number, approval.id)
        const rule = await store.readHoldRule(tx, topUp.currency)
        // What the first person decided is not worth less time for the next one.
        await store.saveDecideBy(
          tx,
          topUp.number,
          new Date(clock.now().getTime() + rule.decideSeconds * 1000),
        )
      },
    })

  async function lockReference(tx: Transaction, reference: string): Promise<LockedTopUp | undefined> {
    const parsed = parseReference(reference)
    return parsed?.prefix === 'TP' ? lock(tx, parsed.number) : undefined
  }

  const held: HeldTopUps = {
    decide,
    payDue,
    async list(exceptCustomer) {
      const rows = await store.readHeld(db.read, exceptCustomer, listLimit)
      const [names, returns] = await Promise.all([
        needs.namesOf(db.read, [...new Set(rows.map((row) => row.customerId))]),
        store.readLastReturns(
          db.read,
          rows.map((row) => row.number),
        ),
      ])
      const rules = new Map<string, store.HoldRule>()
      for (const { currency } of rows)
        if (!rules.has(currency)) rules.set(currency, await store.readHoldRule(db.read, currency))
      const now = clock.now()
      return rows.map((topUp) => {
        const rule = rules.get(topUp.currency)!
        const duty = dutyOf(topUp.decideBy!, rule.decideSeconds, now)
        const customerName = names.get(topUp.customerId)
        return {
          kind: 'held_top_up' as const,
          reference: referenceOf('TP', topUp.number),
          amount: money(topUp.amountMinor, topUp.currency),
          customerId: topUp.customerId,
          ...(customerName ? { customerName } : {}),
          partyName: topUp.bankName,
          since: topUp.effectiveAt.toISOString(),
          untilAt: duty.untilAt.toISOString(),
          why: returns.has(topUp.number) ? 'return_refused' : topUp.failureCode!,
          secondPerson: topUp.amountMinor > rule.aloneUpToMinor,
          escalated: duty.isEscalated,
        }
      })
    },
    routes: (api) => heldTopUpRoutes(api, platform, rooms, needs, held),
  }
  return held
}

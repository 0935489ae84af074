// Pay-outs that a shop's bank refused. Staff send the money again, take up the account that the shop itself gave, or stop the
// shop's pay-outs. Nobody of the staff types an account; a new one is used only when a second person approves exactly it.
import { parseReference, referenceOf } from '#contract/ids.ts'
import { money, type Money } from '#contract/money.ts'
import type { Decision } from '#contract/refund.ts'
import type { Transaction } from '#platform/db.ts'
import type { Face } from '#platform/http.ts'
import { publish } from '#platform/outbox.ts'
import { refuseTooLate } from '#platform/duty.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Audit } from '#modules/audit/index.ts'
import type { Ledger } from '#modules/ledger/index.ts'
import type { Merchants } from '#modules/merchants/index.ts'
import type { Staff, StaffSession } from '#modules/staff/index.ts'
import { refusedPayOutRoutes } from './refused.routes.ts'
import * as refused from './refused.sql.ts'
import type { Settlement } from './settlement.ts'
import * as store from './settlement.sql.ts'

export type PayOutPayload = Readonly<Record<string, string>>
export const payOutApprovals = ['pay_out.retry', 'pay_out.account'] as const
export type PayOutApproval = (typeof payOutApprovals)[number]
export type PayOutChoice = refused.PayOutDecision['decision']

export interface RefusedPayOutNeeds {
  audit: Audit
  ledger: Pick<Ledger, 'accounts'>
  merchants: Pick<Merchants, 'readMerchants'>
  staff: Pick<Staff, 'authenticate' | 'require' | 'requirePresence'>
  /** Makes settlements that are due, at once. */
  wakeSettlements(): void
  approvals: {
    propose(
      tx: Transaction,
      proposal: {
        kind: PayOutApproval
        reference: string
        payload: PayOutPayload
        amount: Money
        /** The shop: no customer has anything of it. */
        beneficiaryCustomerId: string
        requestedBy: { agentId?: string | undefined; name: string }
        reason: string
        expiresAt: Date
      },
    ): Promise<string>
    register(
      kind: PayOutApproval,
      handlers: {
        currentPayload(tx: Transaction, reference: string): Promise<PayOutPayload | undefined>
        execute(
          tx: Transaction,
          approval: { id: string; reference: string; decidedBy: string | undefined },
        ): Promise<void>
        onClosed(tx: Transaction, approval: { id: string; reference: string }): Promise<void>
      },
    ): void
  }
}

export interface RefusedPayOuts {
  /** GET and POST /api/decisions/pay-out/:reference on the agents' face. */
  routes(api: Face): void
  list(): Promise<Decision[]>
  /** Throws not_found, conflict, forbidden, presence_required. The same decision again by the same person is no fault. */
  decide(
    session: StaffSession,
    number: bigint,
    decided: { decision: PayOutChoice; note: string },
  ): Promise<void>
}

/** How long a second person has. */
const approvalMs = 24 * 3_600_000
const listLimit = 200

export function createRefusedPayOuts(platform: Platform, needs: RefusedPayOutNeeds): RefusedPayOuts {
  const { db, clock } = platform

  /** The shop's terms, then the pay-out: the order in which settlements are made. Undefined when it is no longer the shop's last. */
  async function lock(tx: Transaction, number: bigint): Promise<Settlement | undefined> {
    const merchantId = await store.readMerchantOf(tx, number)
    if (!merchantId) return undefined
    await refused.lockHold(tx, merchantId)
    const settlement = await store.lockSettlement(tx, number)
    const isLast = !(await refused.hasLater(tx, merchantId, number))
    return settlement.state === 'refused' && isLast ? settlement : undefined
  }

  async function payloadOf(
    tx: Transaction,
    settlement: Settlement,
    kind: PayOutApproval,
  ): Promise<PayOutPayload | undefined> {
    const given = kind === 'pay_out.account' ? await refused.readGiven(tx, settlement.merchantId) : undefined
    if (kind === 'pay_out.account' && !given) return undefined
    const to = given ?? settlement.bank
    return {
      action: kind,
      payOut: referenceOf('ST', settlement.number),
      amountMinor: settlement.netMinor.toString(),
      currency: settlement.currency,
      fromAccount: 'shop_payable',
      toBank: to.bankCode,
      toAccount: to.accountNumber,
      toName: to.accountName,
      ...(given
        ? { insteadOf: `${settlement.bank.bankCode} ${settlement.bank.accountNumber}`, givenId: given.id }
        : {}),
    }
  }

  async function record(
    tx: Transaction,
    { number, merchantId, netMinor, currency }: Settlement,
    action: string,
    who: { kind: 'agent'; id?: string | undefined },
    detail: Record<string, string>,
  ): Promise<void> {
    const now = clock.now()
    const reference = referenceOf('ST', number)
    await needs.audit.record(tx, [
      {
        who,
        action,
        resource: { kind: 'settlement', id: reference },
        at: now,
        detail: { amountMinor: netMinor.toString(), currency, ...detail },
      },
    ])
    await publish(
      tx,
      [
        {
          type: 'settlement.decided',
          key: merchantId,
          payload: { reference, action },
          merchantId,
          liveDesk: [{ type: 'transaction.changed', reference }],
        },
      ],
      now,
    )
  }

  async function sendAgain(
    tx: Transaction,
    settlement: Settlement,
    choice: PayOutChoice,
    who: { kind: 'agent'; id?: string | undefined },
    note: string,
  ): Promise<void> {
    const { merchantId } = settlement
    const now = clock.now()
    if (choice === 'use_account') {
      const given = await refused.readGiven(tx, merchantId)
      if (!given) throw new Refusal('approval_voided')
      await refused.saveBank(tx, merchantId, given)
      await refused.closeGiven(tx, given.id, true, now)
    }
    await refused.savePayOutNow(tx, merchantId, now)
    await record(tx, settlement, `settlement.${choice}_decided`, who, { note })
  }

  async function decide(
    session: StaffSession,
    number: bigint,
    { decision, note }: { decision: PayOutChoice; note: string },
  ): Promise<void> {
    needs.staff.require(session, 'pay_out.decide')
    await db.transaction(async (tx) => {
      const settlement = await lock(tx, number)
      const before = await refused.readPayOutDecision(tx, number)
      const duty = await refused.readHoldDuty(tx, number, clock.now())
      // Stopped for longer than was meant: to keep them stopped is a new decision.
      const isAgain =
        before?.decision === decision && before.decidedBy === session.agentId && !duty?.isEscalated
      if (isAgain && (before.approvalId || decision !== 'hold' || settlement)) return
      if (!settlement) throw new Refusal('conflict', undefined, 'a newer pay-out carries the money')
      if (before?.approvalId) throw new Refusal('conflict', undefined, 'a second person is asked already')
      if (before && before.decision !== 'hold')
        throw new Refusal('conflict', undefined, 'it is being sent again')
      refuseTooLate(duty, session)
      const who = { kind: 'agent' as const, id: session.agentId }
      const now = clock.now()
      let approvalId: string | undefined
      if (decision === 'hold') {
        await refused.saveHold(tx, settlement.merchantId, now)
        await record(tx, settlement, 'settlement.hold_decided', who, { note })
      } else {
        const kind = decision === 'retry' ? ('pay_out.retry' as const) : ('pay_out.account' as const)
        const payload = await payloadOf(tx, settlement, kind)
        if (!payload) throw new Refusal('conflict', undefined, 'the shop gave no other account')
        const { netMinor, currency, merchantId } = settlement
        if (decision === 'use_account' || netMinor > (await refused.readAloneUpTo(tx, currency))) {
          needs.staff.requirePresence(session)
          approvalId = await needs.approvals.propose(tx, {
            kind,
            reference: referenceOf('ST', number),
            payload,
            amount: money(netMinor, currency),
            beneficiaryCustomerId: merchantId,
            requestedBy: { agentId: session.agentId, name: session.displayName },
            reason: note,
            expiresAt: new Date(now.getTime() + approvalMs),
          })
          await record(tx, settlement, `settlement.${decision}_proposed`, who, { note })
        } else await sendAgain(tx, settlement, decision, who, note)
      }
      await refused.savePayOutDecision(tx, number, {
        decision,
        note,
        decidedBy: session.agentId,
        decidedAt: now,
        approvalId,
      })
    })
    platform.events.wake()
    needs.wakeSettlements()
  }

  const lockReference = async (tx: Transaction, reference: string): Promise<Settlement | undefined> => {
    const parsed = parseReference(reference)
    return parsed?.prefix === 'ST' ? lock(tx, parsed.number) : undefined
  }

  for (const kind of payOutApprovals)
    needs.approvals.register(kind, {
      async currentPayload(tx, reference) {
        const settlement = await lockReference(tx, reference)
        return settlement && payloadOf(tx, settlement, kind)
      },
      async execute(tx, approval) {
        const settlement = await lockReference(tx, approval.reference)
        const decided = settlement && (await refused.readPayOutDecision(tx, settlement.number))
        if (!settlement || decided?.approvalId !== approval.id) throw new Refusal('approval_voided')
        await refused.endApproval(tx, settlement.number, approval.id)
        const who = { kind: 'agent' as const, id: approval.decidedBy }
        await sendAgain(tx, settlement, decided.decision, who, decided.note)
        needs.wakeSettlements()
      },
      async onClosed(tx, approval) {
        const parsed = parseReference(approval.reference)
        if (parsed) await refused.dropPayOutDecision(tx, parsed.number, approval.id)
      },
    })

  const payOuts: RefusedPayOuts = {
    decide,
    async list() {
      const rows = await refused.readRefused(db.read, listLimit)
      const shops = await needs.merchants.readMerchants(db.read, [
        ...new Set(rows.map((row) => row.merchant_id)),
      ])
      const now = clock.now()
      return rows.map((row) => {
        const { on_hold_since } = row
        const hold = on_hold_since ? refused.dutyOfHold({ ...row, on_hold_since }, now) : undefined
        const partyName = shops.get(row.merchant_id)?.name
        const why = row.on_hold_since ? 'on_hold' : row.has_given ? 'account_given' : undefined
        return {
          kind: 'refused_pay_out' as const,
          reference: referenceOf('ST', row.number),
          amount: money(row.net, row.currency),
          ...(partyName ? { partyName } : {}),
          since: row.closed_at.toISOString(),
          // Then it is sent again by itself, to the same account; one that was stopped is looked at again.
          untilAt: (hold?.untilAt ?? row.next_due_at).toISOString(),
          escalated: hold?.isEscalated ?? false,
          ...(why ? { why } : {}),
        }
      })
    },
    routes: (api) => refusedPayOutRoutes(api, platform, needs, payOuts),
  }
  return payOuts
}

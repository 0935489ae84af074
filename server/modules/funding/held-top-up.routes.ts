// A held top-up as staff see it, and their decision. What is shown is read live; each look is recorded, and the customer sees it.
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { DecideTopUpSchema, HeldTopUpSchema, type HeldTopUp } from '#contract/decisions.ts'
import { parseReference, referenceOf } from '#contract/ids.ts'
import { money } from '#contract/money.ts'
import { ReferenceSchema } from '#contract/schema.ts'
import { dutyOf } from '#platform/duty.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { maskAccount } from '#modules/rails/index.ts'
import { readTopUps } from './funding.sql.ts'
import type { HeldTopUpNeeds, HeldTopUps } from './held-top-ups.ts'
import * as store from './held-top-up.sql.ts'
import type { TopUpRooms } from './receive-top-up.ts'
import { isSameName, judgeTopUp } from './top-up.rules.ts'
import type { TopUp } from './top-up.ts'

const tags = ['Decisions']
const params = Type.Object({ reference: ReferenceSchema })

export function heldTopUpRoutes(
  api: Face,
  platform: Platform,
  rooms: TopUpRooms,
  needs: Pick<HeldTopUpNeeds, 'staff' | 'keepLook' | 'namesOf'>,
  held: HeldTopUps,
): void {
  const { db, clock } = platform

  async function present(topUp: TopUp): Promise<HeldTopUp> {
    const { number, customerId, amountMinor, currency, sender } = topUp
    const [names, wallet, rule, decided, returns] = await Promise.all([
      needs.namesOf(db.read, [customerId]),
      rooms.wallets.readWallets(db.read, [customerId]).then((found) => found.get(customerId)!),
      store.readHoldRule(db.read, currency),
      store.readDecision(db.read, number),
      store.readLastReturns(db.read, [number]),
    ])
    const account = (await rooms.ledger.accounts(db.read, [wallet.accountId])).get(wallet.accountId)!
    const room = wallet.maximumBalanceMinor - account.balanceMinor
    const judged = judgeTopUp(wallet, account, amountMinor)
    const now = clock.now()
    const duty = topUp.decideBy && dutyOf(topUp.decideBy, rule.decideSeconds, now)
    const customerName = names.get(customerId)
    const refusal = returns.get(number)?.refusal
    return {
      reference: referenceOf('TP', number),
      state: topUp.state,
      amount: money(amountMinor, currency),
      customerId,
      ...(customerName ? { customerName } : {}),
      receivedAt: topUp.effectiveAt.toISOString(),
      bankName: topUp.bankName,
      ...(topUp.bankReference ? { bankReference: topUp.bankReference } : {}),
      ...(sender
        ? {
            sender: {
              name: sender.accountName,
              account: maskAccount(sender.accountNumber),
              bankCode: sender.bankCode,
              isCustomer: customerName !== undefined && isSameName(sender.accountName, customerName),
            },
          }
        : {}),
      why: refusal && topUp.state === 'suspended' ? 'return_refused' : (topUp.failureCode ?? ''),
      wallet: {
        status: wallet.status,
        balance: money(account.balanceMinor, currency),
        maximumBalance: money(wallet.maximumBalanceMinor, currency),
        room: money(room > 0n ? room : 0n, currency),
      },
      ...(judged.verdict === 'suspend' ? { cannotCredit: judged.code } : {}),
      canReturn: sender !== undefined,
      secondPerson: amountMinor > rule.aloneUpToMinor,
      ...(refusal ? { refusal } : {}),
      ...(decided?.approvalId
        ? {
            proposed: {
              decision: decided.decision,
              note: decided.note,
              approvalId: decided.approvalId,
            },
          }
        : {}),
      ...(duty ? { untilAt: duty.untilAt.toISOString() } : {}),
      escalated: duty?.isEscalated ?? false,
      asOf: now.toISOString(),
    }
  }

  /** One that is or was held, for whoever may decide; never of one's own wallet. */
  async function found(request: FastifyRequest, reference: string) {
    const session = await needs.staff.authenticate(request)
    needs.staff.require(session, 'top_up.decide')
    const parsed = parseReference(reference)
    const [topUp] = parsed?.prefix === 'TP' ? await readTopUps(db.read, [parsed.number]) : []
    // One that was credited at once never was a matter of staff.
    if (!topUp?.failureCode) throw new Refusal('not_found')
    needs.staff.require(session, 'top_up.decide', { customerId: topUp.customerId })
    return { session, topUp }
  }

  api.get(
    '/api/decisions/top-up/:reference',
    {
      schema: {
        tags,
        summary: 'A top-up that is or was held: the facts of now',
        description: 'Recorded as a look, which the customer sees.',
        params,
        response: { 200: HeldTopUpSchema },
      },
    },
    async (request) => {
      const { session, topUp } = await found(request, request.params.reference)
      const { customerId, number } = topUp
      const reference = referenceOf('TP', number)
      await db.transaction(async (tx) => {
        const look = { customerId, agent: session, field: 'money', reason: 'decision', reference } as const
        await needs.keepLook(tx, look)
        await rooms.audit.record(tx, [
          {
            who: { kind: 'agent', id: session.agentId },
            action: 'top_up.looked_at',
            resource: { kind: 'top_up', id: reference },
            at: clock.now(),
            detail: { customerId },
          },
        ])
      })
      platform.events.wake()
      return present(topUp)
    },
  )

  api.post(
    '/api/decisions/top-up/:reference',
    {
      schema: {
        tags,
        summary: 'Credit a held top-up, or send it back to where it came from',
        description:
          'Above the limit a second person is asked, which needs a proof of presence (presence_required). Not for one’s own wallet; balance_limit, monthly_incoming_limit, account_frozen or account_inactive when the wallet does not take it, recipient_unknown when the bank did not tell the sender, conflict when it is decided.',
        params,
        body: DecideTopUpSchema,
        response: { 200: HeldTopUpSchema },
      },
    },
    async (request) => {
      const { session, topUp } = await found(request, request.params.reference)
      await held.decide(session, topUp.number, request.body)
      return present((await readTopUps(db.read, [topUp.number]))[0]!)
    },
  )
}

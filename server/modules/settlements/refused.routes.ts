// A refused pay-out as staff see it, and their decision; the account that a shop gives by its own signed request.
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  DecidePayOutSchema,
  GiveAccountSchema,
  RefusedPayOutSchema,
  ShopAccountSchema,
  type RefusedPayOut,
  type ShopAccount,
} from '#contract/decisions.ts'
import { parseReference, referenceOf } from '#contract/ids.ts'
import { money } from '#contract/money.ts'
import { ReferenceSchema } from '#contract/schema.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Audit } from '#modules/audit/index.ts'
import type { ShopCaller } from '#modules/merchants/index.ts'
import { maskAccount } from '#modules/rails/index.ts'
import { giveAccount } from './give-account.ts'
import * as refused from './refused.sql.ts'
import type { RefusedPayOutNeeds, RefusedPayOuts } from './refused-pay-outs.ts'
import type { BankAccount } from './settlement.ts'
import * as store from './settlement.sql.ts'
import { readTerms } from './terms.sql.ts'

const params = Type.Object({ reference: ReferenceSchema })
const masked = ({ bankCode, accountNumber, accountName }: BankAccount) => ({
  bankCode,
  account: maskAccount(accountNumber),
  name: accountName,
})

export function refusedPayOutRoutes(
  api: Face,
  platform: Platform,
  needs: Pick<RefusedPayOutNeeds, 'staff' | 'merchants' | 'ledger' | 'audit'>,
  payOuts: RefusedPayOuts,
): void {
  const { db, clock } = platform
  const tags = ['Decisions']

  async function present(number: bigint): Promise<RefusedPayOut> {
    const settlement = await store.findByNumber(db.read, number)
    if (!settlement) throw new Refusal('not_found')
    const { merchantId, currency } = settlement
    const [shops, terms, given, onHold, hold, later, inARow, aloneUpTo, decided] = await Promise.all([
      needs.merchants.readMerchants(db.read, [merchantId]),
      readTerms(db.read, [merchantId]).then((found) => found.get(merchantId)!),
      refused.readGiven(db.read, merchantId),
      refused.readHold(db.read, merchantId),
      refused.readHoldDuty(db.read, number, clock.now()),
      refused.hasLater(db.read, merchantId, number),
      refused.countRefusedInARow(db.read, merchantId, number),
      refused.readAloneUpTo(db.read, currency),
      refused.readPayOutDecision(db.read, number),
    ])
    const payable = (await needs.ledger.accounts(db.read, [terms.payableAccountId])).get(
      terms.payableAccountId,
    )!
    const isUndecided = decided === undefined || decided.decision === 'hold'
    return {
      reference: referenceOf('ST', number),
      state: settlement.state,
      amount: money(settlement.netMinor, currency),
      merchantId,
      shopName: shops.get(merchantId)?.name ?? '',
      ...(settlement.closedAt ? { refusedAt: settlement.closedAt.toISOString() } : {}),
      ...(settlement.refusal ? { refusal: settlement.refusal } : {}),
      account: masked(settlement.bank),
      refusedInARow: inARow,
      owed: money(payable.balanceMinor - payable.heldMinor, currency),
      ...(given ? { newAccount: { ...masked(given), givenAt: given.givenAt.toISOString() } } : {}),
      onHold: onHold !== undefined,
      ...(onHold ? {} : { nextPayOutAt: terms.nextDueAt.toISOString() }),
      ...(hold ? { lookAgainBy: hold.untilAt.toISOString() } : {}),
      escalated: hold?.isEscalated ?? false,
      secondPerson: settlement.netMinor > aloneUpTo,
      open: settlement.state === 'refused' && !later && isUndecided,
      ...(decided?.approvalId
        ? { proposed: { decision: decided.decision, note: decided.note, approvalId: decided.approvalId } }
        : {}),
      asOf: clock.now().toISOString(),
    }
  }

  async function asked(request: FastifyRequest, reference: string) {
    const session = await needs.staff.authenticate(request)
    needs.staff.require(session, 'pay_out.decide')
    const parsed = parseReference(reference)
    if (parsed?.prefix !== 'ST') throw new Refusal('not_found')
    return { session, number: parsed.number }
  }

  api.get(
    '/api/decisions/pay-out/:reference',
    {
      schema: {
        tags,
        summary: 'A pay-out that a shop’s bank refused: the facts of now',
        params,
        response: { 200: RefusedPayOutSchema },
      },
    },
    async (request) => {
      const { session, number } = await asked(request, request.params.reference)
      const shown = await present(number)
      await db.transaction((tx) =>
        needs.audit.record(tx, [
          {
            who: { kind: 'agent', id: session.agentId },
            action: 'settlement.looked_at',
            resource: { kind: 'settlement', id: shown.reference },
            at: clock.now(),
          },
        ]),
      )
      return shown
    },
  )

  api.post(
    '/api/decisions/pay-out/:reference',
    {
      schema: {
        tags,
        summary: 'Send a refused pay-out again, take up the account that the shop gave, or stop its pay-outs',
        description:
          'A new account, and sending again above the limit, ask a second person and need a proof of presence. conflict when a newer pay-out carries the money or somebody decided.',
        params,
        body: DecidePayOutSchema,
        response: { 200: RefusedPayOutSchema },
      },
    },
    async (request) => {
      const { session, number } = await asked(request, request.params.reference)
      await payOuts.decide(session, number, request.body)
      return present(number)
    },
  )
}

/** Mounted beside the shop's other routes, whose signature check tells which shop asks. */
export function shopAccountRoutes(
  api: Face,
  platform: Pick<Platform, 'db' | 'clock' | 'events'>,
  needs: { audit: Pick<Audit, 'record'> },
  caller: ShopCaller,
): void {
  const { db } = platform
  const give = giveAccount(platform, needs)
  const tags = ['Settlements']
  const full = ({ bankCode, accountNumber, accountName }: BankAccount) => ({
    bankCode,
    accountNumber,
    name: accountName,
  })

  async function present(merchantId: string): Promise<ShopAccount> {
    const terms = (await readTerms(db.read, [merchantId])).get(merchantId)
    if (!terms) throw new Refusal('not_found')
    const given = await refused.readGiven(db.read, merchantId)
    return {
      account: full(terms.bank),
      ...(given ? { given: { ...full(given), givenAt: given.givenAt.toISOString() } } : {}),
      onHold: (await refused.readHold(db.read, merchantId)) !== undefined,
    }
  }

  api.get(
    '/merchant/v1/settlements/account',
    {
      schema: {
        tags,
        summary: 'The bank account that pay-outs go to, and one that waits to be taken up',
        response: { 200: ShopAccountSchema },
      },
    },
    (request) => present(caller.merchantOf(request)),
  )

  api.put(
    '/merchant/v1/settlements/account',
    {
      schema: {
        tags,
        summary: 'Give another bank account for pay-outs',
        description:
          'Nothing changes until two people of Tuntas have approved exactly this account. The same account again is no fault; another replaces it.',
        body: GiveAccountSchema,
        response: { 200: ShopAccountSchema },
      },
    },
    async (request) => {
      const merchantId = caller.merchantOf(request)
      const { bankCode, accountNumber, name } = request.body
      await give(merchantId, { bankCode, accountNumber, accountName: name })
      return present(merchantId)
    },
  )
}

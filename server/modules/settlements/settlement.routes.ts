// The shops' view of their money: what they are owed, what went to their bank, and what each pay-out consists of.
// Mounted in the scope of the merchants' routes, whose signature check tells which shop asks; others' settlements do not exist.
import { Type } from 'typebox'
import { parseReference, referenceOf } from '#contract/ids.ts'
import { SettlementDetailSchema, SettlementListSchema, type Settlement as Shown } from '#contract/merchant.ts'
import { money } from '#contract/money.ts'
import { PageQuerySchema, ReferenceSchema } from '#contract/schema.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Ledger } from '#modules/ledger/index.ts'
import type { Merchants, ShopCaller } from '#modules/merchants/index.ts'
import type { Settlement } from './settlement.ts'
import * as store from './settlement.sql.ts'
import { readTerms } from './terms.sql.ts'

const tags = ['Settlements']

function present(settlement: Settlement): Shown {
  const { currency, bank } = settlement
  const amount = (amountMinor: bigint) => money(amountMinor, currency)
  return {
    number: referenceOf('ST', settlement.number),
    state: settlement.state,
    day: settlement.day,
    period: { from: settlement.periodFrom.toISOString(), to: settlement.periodTo.toISOString() },
    payments: settlement.payments,
    gross: amount(settlement.grossMinor),
    fees: amount(settlement.feesMinor),
    reserved: amount(settlement.reservedMinor),
    released: amount(settlement.releasedMinor),
    refunded: amount(settlement.refundedMinor),
    carried: amount(settlement.carriedMinor),
    net: amount(settlement.netMinor),
    account: { bankCode: bank.bankCode, accountNumber: bank.accountNumber, name: bank.accountName },
    ...(settlement.bankReference ? { bankReference: settlement.bankReference } : {}),
    ...(settlement.refusal ? { refusal: settlement.refusal } : {}),
    ...(settlement.closedAt ? { closedAt: settlement.closedAt.toISOString() } : {}),
  }
}

/** A cursor of ours: the number or place of the last row seen. */
function cursorOf(after: string | undefined, maximum: bigint): bigint | undefined {
  if (after === undefined) return undefined
  const place = /^[0-9]{1,18}$/.test(after) ? BigInt(after) : undefined
  if (place === undefined || place > maximum)
    throw new Refusal('validation_failed', { field: 'after' }, 'after is not a cursor of this list')
  return place
}

export function settlementRoutes(
  api: Face,
  { db }: Pick<Platform, 'db'>,
  rooms: { ledger: Pick<Ledger, 'accounts'>; merchants: Pick<Merchants, 'readMerchants'> },
  caller: ShopCaller,
): void {
  api.get(
    '/merchant/v1/settlements',
    {
      schema: {
        tags,
        summary: 'Pay-outs to the bank, newest first, and what is owed now',
        querystring: PageQuerySchema,
        response: { 200: SettlementListSchema },
      },
    },
    async (request) => {
      const merchantId = caller.merchantOf(request)
      const limit = request.query.limit ?? 30
      const merchant = (await rooms.merchants.readMerchants(db.read, [merchantId])).get(merchantId)!
      const terms = (await readTerms(db.read, [merchantId])).get(merchantId)
      const accounts = await rooms.ledger.accounts(db.read, [
        merchant.payableAccountId,
        ...(terms ? [terms.reserveAccountId] : []),
      ])
      const payable = accounts.get(merchant.payableAccountId)!
      const reserve = terms ? accounts.get(terms.reserveAccountId)! : undefined
      const settlements = await store.listSettlements(
        db.read,
        merchantId,
        cursorOf(request.query.after, (1n << 40n) - 1n),
        limit,
      )
      return {
        balance: money(payable.balanceMinor - payable.heldMinor, merchant.currency),
        onItsWay: money(payable.heldMinor, merchant.currency),
        reserve: money(reserve?.balanceMinor ?? 0n, merchant.currency),
        ...(terms ? { nextPayOutAt: terms.nextDueAt.toISOString() } : {}),
        settlements: settlements.map(present),
        ...(settlements.length === limit ? { next: settlements.at(-1)!.number.toString() } : {}),
      }
    },
  )

  api.get(
    '/merchant/v1/settlements/:number',
    {
      schema: {
        tags,
        summary: 'One pay-out with its payments, refunds and releases',
        params: Type.Object({ number: ReferenceSchema }),
        querystring: PageQuerySchema,
        response: { 200: SettlementDetailSchema },
      },
    },
    async (request) => {
      const parsed = parseReference(request.params.number)
      const settlement =
        parsed?.prefix === 'ST'
          ? await store.readSettlement(db.read, caller.merchantOf(request), parsed.number)
          : undefined
      if (!settlement) throw new Refusal('not_found')
      const limit = request.query.limit ?? 30
      const after = Number(cursorOf(request.query.after, 2_147_483_647n) ?? 0n)
      const lines = await store.listLines(db.read, settlement.number, after, limit)
      const amount = (amountMinor: bigint) => money(amountMinor, settlement.currency)
      return {
        ...present(settlement),
        lines: lines.map((line) => ({
          kind: line.kind,
          reference: line.reference,
          gross: amount(line.grossMinor),
          fee: amount(line.feeMinor),
          reserve: amount(line.reserveMinor),
          net: amount(line.netMinor),
          effectiveAt: line.effectiveAt.toISOString(),
        })),
        ...(lines.length === limit ? { next: String(lines.at(-1)!.place) } : {}),
      }
    },
  )
}

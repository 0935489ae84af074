// Settlements: what Tuntas owes a shop goes to its bank. Fee and reserve are taken when the shop is credited; on each working
// day what is owed is held, sent once, and posted when the bank says that it is paid.
import type { Currency } from '#contract/money.ts'
import type { Hop } from '#contract/trace.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { readHolidays } from '#platform/holidays.ts'
import type { Platform } from '#platform/platform.ts'
import type { Audit } from '#modules/audit/index.ts'
import type { Ledger, TransferRequest } from '#modules/ledger/index.ts'
import type { Merchants } from '#modules/merchants/index.ts'
import { uuidv7 } from '#contract/ids.ts'
import { chargesOf, nextPayOutAt, releaseDayOf } from './charges.rules.ts'
import { makeDueSettlements } from './make-settlement.ts'
import type { OutgoingTransfers } from '#modules/rails/index.ts'
import { callBankForDue } from './pay-out.ts'
import { settledHopOf } from './settled-hop.ts'
import type { StoredTerms, Terms } from './settlement.ts'
import * as store from './settlement.sql.ts'
import * as terms from './terms.sql.ts'

export { addDays, chargesOf, isWorkingDay, nextPayOutAt, releaseDayOf } from './charges.rules.ts'
export { giveAccount } from './give-account.ts'
export {
  importSettlements,
  savePastDue,
  takeSettlementNumbers,
  type PastSettlement,
} from './import-settlements.ts'
export { createRefusedPayOuts, type RefusedPayOutNeeds, type RefusedPayOuts } from './refused-pay-outs.ts'
export { shopAccountRoutes } from './refused.routes.ts'
export { settlementRoutes } from './settlement.routes.ts'
export type { Settlement, StoredTerms, Terms } from './settlement.ts'

/** A shop is about to be credited with a payment. */
export interface ShopCredit {
  merchantId: string
  payableAccountId: string
  amountMinor: bigint
  currency: Currency
  /** The payment's, e.g. TN-7Q2M-93TD. */
  reference: string
  effectiveAt: Date
}

export interface Settlements {
  /** Writes what a shop agreed to; from the next credit and the next pay-out on. */
  setTerms(tx: Transaction, terms: Terms): Promise<StoredTerms>
  termsOf(sql: Sql, merchantIds: readonly string[]): Promise<Map<string, StoredTerms>>
  /**
   * The transfers that fee and reserve of these credits are, to be posted after them in the same `post`. Call once for a credit:
   * what is kept back is noted here, in the caller's transaction.
   */
  chargesOn(tx: Transaction, credits: readonly ShopCredit[]): Promise<TransferRequest[]>
  /** Where a shop's money stands: lock `payable` and then `reserve`, in one `lockAccounts`. No reserve without terms. */
  accountsOf(
    sql: Sql,
    merchantIds: readonly string[],
  ): Promise<Map<string, { payableAccountId: string; reserveAccountId: string | undefined }>>
  /** When pay-outs of these terms leave, after `from` and up to `until`. */
  payOutTimes(sql: Sql, shop: Terms, from: Date, until: Date): Promise<Date[]>
  /** The last hop of the trace of a payment whose shop is credited. */
  settledHop(payment: { merchantId: string; reference: string }): Promise<Hop>
  /** Wakes the loop that makes settlements: one is due at once. */
  wake(): void
  /** Makes the settlements that are due; the loop does it by itself. */
  makeDue(): Promise<number>
  /** Takes one round of due calls to the bank; the loop does it by itself. */
  payDue(): Promise<number>
}

export interface SettlementsNeeds {
  ledger: Ledger
  merchants: Pick<Merchants, 'readMerchants'>
  audit: Audit
  bank: OutgoingTransfers
}

export function createSettlements(platform: Platform, needs: SettlementsNeeds): Settlements {
  const { db, clock } = platform
  const { ledger, merchants, bank } = needs
  const payDue = () => callBankForDue(platform, needs, bank)
  const paying = platform.jobs.loop('settlements-pay', 1000, payDue)
  async function makeDue(): Promise<number> {
    const looked = await makeDueSettlements(platform, needs)
    if (looked > 0) {
      platform.events.wake()
      paying.wake()
    }
    return looked
  }
  const making = platform.jobs.loop('settlements-make', 2000, makeDue)

  return {
    wake: () => making.wake(),
    makeDue,
    payDue,
    termsOf: terms.readTerms,
    async setTerms(tx, wanted) {
      const merchant = (await merchants.readMerchants(tx, [wanted.merchantId])).get(wanted.merchantId)
      if (!merchant) throw new Error(`there is no shop ${wanted.merchantId}`)
      const { currency } = merchant
      const now = clock.now()
      const stored: StoredTerms = {
        ...wanted,
        currency,
        payableAccountId: merchant.payableAccountId,
        reserveAccountId: await ledger.ensureSystemAccount(tx, {
          kind: 'shop_reserve',
          currency,
          ownerId: merchant.id,
          minimumMinor: 0n,
        }),
        feesAccountId: await ledger.ensureSystemAccount(tx, { kind: 'fees', currency }),
        nextDueAt: nextPayOutAt(wanted, now, await readHolidays(tx, wanted.calendar)),
        settledEntry: 0n,
        settledAt: now,
      }
      await terms.saveTerms(tx, stored)
      await needs.audit.record(tx, [
        {
          who: { kind: 'system' },
          action: 'settlement.terms_set',
          resource: { kind: 'merchant', id: merchant.id },
          at: now,
          detail: {
            feeBasisPoints: wanted.feeBasisPoints,
            feeFixedMinor: wanted.feeFixedMinor.toString(),
            reserveBasisPoints: wanted.reserveBasisPoints,
            reserveDays: wanted.reserveDays,
          },
        },
      ])
      return (await terms.readTerms(tx, [merchant.id])).get(merchant.id)!
    },
    async chargesOn(tx, credits) {
      const agreed = await terms.readTerms(tx, [...new Set(credits.map((credit) => credit.merchantId))])
      const kept: terms.KeptBack[] = []
      const transfers = credits.flatMap((credit) => {
        const shop = agreed.get(credit.merchantId)
        if (!shop || shop.currency !== credit.currency) return []
        const { feeMinor, reserveMinor } = chargesOf(shop, credit.amountMinor, credit.currency)
        if (reserveMinor > 0n)
          kept.push({
            merchantId: shop.merchantId,
            releaseDay: releaseDayOf(shop, credit.effectiveAt),
            amountMinor: reserveMinor,
          })
        return [
          { kind: 'shop_fee', creditAccountId: shop.feesAccountId, amountMinor: feeMinor },
          { kind: 'shop_reserve', creditAccountId: shop.reserveAccountId, amountMinor: reserveMinor },
        ]
          .filter((leg) => leg.amountMinor > 0n)
          .map((leg) => ({
            ...leg,
            id: uuidv7(),
            debitAccountId: credit.payableAccountId,
            currency: credit.currency,
            reference: credit.reference,
            effectiveAt: credit.effectiveAt,
          }))
      })
      await terms.addReserves(tx, kept)
      return transfers
    },
    async accountsOf(sql, merchantIds) {
      const [shops, agreed] = [
        await merchants.readMerchants(sql, merchantIds),
        await terms.readTerms(sql, merchantIds),
      ]
      return new Map(
        [...shops].map(([id, { payableAccountId }]) => [
          id,
          { payableAccountId, reserveAccountId: agreed.get(id)?.reserveAccountId },
        ]),
      )
    },
    async payOutTimes(sql, shop, from, until) {
      const holidays = await readHolidays(sql, shop.calendar)
      const times: Date[] = []
      for (let at = nextPayOutAt(shop, from, holidays); at <= until; at = nextPayOutAt(shop, at, holidays))
        times.push(at)
      return times
    },
    async settledHop({ merchantId, reference }) {
      const [settlement, agreed] = await Promise.all([
        store.findSettlementOf(db.read, merchantId, reference),
        terms.readTerms(db.read, [merchantId]),
      ])
      return settledHopOf(settlement, agreed.get(merchantId))
    },
  }
}

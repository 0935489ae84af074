// For tests only: shops with terms on a real ledger, and a bank that pays each reference once and misbehaves as told.
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createMerchants } from '#modules/merchants/index.ts'
import type { OutgoingTransfer, OutgoingTransfers, TransferAnswer } from '#modules/rails/index.ts'
import { createSettlements, type Terms } from './index.ts'

/** What happens to one call: `lost` does it and loses the answer, `not_sent` never reaches the bank, `crash` ends the caller. */
export type Fault = 'lost' | 'not_sent' | 'refused' | 'crash_before' | 'crash_after'

export class Crash extends Error {}

export interface TestBank extends OutgoingTransfers {
  /** References paid, each once, with what was paid. */
  readonly paid: Map<string, bigint>
  readonly refused: Set<string>
  /** Used up one a call, transfers and inquiries alike; then everything goes well. */
  readonly faults: (Fault | undefined)[]
  readonly calls: string[]
}

export function createTestBank(): TestBank {
  const lost: TransferAnswer = { outcome: 'unknown', why: 'timeout' }
  const bank: TestBank = {
    paid: new Map(),
    refused: new Set(),
    faults: [],
    calls: [],
    async transferOut({ partnerReference, amountMinor }: OutgoingTransfer) {
      const fault = bank.faults.shift()
      if (fault === 'crash_before') throw new Crash()
      bank.calls.push(`transfer ${partnerReference}`)
      if (fault === 'not_sent') return lost
      if (bank.paid.has(partnerReference) || bank.refused.has(partnerReference))
        return { outcome: 'unknown', why: '4091801' }
      if (fault === 'refused') {
        bank.refused.add(partnerReference)
        return { outcome: 'refused', code: '4041811', message: 'Invalid Account' }
      }
      bank.paid.set(partnerReference, amountMinor)
      if (fault === 'crash_after') throw new Crash()
      return fault === 'lost' ? lost : { outcome: 'paid', bankReference: `ML-${partnerReference}` }
    },
    async transferStatus({ partnerReference }) {
      const fault = bank.faults.shift()
      if (fault === 'crash_before') throw new Crash()
      bank.calls.push(`status ${partnerReference}`)
      if (fault) return lost
      if (bank.paid.has(partnerReference)) return { outcome: 'paid', bankReference: `ML-${partnerReference}` }
      return bank.refused.has(partnerReference)
        ? { outcome: 'refused', code: '06', message: 'Failed' }
        : { outcome: 'not_found' }
    },
  }
  return bank
}

export const defaultTerms: Omit<Terms, 'merchantId'> = {
  feeBasisPoints: 70,
  feeFixedMinor: 0n,
  reserveBasisPoints: 500,
  reserveDays: 7,
  zone: 'Asia/Jakarta',
  calendar: 'ID',
  payOutMinute: 600,
  minimumPayOutMinor: 1_000_000n,
  bank: { bankCode: '0140397', accountNumber: '7001129045', accountName: 'PT Toko Uji' },
}

export type TestWorld = Awaited<ReturnType<typeof createTestWorld>>

/** Friday 20 November 2026, 13:00 in Jakarta: the next pay-out is on Monday at 10:00. */
export async function createTestWorld(start = '2026-11-20T06:00:00.000Z') {
  const platform: TestPlatform = await createTestPlatform(start)
  const audit = createAudit(platform)
  const ledger = createLedger(platform)
  const merchants = createMerchants(platform, { ledger })
  const bank = createTestBank()
  const settlements = createSettlements(platform, { ledger, merchants, audit, bank })
  const { db, clock } = platform
  let payments = 0n

  return {
    platform,
    ledger,
    merchants,
    bank,
    settlements,
    /** Another process on the same database. */
    otherProcess: () => createSettlements(platform, { ledger, merchants, audit, bank }),
    async newShop(terms: Partial<Terms> = {}) {
      return db.transaction(async (tx) => {
        const { merchantId } = await merchants.createMerchant(tx, { name: 'Toko Uji', category: 'books' })
        return settlements.setTerms(tx, { ...defaultTerms, ...terms, merchantId })
      })
    },
    /** A payment that its shop acknowledged: from outside to what the shop is owed, with its charges. Answers its reference. */
    async credit(merchantId: string, rupiah: bigint): Promise<string> {
      const reference = referenceOf('TN', ++payments)
      await db.transaction(async (tx) => {
        const shop = (await merchants.readMerchants(tx, [merchantId])).get(merchantId)!
        const outside = await ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
        const leg = {
          amountMinor: rupiah * 100n,
          currency: 'IDR' as const,
          reference,
          effectiveAt: clock.now(),
        }
        const { unacknowledgedAccountId, payableAccountId } = shop
        await ledger.post(tx, [
          {
            ...leg,
            id: uuidv7(),
            kind: 'payment',
            debitAccountId: outside,
            creditAccountId: unacknowledgedAccountId,
          },
          {
            ...leg,
            id: uuidv7(),
            kind: 'shop_credited',
            debitAccountId: unacknowledgedAccountId,
            creditAccountId: payableAccountId,
          },
          ...(await settlements.chargesOn(tx, [{ ...leg, merchantId, payableAccountId }])),
        ])
      })
      return reference
    },
    /** Money back for a payment: from what the shop is owed and, where that is too little, from its reserve. */
    async refund(merchantId: string, reference: string, rupiah: bigint): Promise<boolean> {
      return db.transaction(async (tx) => {
        const { payableAccountId, reserveAccountId } = (await settlements.accountsOf(tx, [merchantId])).get(
          merchantId,
        )!
        const outside = await ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
        const accounts = await ledger.lockAccounts(tx, [payableAccountId, reserveAccountId!, outside])
        const payable = accounts.get(payableAccountId)!
        const reserve = accounts.get(reserveAccountId!)!
        const amountMinor = rupiah * 100n
        const missing = amountMinor - (payable.balanceMinor - payable.heldMinor)
        if (missing > reserve.balanceMinor) return false
        const leg = { currency: 'IDR' as const, reference, effectiveAt: clock.now() }
        await ledger.post(tx, [
          ...(missing > 0n
            ? [
                {
                  ...leg,
                  id: uuidv7(),
                  kind: 'shop_reserve_used',
                  debitAccountId: reserveAccountId!,
                  creditAccountId: payableAccountId,
                  amountMinor: missing,
                },
              ]
            : []),
          {
            ...leg,
            id: uuidv7(),
            kind: 'refund',
            debitAccountId: payableAccountId,
            creditAccountId: outside,
            amountMinor,
          },
        ])
        return true
      })
    },
    /** What stands on the shop's accounts, in minor units. */
    async standing(merchantId: string) {
      const accounts = (await settlements.accountsOf(db.read, [merchantId])).get(merchantId)!
      const states = await ledger.accounts(db.read, [accounts.payableAccountId, accounts.reserveAccountId!])
      const payable = states.get(accounts.payableAccountId)!
      return {
        payable: payable.balanceMinor,
        held: payable.heldMinor,
        reserve: states.get(accounts.reserveAccountId!)!.balanceMinor,
      }
    },
    /** Moves time to a moment; it never goes back. */
    goTo(at: string) {
      clock.advance(Date.parse(at) - clock.now().getTime())
    },
  }
}

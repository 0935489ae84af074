// For tests only: the rooms that payments need, on a test's own platform, where every PIN is right.
import { uuidv7 } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import type { Platform } from '#platform/platform.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createMerchants } from '#modules/merchants/index.ts'
import { createWallets } from '#modules/wallets/index.ts'
import { createPayments } from './index.ts'
import type { PayRooms } from './pay-order.ts'

export const everyPinIsRight: PayRooms['lockPins'] = async () => ({
  endOf: () => undefined,
  prove: (attempts) => ({
    verdicts: attempts.map(() => ({ verdict: 'right' as const })),
    saved: Promise.resolve(),
  }),
})

export function composeForTests(platform: Platform, lockPins = everyPinIsRight) {
  const audit = createAudit(platform)
  const ledger = createLedger(platform)
  const wallets = createWallets(platform, { ledger, audit })
  const merchants = createMerchants(platform, { ledger })
  const payments = createPayments(platform, { ledger, wallets, merchants, audit, lockPins })
  return { audit, ledger, wallets, merchants, payments }
}

type Rooms = Pick<ReturnType<typeof composeForTests>, 'ledger' | 'wallets' | 'merchants'>

/** Money for a wallet that is open, from the bank. */
export async function topUp(
  tx: Transaction,
  { ledger, wallets }: Rooms,
  { customerId, amountMinor, at }: { customerId: string; amountMinor: bigint; at: Date },
): Promise<void> {
  const bank = await ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
  const wallet = (await wallets.readWallets(tx, [customerId])).get(customerId)!
  await ledger.post(tx, [
    {
      id: uuidv7(),
      debitAccountId: bank,
      creditAccountId: wallet.accountId,
      amountMinor,
      currency: 'IDR',
      kind: 'top_up',
      reference: 'TP-TEST-0001',
      effectiveAt: at,
    },
  ])
}

/** An order of one line that anybody may pay within the hour; its id. */
export async function openOrder(
  tx: Transaction,
  { merchants }: Rooms,
  { merchantId, totalMinor, at }: { merchantId: string; totalMinor: bigint; at: Date },
): Promise<string> {
  const id = uuidv7()
  await merchants.createOrders(tx, [
    {
      id,
      merchantId,
      merchantReference: id,
      totalMinor,
      currency: 'IDR',
      lines: [{ name: 'Book', quantity: 1, amount: { amountMinor: totalMinor.toString(), currency: 'IDR' } }],
      state: 'open',
      returnUrl: undefined,
      cancelUrl: undefined,
      createdAt: at,
      expiresAt: new Date(at.getTime() + 3_600_000),
      customerId: undefined,
      paymentNumber: undefined,
    },
  ])
  return id
}

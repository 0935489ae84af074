// For tests only: the rooms that payments need, on a test's own platform, where every PIN is right.
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

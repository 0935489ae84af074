// For tests only: the payment rooms on a database of one's own, as the crash test prepares, runs and reads them.
// The PIN is always right here; whoever is named in the header is the customer. Never part of the product.
import { createAudit } from '#modules/audit/index.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createMerchants } from '#modules/merchants/index.ts'
import { createWallets } from '#modules/wallets/index.ts'
import { systemClock } from '#platform/clock.ts'
import { readConfig } from '#platform/config.ts'
import { createDatabase } from '#platform/db.ts'
import { createEvents } from '#platform/events.ts'
import { createJobs } from '#platform/jobs.ts'
import { createLogger } from '#platform/log.ts'
import { createMetrics } from '#platform/metrics.ts'
import type { Platform } from '#platform/platform.ts'
import { createReferences } from '#platform/references.ts'
import { everyPinIsRight } from './for-tests.ts'
import { createPayments } from './index.ts'

export const customerHeader = 'x-test-customer'

export function composeForCrash(connectionString: string) {
  const log = createLogger({ level: 'silent' })
  const db = createDatabase({ connectionString, maximumConnections: 6 })
  const jobs = createJobs(log)
  const platform: Platform = {
    config: readConfig({ TUNTAS_SANDBOX: 'on', TUNTAS_PEPPER: Buffer.alloc(32, 7).toString('base64') }),
    db,
    clock: systemClock,
    log,
    jobs,
    metrics: createMetrics(),
    references: createReferences(),
    events: createEvents({ db, jobs }),
  }
  const audit = createAudit(platform)
  const ledger = createLedger(platform)
  const wallets = createWallets(platform, { ledger, audit })
  const merchants = createMerchants(platform, { ledger })
  const payments = createPayments(platform, {
    ledger,
    wallets,
    merchants,
    audit,
    lockPins: everyPinIsRight,
  })
  return { platform, ledger, wallets, merchants, payments }
}

// The rooms that the demo is made in, and what of a demo must be the same when it is made once more.
import type { TestPlatform } from '#platform/testing.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createFunding } from '#modules/funding/index.ts'
import { createIdentity, type IdentityNeeds } from '#modules/identity/index.ts'
import { createLedger } from '#modules/ledger/index.ts'
import { createMerchants } from '#modules/merchants/index.ts'
import { createPayments } from '#modules/payments/index.ts'
import { createRails } from '#modules/rails/index.ts'
import { createSettlements } from '#modules/settlements/index.ts'
import { createStaff } from '#modules/staff/index.ts'
import { createWallets } from '#modules/wallets/index.ts'

/** The rooms of the running product that the story plays in; codes that are sent out end in `codes`. */
export function compose(platform: TestPlatform, codes: string[] = []) {
  const audit = createAudit(platform)
  const notices: IdentityNeeds['notices'] = {
    enqueue: async (_tx, list) => {
      for (const { values } of list) if ('code' in values) codes.push(values.code)
    },
    wake: () => undefined,
  }
  const identity = createIdentity(platform, { audit, notices })
  const ledger = createLedger(platform)
  const wallets = createWallets(platform, { ledger, audit })
  const merchants = createMerchants(platform, { ledger })
  const payments = createPayments(platform, {
    ledger,
    wallets,
    merchants,
    audit,
    lockPins: identity.lockPins,
  })
  const rails = createRails(platform)
  const settlements = createSettlements(platform, { ledger, merchants, audit, bank: rails })
  payments.onSettled(settlements.settledHop)
  const funding = createFunding(
    platform,
    { ledger, wallets, audit, rails },
    {
      authenticate: identity.authenticate,
      tellCustomer: async () => undefined,
      namesOf: async () => new Map(),
    },
  )
  return {
    audit,
    identity,
    ledger,
    wallets,
    merchants,
    payments,
    rails,
    settlements,
    funding,
    staff: createStaff(platform, { audit }),
  }
}

export const options = { webhookUrlOf: (slug: string) => `http://127.0.0.1:7399/shop/${slug}/webhooks` }

/** How much was said and asked for: the same after every kind of start. */
export const spoken = (of: TestPlatform) =>
  of.db.read.one(
    `SELECT (SELECT count(*) FROM desk.messages) AS messages, (SELECT count(*) FROM desk.cases) AS cases,
       (SELECT count(*) FROM refunds.refunds) AS refunds, (SELECT count(*) FROM approvals.approvals) AS approvals,
       (SELECT count(*) FROM demo.story WHERE completed_at IS NULL) AS incomplete`,
  )

/** Everything that the seed decides; secrets and the ledger's own ids are of chance. */
export function fingerprint(of: TestPlatform): Promise<unknown[]> {
  return of.db.read.rows(
    `SELECT id::text, display_name AS name, phone AS detail, created_at AS at, verified::text AS state FROM identity.customers
     UNION ALL SELECT order_id::text, customer_id::text, amount::text || ' ' || coalesce(spendable_after, -1)::text, effective_at,
       state || coalesce(failure_code, '') FROM payments.payments
     UNION ALL SELECT transfer_id::text, customer_id::text, amount::text || ' ' || balance_after::text, effective_at, state FROM funding.top_ups
       WHERE payment_request_id NOT LIKE 'demo-first-%' AND payment_request_id NOT LIKE 'demo-second-%'
     UNION ALL SELECT id::text, merchant_reference, total::text, created_at, state FROM merchants.orders
     UNION ALL SELECT id::text, name, city, NULL, category FROM merchants.merchants
     ORDER BY 4, 1, 2`,
  )
}

// The server under measurement, in a process of its own: the real rooms and the customers' face on a fresh database.
// Asked over IPC to prepare customers and orders; everything of a payment is as in the product, webhooks' deliveries aside.
import { randomBytes } from 'node:crypto'
import { uuidv7 } from '#contract/ids.ts'
import { readConfig } from '#platform/config.ts'
import { createDatabase } from '#platform/db.ts'
import { hashToken } from '#platform/keys.ts'
import { createLogger } from '#platform/log.ts'
import { migrate } from '#platform/migrate.ts'
import { saveSession } from '../server/modules/identity/sessions.sql.ts'
import { composePlatform, composeRooms } from '../server/compose.ts'
import { buildCustomersFace } from '../server/faces.ts'

const connectionString = process.argv[2]!
const config = readConfig({ TUNTAS_SANDBOX: 'on', TUNTAS_PEPPER: randomBytes(32).toString('base64') })
const migrations = new URL('../migrations/', import.meta.url)

const db = createDatabase({ connectionString, maximumConnections: 1 })
await migrate(db, migrations)
await db.close()
const platform = await composePlatform(config, createLogger({ level: 'error' }), connectionString, {
  withoutJobs: ['webhooks'],
})
const lanes = Number(process.env['TUNTAS_BENCH_LANES'] ?? 0)
const maximumSize = Number(process.env['TUNTAS_BENCH_BATCH'] ?? 0)
const overlapFrom = Number(process.env['TUNTAS_BENCH_OVERLAP'] ?? 0)
const rooms = composeRooms(platform, {
  payments: {
    ...(lanes ? { lanes } : {}),
    ...(maximumSize ? { maximumSize } : {}),
    ...(overlapFrom ? { overlapFrom } : {}),
  },
})
const face = await buildCustomersFace(platform, rooms)
await face.listen({ port: 0, host: '127.0.0.1' })
platform.jobs.start()

const pin = '271828'

async function prepareCustomers(count: number): Promise<string[]> {
  const now = platform.clock.now()
  const tokens: string[] = []
  for (let done = 0; done < count; done += 500) {
    const ids = Array.from({ length: Math.min(500, count - done) }, () => uuidv7())
    await platform.db.transaction(async (tx) => {
      await rooms.identity.createCustomers(
        tx,
        ids.map((id, index) => ({
          id,
          displayName: `Customer ${done + index}`,
          email: `customer-${done + index}@example.com`,
          locale: 'en' as const,
          verified: true,
          passwordHash: 'none',
          pin,
          createdAt: now,
        })),
      )
      await rooms.wallets.open(
        tx,
        ids.map((customerId) => ({ customerId, verified: true })),
      )
      const bank = await rooms.ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
      const wallets = await rooms.wallets.readWallets(tx, ids)
      await rooms.ledger.post(
        tx,
        ids.map((id) => ({
          id: uuidv7(),
          debitAccountId: bank,
          creditAccountId: wallets.get(id)!.accountId,
          amountMinor: 1_900_000_000n,
          currency: 'IDR' as const,
          kind: 'top_up',
          reference: 'TP-0000-0000',
          effectiveAt: now,
        })),
      )
      for (const id of ids) {
        const token = randomBytes(32).toString('base64url')
        tokens.push(token)
        await saveSession(tx, {
          id: uuidv7(),
          tokenHash: hashToken(token),
          customerId: id,
          deviceId: undefined,
          createdAt: now,
          expiresAt: new Date(now.getTime() + 86_400_000),
        })
      }
    })
  }
  // Many payments by few customers: the count per day would end the measurement, not the customers' money.
  await platform.db.read.run("UPDATE wallets.limit_sets SET count_per_day = 1000000 WHERE name = 'verified'")
  return tokens
}

const shops: string[] = []

async function prepareOrders(count: number): Promise<string[]> {
  while (shops.length < 100) {
    const shop = await platform.db.transaction((tx) =>
      rooms.merchants.createMerchant(tx, { name: `Shop ${shops.length}`, category: 'books' }),
    )
    shops.push(shop.merchantId)
  }
  const now = platform.clock.now()
  const ids: string[] = []
  for (let done = 0; done < count; done += 2000) {
    const orders = Array.from({ length: Math.min(2000, count - done) }, (_, index) => ({
      id: uuidv7(),
      merchantId: shops[(done + index) % shops.length]!,
      merchantReference: uuidv7(),
      totalMinor: 100n,
      currency: 'IDR' as const,
      lines: [{ name: 'Book', quantity: 1, amount: { amountMinor: '100', currency: 'IDR' as const } }],
      state: 'open' as const,
      returnUrl: undefined,
      cancelUrl: undefined,
      createdAt: now,
      expiresAt: new Date(now.getTime() + 86_400_000),
      customerId: undefined,
      paymentNumber: undefined,
    }))
    ids.push(...(await platform.db.transaction((tx) => rooms.merchants.createOrders(tx, orders))))
  }
  await platform.db.read.run('VACUUM (ANALYZE)')
  return ids
}

/** What the database says was done: the only witness. */
async function verify() {
  const check = await rooms.ledger.check(platform.db.read)
  const counts = await platform.db.read.one<{
    payments: bigint
    transfers: bigint
    keys: bigint
    events: bigint
    audited: bigint
  }>(
    `SELECT (SELECT count(*) FROM payments.payments WHERE state = 'completed') AS payments,
            (SELECT count(*) FROM ledger.transfers WHERE kind = 'payment') AS transfers,
            (SELECT count(*) FROM payments.idempotency) AS keys,
            (SELECT count(*) FROM platform.outbox WHERE type = 'payment.completed') AS events,
            (SELECT count(*) FROM audit.entries WHERE action = 'payment.completed') AS audited`,
  )
  return {
    sums: Object.values(check.sumsPerCurrency).every((sum) => sum === 0n),
    brokenAccounts: check.brokenAccounts.length,
    ...Object.fromEntries(Object.entries(counts).map(([name, value]) => [name, Number(value)])),
    batches: { ...rooms.payments.statistics },
    refusals: Object.fromEntries(
      (await platform.metrics.refusals.get()).values.map(({ labels, value }) => [labels.code, value]),
    ),
  }
}

const tasks: Record<string, (argument: number) => Promise<unknown>> = {
  customers: prepareCustomers,
  orders: prepareOrders,
  verify,
}

process.on('message', async ({ id, task, argument }: { id: number; task: string; argument: number }) => {
  try {
    process.send!({ id, result: await tasks[task]!(argument) })
  } catch (error) {
    process.send!({ id, error: String((error as Error).stack) })
  }
})
process.on('disconnect', () => process.exit(0))
process.send!({ port: (face.server.address() as { port: number }).port, pin })

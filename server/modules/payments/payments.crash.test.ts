// Payments while the app and PostgreSQL are killed outright: each request is repeated with its key until it is answered.
// Afterwards every acknowledged payment exists once, no order is paid twice, and no rupiah is made or lost.
import { fork, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parseReference, uuidv7 } from '#contract/ids.ts'
import { startEmbedded, type EmbeddedDatabase } from '#platform/embedded/index.ts'
import { binariesForTests } from '#platform/embedded/for-tests.ts'
import { killOutright } from '#platform/embedded/kill-outright-for-tests.ts'
import { migrate } from '#platform/migrate.ts'
import { composeForCrash, customerHeader } from './crash-for-tests.ts'

const customersCount = 10
const ordersCount = 240
const atOnce = 16
const totalMinor = 1_000n
const fundsMinor = 1_000_000n

interface Intent {
  customerId: string
  key: string
  orderId: string
}
type Answer = { status: number; body: Record<string, unknown> }

let folder: string
let database: EmbeddedDatabase
let rooms: ReturnType<typeof composeForCrash>
let server: { child: ChildProcess; port: number }
let shopAccountId: string
let intents: Intent[]

beforeAll(async () => {
  folder = mkdtempSync('/tmp/tuntas-crash-')
  chmodSync(folder, 0o755)
  await startDatabase()
  rooms = composeForCrash(database.connectionString)
  await migrate(rooms.platform.db, new URL('../../../migrations/', import.meta.url))
  intents = await prepare()
  await startServer()
})
afterAll(async () => {
  server?.child.kill('SIGKILL')
  await rooms?.payments.close()
  await rooms?.platform.db.close()
  await database?.stop()
  rmSync(folder, { recursive: true, force: true })
})

async function startDatabase() {
  database = await startEmbedded({
    dataDir: path.join(folder, 'data'),
    log: () => undefined,
    binaries: binariesForTests(),
  })
}

async function startServer() {
  const script = fileURLToPath(new URL('./crash-server-for-tests.ts', import.meta.url))
  const child = fork(script, [database.connectionString], { execArgv: [] })
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve(message as number))
    child.once('exit', () => reject(new Error('the server ended before it was ready')))
  })
  server = { child, port }
}

async function killServer() {
  const ended = new Promise((resolve) => server.child.once('exit', resolve))
  server.child.kill('SIGKILL')
  await ended
}

/** The postmaster and every process of it, at once and without a word. */
async function killDatabase() {
  await killOutright(database.pid)
  await database.stop()
  await startDatabase()
}

/** Customers with money, a shop, and for every order two people who want to pay it, one of them twice. */
async function prepare(): Promise<Intent[]> {
  const { platform, ledger, wallets, merchants } = rooms
  const now = platform.clock.now()
  const customers = Array.from({ length: customersCount }, () => uuidv7())
  const orderIds = await platform.db.transaction(async (tx) => {
    await wallets.open(
      tx,
      customers.map((customerId) => ({ customerId, verified: true })),
    )
    const bank = await ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
    const opened = await wallets.readWallets(tx, customers)
    await ledger.post(
      tx,
      customers.map((customerId) => ({
        id: uuidv7(),
        debitAccountId: bank,
        creditAccountId: opened.get(customerId)!.accountId,
        amountMinor: fundsMinor,
        currency: 'IDR' as const,
        kind: 'top_up',
        reference: 'TP-TEST-0001',
        effectiveAt: now,
      })),
    )
    const shop = await merchants.createMerchant(tx, { name: 'Toko Uji', category: 'books' })
    shopAccountId = (await merchants.readMerchants(tx, [shop.merchantId])).get(
      shop.merchantId,
    )!.unacknowledgedAccountId
    return merchants.createOrders(
      tx,
      Array.from({ length: ordersCount }, () => ({
        id: uuidv7(),
        merchantId: shop.merchantId,
        merchantReference: uuidv7(),
        totalMinor,
        currency: 'IDR' as const,
        lines: [
          {
            name: 'Buku',
            quantity: 1,
            amount: { amountMinor: String(totalMinor), currency: 'IDR' as const },
          },
        ],
        state: 'open' as const,
        returnUrl: undefined,
        cancelUrl: undefined,
        createdAt: now,
        expiresAt: new Date(now.getTime() + 3_600_000),
        customerId: undefined,
        paymentNumber: undefined,
      })),
    )
  })
  return orderIds.flatMap((orderId, index) =>
    [index, index + 1, index].map((customer) => ({
      customerId: customers[customer % customersCount]!,
      key: uuidv7(),
      orderId,
    })),
  )
}

async function ask(intent: Intent): Promise<Answer | undefined> {
  try {
    const response = await fetch(`http://127.0.0.1:${server.port}/api/checkout/${intent.orderId}/pay`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-tuntas-csrf': '1',
        'idempotency-key': intent.key,
        [customerHeader]: intent.customerId,
      },
      body: JSON.stringify({
        pin: '123456',
        expectedTotal: { amountMinor: String(totalMinor), currency: 'IDR' },
      }),
      signal: AbortSignal.timeout(10_000),
    })
    const { instance: _, ...body } = (await response.json()) as Record<string, unknown>
    return { status: response.status, body }
  } catch {
    return undefined
  }
}

/** Asks with the same key until there is an answer that is one. A fault of ours is none of those to be repeated. */
async function askUntilAnswered(intent: Intent): Promise<Answer> {
  for (;;) {
    const answer = await ask(intent)
    const open = !answer || ['outcome_unknown', 'busy', 'shutting_down'].includes(String(answer.body['code']))
    if (!open) return answer
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function askAll(onAnswer?: (answered: number) => Promise<void> | undefined): Promise<Answer[]> {
  const answers: Answer[] = []
  const troubles: Promise<void>[] = []
  let next = 0
  let answered = 0
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let index = next++; index < intents.length; index = next++) {
        answers[index] = await askUntilAnswered(intents[index]!)
        const trouble = onAnswer?.(++answered)
        if (trouble) troubles.push(trouble)
      }
    }),
  )
  await Promise.all(troubles)
  return answers
}

it('nothing is lost, doubled or made when the app and the database are killed on the way', async () => {
  const restartServer = () => killServer().then(startServer)
  const kills: [number, () => Promise<void>][] = [
    [60, restartServer],
    [170, restartServer],
    [280, killDatabase],
    [390, restartServer],
    [500, () => Promise.all([killServer(), killDatabase()]).then(startServer)],
    [620, restartServer],
  ]
  const answers = await askAll((answered) => {
    if (answered !== kills[0]?.[0]) return undefined
    return kills.shift()![1]()
  })
  expect(kills).toEqual([])

  // What was answered is one of two things: paid, or already paid by the other one.
  const outcomes = answers.map(({ status, body }) => (status === 200 ? 'paid' : body['code']))
  expect([...new Set(outcomes)].toSorted()).toEqual(['order_paid', 'paid'])

  // Every key keeps its one answer.
  expect(await askAll()).toEqual(answers)

  const { platform, ledger, wallets } = rooms
  const { db } = platform
  const paid = intents.flatMap((intent, index) =>
    answers[index]!.status === 200
      ? [{ ...intent, number: parseReference(String(answers[index]!.body['reference']))!.number }]
      : [],
  )
  expect(new Set(paid.map(({ orderId }) => orderId)).size).toBe(ordersCount)
  expect(paid).toHaveLength(ordersCount)
  const rows = await db.read.rows<{ number: bigint; order_id: string; customer_id: string }>(
    "SELECT number, order_id, customer_id FROM payments.payments WHERE state = 'completed' ORDER BY number",
  )
  const byNumber = (left: { number: bigint }, right: { number: bigint }) => Number(left.number - right.number)
  expect(rows).toEqual(
    paid
      .toSorted(byNumber)
      .map(({ number, orderId, customerId }) => ({ number, order_id: orderId, customer_id: customerId })),
  )
  const counts = await db.read.one(
    `SELECT (SELECT count(*) FROM payments.idempotency) AS keys,
            (SELECT count(*) FROM ledger.transfers WHERE kind = 'payment') AS transfers,
            (SELECT count(*) FROM merchants.orders WHERE state = 'paid') AS orders,
            (SELECT count(*) FROM platform.outbox WHERE type = 'payment.completed') AS events,
            (SELECT count(*) FROM audit.entries WHERE action = 'payment.completed') AS audited`,
  )
  const orders = BigInt(ordersCount)
  expect(counts).toEqual({
    keys: BigInt(intents.length),
    transfers: orders,
    orders,
    events: orders,
    audited: orders,
  })

  expect(await ledger.check(db.read)).toEqual({ sumsPerCurrency: { IDR: 0n }, brokenAccounts: [] })
  const shop = (await ledger.accounts(db.read, [shopAccountId])).get(shopAccountId)!
  expect(shop.balanceMinor).toBe(orders * totalMinor)
  for (const customerId of new Set(intents.map((intent) => intent.customerId))) {
    const spent = BigInt(paid.filter((payment) => payment.customerId === customerId).length) * totalMinor
    const { balance, held, limits } = await wallets.view(customerId)
    expect([balance.amountMinor, held.amountMinor, limits.usedToday.amountMinor]).toEqual([
      String(fundsMinor - spent),
      '0',
      String(spent),
    ])
  }
})

// Demo data: some shops, some hundred customers and three months of their money, made once from a seed. Everything stands
// after one commit or nothing does. Never in production: it is asked for only where the sandbox runs.
import type { Locale } from '#contract/schema.ts'
import { dayIn, instantOf } from '#platform/days.ts'
import { violatedConstraint, type Sql, type Transaction } from '#platform/db.ts'
import { hashPassword } from '#platform/passwords.ts'
import type { Platform } from '#platform/platform.ts'
import type { Audit } from '#modules/audit/index.ts'
import type { Funding } from '#modules/funding/index.ts'
import type { Identity } from '#modules/identity/index.ts'
import type { Ledger } from '#modules/ledger/index.ts'
import type { Merchant, Merchants } from '#modules/merchants/index.ts'
import type { Payments } from '#modules/payments/index.ts'
import type { Rails } from '#modules/rails/index.ts'
import type { Settlements } from '#modules/settlements/index.ts'
import type { Role, Staff } from '#modules/staff/index.ts'
import type { Wallets } from '#modules/wallets/index.ts'
import { claimStory, completeStory, lockIncompleteStory, readStory, type ToldStory } from './demo.sql.ts'
import { day, type StoryFrame } from './movements.ts'
import { agentPassword, cast, customerPassword, customerPin, demoAgents, inventCustomers } from './people.ts'
import { seededRandom, type Random } from './random.ts'
import { demoShops } from './shops.ts'
import { tellStory } from './story.ts'
import { tellConversations } from './tell-conversations.ts'
import { tellRefunds } from './tell-refunds.ts'
import { writeStory } from './write-story.ts'

/** The rooms that the story plays in; what `composeRooms` gives has them all. */
export interface DemoRooms {
  audit: Audit
  identity: Identity
  ledger: Ledger
  wallets: Wallets
  merchants: Merchants
  payments: Payments
  rails: Rails
  settlements: Settlements
  funding: Funding
  staff: Staff
}

export interface DemoSummary {
  customers: readonly { name: string; contact: string; password: string; pin: string; locale: Locale }[]
  agents: readonly { name: string; email: string; password: string; role: Role }[]
  /** Those that live in the sandbox, with the secrets that they sign with. */
  shops: readonly {
    name: string
    slug: string
    merchantId: string
    keyId: string
    secret: string
    webhookSecret: string
  }[]
}

export interface DemoOptions {
  /** Where a shop of the sandbox hears our webhooks. */
  webhookUrlOf(slug: string): string
  seed?: string
  customers?: number
}

/** One contact, one person: somebody else was here first. */
const contactConstraints = new Set(['customers_phone_key', 'customers_email_key', 'agents_email_key'])

/** Nobody listens there: the system of a shop that answers nobody. */
const unreachableUrl = 'http://127.0.0.1:7399/tuntas'

/**
 * Makes the demo unless it is there, and answers who may sign in and which shops live in the sandbox. Safe when it is called
 * again, by several processes at once, or after it was killed.
 */
export async function ensureDemo(
  platform: Platform,
  rooms: DemoRooms,
  options: DemoOptions,
): Promise<DemoSummary> {
  if (!(await readStory(platform.db.read)) && !(await makeStory(platform, rooms, options)))
    return { customers: [], agents: [], shops: [] }
  const story = (await readStory(platform.db.read))!
  // The sandbox may have another address than at the last start.
  for (const [slug, merchantId] of Object.entries(story.shops))
    await rooms.merchants.moveWebhooks(platform.db.read, merchantId, options.webhookUrlOf(slug))
  if (!story.completed_at) await completeConversations(platform, rooms, story)
  return summarise(platform, rooms, story.shops)
}

/** All of it in one transaction. False when a person of this installation already has a contact of the demo's people. */
async function makeStory(platform: Platform, rooms: DemoRooms, options: DemoOptions): Promise<boolean> {
  // Slow on purpose, so once for all: everybody here has the same password, and it is printed at the start.
  const hashes = {
    customer: await hashPassword(customerPassword),
    agent: await hashPassword(agentPassword),
  }
  try {
    await platform.db.transaction((tx) => writeAll(tx, platform, rooms, options, hashes))
    return true
  } catch (error) {
    const constraint = violatedConstraint(error)
    if (!constraint || !contactConstraints.has(constraint)) throw error
    platform.log.warn({ constraint }, 'there is no demo: somebody here has a contact of one of its people')
    return false
  }
}

async function writeAll(
  tx: Transaction,
  platform: Platform,
  rooms: DemoRooms,
  options: DemoOptions,
  hashes: { customer: string; agent: string },
): Promise<void> {
  const seed = options.seed ?? 'tuntas demo 1'
  const random = seededRandom(seed)
  const toldAt = platform.clock.now()
  const ids = new Map(
    demoShops.map((shop) => [shop.slug, random.uuid(new Date(toldAt.getTime() - 400 * day))]),
  )
  const inSandbox = demoShops.filter((shop) => shop.inSandbox)
  const shops = Object.fromEntries(inSandbox.map(({ slug }) => [slug, ids.get(slug)!]))
  const customers = inventCustomers(random.fork('people'), toldAt, options.customers ?? 300)
  if (!(await claimStory(tx, { seed, customers: customers.length, shops, toldAt }))) return
  await rooms.identity.createCustomers(
    tx,
    customers.map((customer) => ({ ...customer, passwordHash: hashes.customer, pin: customerPin })),
  )
  await rooms.wallets.open(
    tx,
    customers.map(({ id, verified }) => ({ customerId: id, verified })),
  )
  await rooms.funding.giveVirtualAccounts(
    tx,
    customers.map(({ id }) => id),
  )
  const agents = agentsOf(random, hashes.agent, toldAt)
  await rooms.staff.createAgents(tx, agents)
  const frame = await readFrame(tx, platform, rooms, customers, toldAt)
  await writeStory(tx, platform, rooms, {
    random: random.fork('writing'),
    movements: tellStory(random, customers, frame),
    shops: await openShops(tx, rooms, ids, options),
    answerWithinMs: frame.answerWithinMs,
    agentIds: new Map(agents.map(({ email, id }) => [email, id])),
    maximumBalanceMinor: {
      basic: frame.limits.basic.maximumBalanceMinor,
      verified: frame.limits.verified.maximumBalanceMinor,
    },
  })
  await rooms.audit.record(tx, [
    {
      who: { kind: 'system' },
      action: 'demo.made',
      resource: { kind: 'demo', id: seed },
      at: toldAt,
      detail: { customers: customers.length, shops: demoShops.length },
    },
  ])
  await checkLedger(tx, rooms)
}

async function checkLedger(tx: Transaction, rooms: DemoRooms): Promise<void> {
  const check = await rooms.ledger.check(tx)
  if (check.brokenAccounts.length > 0 || Object.values(check.sumsPerCurrency).some((sum) => sum !== 0n))
    throw new Error(`the ledger does not hold after the demo: ${check.brokenAccounts.length} accounts`)
}

/** One start at a time; whoever comes second finds it done. The story itself is invented again, not read back. */
async function completeConversations(platform: Platform, rooms: DemoRooms, story: ToldStory): Promise<void> {
  await platform.db.transaction(async (tx) => {
    if (!(await lockIncompleteStory(tx))) return
    const random = seededRandom(story.seed)
    const toldAt = story.told_at
    const customers = inventCustomers(random.fork('people'), toldAt, story.customers)
    const frame = await readFrame(platform.db.read, platform, rooms, customers, toldAt)
    const world = {
      seed: story.seed,
      toldAt,
      customers,
      movements: tellStory(random, customers, frame),
      agentIds: new Map(agentsOf(random, '', toldAt).map(({ email, id }) => [email, id])),
    }
    const talked = await tellConversations(platform, rooms, world)
    await tellRefunds(tx, platform, rooms, world, talked)
    await checkLedger(tx, rooms)
    await completeStory(tx, platform.clock.now())
  })
}

function agentsOf(seed: Random, passwordHash: string, toldAt: Date) {
  const random = seed.fork('staff')
  const createdAt = new Date(toldAt.getTime() - 200 * day)
  return demoAgents.map((agent) => ({
    id: random.uuid(createdAt),
    email: agent.email,
    displayName: agent.name,
    role: agent.role,
    available: agent.available,
    passwordHash,
    createdAt,
  }))
}

/** The clock and the rules that the story keeps, as the rooms have them. */
async function readFrame(
  sql: Sql,
  platform: Platform,
  rooms: DemoRooms,
  customers: readonly { id: string; verified: boolean }[],
  now: Date,
): Promise<StoryFrame> {
  const zone = platform.config.serviceTimeZone
  const limitsOf = async (verified: boolean) => {
    const { id } = customers.find((customer) => customer.verified === verified)!
    const wallet = (await rooms.wallets.readWallets(sql, [id])).get(id)!
    const { perTransactionMinor, perDayMinor, maximumBalanceMinor } = wallet
    return { perTransactionMinor, perDayMinor, maximumBalanceMinor }
  }
  const midnight = instantOf(zone, dayIn(zone, now)).getTime()
  return {
    now,
    midnight: (daysAgo) => new Date(midnight - daysAgo * day),
    answerWithinMs: (await rooms.payments.silentShopSeconds('IDR')) * 1000,
    limits: { basic: await limitsOf(false), verified: await limitsOf(true) },
  }
}

async function openShops(
  tx: Transaction,
  rooms: DemoRooms,
  ids: ReadonlyMap<string, string>,
  options: DemoOptions,
): Promise<Map<string, Merchant>> {
  for (const shop of demoShops) {
    const webhookUrl = shop.inSandbox
      ? options.webhookUrlOf(shop.slug)
      : shop.unreachable
        ? unreachableUrl
        : undefined
    await rooms.merchants.createMerchant(tx, {
      id: ids.get(shop.slug)!,
      name: shop.name,
      city: shop.city,
      category: shop.category,
      ...(webhookUrl ? { webhookUrl } : {}),
    })
  }
  const merchants = await rooms.merchants.readMerchants(tx, [...ids.values()])
  return new Map([...ids].map(([slug, id]) => [slug, merchants.get(id)!]))
}

async function summarise(
  platform: Platform,
  rooms: DemoRooms,
  shops: Readonly<Record<string, string>>,
): Promise<DemoSummary> {
  const inSandbox = demoShops.filter((shop) => shop.inSandbox)
  return {
    customers: Object.values(cast).map(({ displayName, contact, locale }) => ({
      name: displayName,
      contact,
      password: customerPassword,
      pin: customerPin,
      locale,
    })),
    agents: demoAgents.map(({ name, email, role }) => ({ name, email, password: agentPassword, role })),
    shops: await Promise.all(
      inSandbox.map(async ({ slug, name }) => ({
        name,
        slug,
        ...(await rooms.merchants.readCredentials(platform.db.read, shops[slug]!)),
      })),
    ),
  }
}

// Plays the conversations through the desk's own use cases, each line at its own time. A line that stands already is not
// said twice, so that a start which was killed here goes on at the next one.
import type { Clock } from '#platform/clock.ts'
import { createJobs } from '#platform/jobs.ts'
import type { Platform } from '#platform/platform.ts'
import { createDesk, type Desk } from '#modules/desk/index.ts'
import type { StaffSession } from '#modules/staff/index.ts'
import { createWallets } from '#modules/wallets/index.ts'
import { conversations, type About, type Conversation } from './conversations.ts'
import { readConversations, saveConversation } from './demo.sql.ts'
import { atWork } from './at-work.ts'
import type { DemoRooms } from './index.ts'
import { minute, type Movement } from './movements.ts'
import { cast, type DemoCustomer } from './people.ts'
import { seededRandom } from './random.ts'

export interface ToldWorld {
  seed: string
  toldAt: Date
  customers: readonly DemoCustomer[]
  movements: readonly Movement[]
  /** By e-mail. */
  agentIds: ReadonlyMap<string, string>
}

/** Answers the customers whose conversations these are. */
export async function tellConversations(
  platform: Platform,
  rooms: DemoRooms,
  world: ToldWorld,
): Promise<ReadonlySet<string>> {
  let time = world.toldAt
  const past = pastOf(platform, { now: () => time })
  const desk = createPastDesk(past, rooms, world.agentIds)
  const told = await readConversations(platform.db.read)
  const session = await sessionsOf(platform, rooms, world)
  const taken = new Set<string>(world.customers.slice(0, Object.keys(cast).length).map(({ id }) => id))
  try {
    for (const [place, conversation] of conversations.entries()) {
      const found = findPlace(world, conversation, taken)
      if (!found) continue
      taken.add(found.customer.id)
      if (told.has(place)) continue
      const ids = seededRandom(`${world.seed} conversation ${place}`)
      const reference = found.movement && (await referenceOf(platform, found.movement))
      const at = (agoMinutes: number) => new Date(world.toldAt.getTime() - agoMinutes * minute)
      time = at(conversation.lines[0]!.agoMinutes)
      if (conversation.frozen)
        await createWallets(past, rooms).freeze(found.customer.id, {
          kind: 'customer',
          id: found.customer.id,
        })
      const open = () => desk.open(found.customer.id, reference, conversation.locale)
      const { conversationId } = await open()
      for (const line of conversation.lines) {
        time = at(line.agoMinutes)
        const record = await open()
        if (conversation.lead && line.by !== 'customer' && record.agentId !== session.lead.agentId)
          await desk.change(record.id, 'take', session.lead)
        const agent = conversation.lead
          ? session.lead
          : (session.byId.get(record.agentId ?? '') ?? session.first)
        await desk.send({
          conversationId,
          clientMessageId: ids.uuid(time),
          sender:
            line.by === 'customer'
              ? { kind: 'customer', id: found.customer.id }
              : { kind: 'agent', id: agent.agentId, name: agent.displayName, actor: agent },
          kind: line.by === 'note' ? 'note' : 'text',
          text: line.text,
          language: line.by === 'note' ? undefined : conversation.locale,
        })
      }
      await saveConversation(platform.db.read, place)
      if (conversation.solved) {
        const record = await open()
        await desk.change(record.id, 'solve', session.byId.get(record.agentId ?? '') ?? session.first)
        const { rated } = conversation
        if (rated) {
          time = at(rated.agoMinutes)
          await desk.rate(found.customer.id, conversationId, rated)
        }
      }
    }
  } finally {
    await desk.close()
  }
  return taken
}

/** The same database and secrets at another time, without loops and readers of events of its own. */
function pastOf(platform: Platform, clock: Clock): Platform {
  return {
    ...platform,
    clock,
    jobs: createJobs(platform.log),
    events: { wake: () => platform.events.wake(), consume: () => undefined },
  }
}

/** The desk at that time: the same steps as the running one. */
function createPastDesk(past: Platform, rooms: DemoRooms, agentIds: ToldWorld['agentIds']): Desk {
  return createDesk(past, {
    audit: rooms.audit,
    staff: { ...rooms.staff, ...atWork(rooms.staff, past.db.read, agentIds) },
    // The people of the story send words only.
    files: {
      link: () => Promise.reject(new Error('nobody sends files in the past')),
      readHeld: async () => undefined,
    },
    authenticateCustomer: () => Promise.reject(new Error('nobody signs in to the past')),
    customers: async () => new Map(),
    contactOf: async () => undefined,
    findCustomersByName: async () => [],
    // The helper reads the facts of now; in the past it would say what was not yet so.
    diagnose: async () => undefined,
    actions: {
      askShopAgain: async () => false,
      withdrawRefund: () => Promise.reject(new Error('nobody withdraws in the past')),
      tellMoneyMoved: async () => undefined,
      // Nobody is written to today about a case of weeks ago.
      tellSolved: async () => undefined,
    },
  })
}

export async function sessionsOf(
  platform: Platform,
  rooms: DemoRooms,
  { agentIds }: Pick<ToldWorld, 'agentIds'>,
) {
  const agents = await rooms.staff.agentsByIds(platform.db.read, [...agentIds.values()])
  const byId = new Map(
    [...agents.values()].map((agent): [string, StaffSession] => [
      agent.id,
      {
        sessionId: agent.id,
        agentId: agent.id,
        role: agent.role,
        displayName: agent.displayName,
        email: agent.email,
        available: agent.available,
        customerId: agent.customerId,
      },
    ]),
  )
  const first = byId.get(agentIds.get('bagus@tuntas.example')!)!
  const byEmail = new Map([...byId.values()].map((session) => [session.email, session]))
  return { byId, byEmail, first, lead: byId.get(agentIds.get('dewi@tuntas.example')!)! }
}

interface Place {
  customer: DemoCustomer
  movement: Movement | undefined
}

/** Whose conversation it is, and about what; undefined when the story has nothing of the kind. */
function findPlace(
  world: ToldWorld,
  conversation: Conversation,
  taken: ReadonlySet<string>,
): Place | undefined {
  const { who, locale, about, lines } = conversation
  const before = new Date(world.toldAt.getTime() - lines[0]!.agoMinutes * minute)
  const member = who === 'somebody' ? undefined : cast[who]
  const isPossible = (customer: DemoCustomer) =>
    member
      ? customer.phone === member.phone
      : !taken.has(customer.id) && customer.locale === locale && customer.createdAt < before
  if (!about) {
    const customer = world.customers.find(isPossible)
    return customer && { customer, movement: undefined }
  }
  const movement = world.movements.findLast(
    (each) => each.at < before && isPossible(each.customer) && isAbout(each, about, world.movements),
  )
  return movement && { customer: movement.customer, movement }
}

function isAbout(movement: Movement, about: About, all: readonly Movement[]): boolean {
  if (movement.kind === 'top_up') return about.end === 'top_up'
  const { end, order } = movement
  if (about.end === 'failed') {
    if (end.state !== 'failed' || end.code !== about.code) return false
    return !about.paidAfterwards || all.some((each) => each !== movement && isOf(each, order.id))
  }
  if (about.end === 'top_up') return false
  return end.state === about.end && (about.slug === undefined || order.shop.slug === about.slug)
}

const isOf = (movement: Movement, orderId: string) =>
  movement.kind === 'payment' && movement.order.id === orderId

/** How the product calls this movement. */
async function referenceOf(platform: Platform, movement: Movement): Promise<string | undefined> {
  const next = { at: new Date(movement.at.getTime() + 1), reference: 'TP-0000-0000' }
  const lines = await platform.references.list(movement.customer.id, next, 4)
  const kind = movement.kind
  return lines.find((line) => line.kind === kind && line.effectiveAt === movement.at.toISOString())?.reference
}

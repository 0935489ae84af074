// Plays refunds and decisions through the rooms' own use cases, all stories together in the order in which things happened, in the
// one transaction that completes the demo.
import { referenceOf } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import type { Platform } from '#platform/platform.ts'
import { recordLook } from '#modules/desk/index.ts'
import type { PaymentRecord } from '#modules/payments/index.ts'
import type { StaffSession } from '#modules/staff/index.ts'
import { readWaitingApproval } from './demo.sql.ts'
import type { DemoRooms } from './index.ts'
import { day, minute, rupiah, type DemoPayment } from './movements.ts'
import { createPast, type Past } from './past.ts'
import { cast, type DemoCustomer } from './people.ts'
import { seededRandom } from './random.ts'
import { refundStories, type AgentName, type RefundStep, type RefundStory } from './refund-stories.ts'
import { sessionsOf, type ToldWorld } from './tell-conversations.ts'

/** A story that found its payment; `refund` once it was asked for. */
interface Playing {
  story: RefundStory
  customer: DemoCustomer
  payment: PaymentRecord
  refund?: bigint
  /** Where the customer was first helped with it. */
  conversationId?: string
}

interface Stage {
  past: Past
  agents: Readonly<Record<AgentName, StaffSession>>
  idOf(at: Date): string
}

/** `taken`: customers whose conversations are told elsewhere; nobody has two stories. */
export async function tellRefunds(
  tx: Transaction,
  platform: Platform,
  rooms: DemoRooms,
  world: ToldWorld,
  taken: ReadonlySet<string>,
): Promise<void> {
  const playing = await findPayments(tx, rooms, world, new Set(taken))
  const at = (agoMinutes: number) => new Date(world.toldAt.getTime() - agoMinutes * minute)
  const scenes = playing
    .flatMap((each) => each.story.steps.map((step) => ({ each, step, at: at(step.agoMinutes) })))
    .sort((one, other) => one.at.getTime() - other.at.getTime())
  if (scenes.length === 0) return
  const { byEmail } = await sessionsOf(platform, rooms, world)
  const agent = (name: AgentName) => byEmail.get(`${name}@tuntas.example`)!
  const past = createPast(platform, tx, scenes[0]!.at, world.agentIds)
  const random = seededRandom(`${world.seed} refunds`)
  const stage: Stage = {
    past,
    agents: { bagus: agent('bagus'), sari: agent('sari'), dewi: agent('dewi') },
    idOf: (moment) => random.uuid(moment),
  }
  try {
    for (const scene of scenes) {
      await past.passUntil(scene.at)
      await play(tx, stage, scene.each, scene.step, scene.at)
      const { refund, payment } = scene.each
      await past.moved(
        referenceOf('TN', payment.number),
        refund === undefined ? undefined : referenceOf('RF', refund),
      )
    }
    await past.passUntil(world.toldAt)
  } finally {
    await past.close()
  }
}

async function play(
  tx: Transaction,
  { past, agents, idOf }: Stage,
  each: Playing,
  step: RefundStep,
  at: Date,
): Promise<void> {
  const { rooms } = past
  const { story, customer, payment } = each
  const reference = referenceOf('TN', payment.number)
  const open = () => rooms.desk.open(customer.id, reference, story.locale)
  switch (step.do) {
    case 'ask': {
      const isShop = step.by === 'shop'
      if (!isShop) each.conversationId = (await open()).conversationId
      each.refund = await rooms.refunds.request({
        by: isShop ? { kind: 'merchant', id: payment.merchantId } : { kind: 'customer', id: customer.id },
        key: idOf(at),
        paymentNumber: payment.number,
        amountMinor: step.rupiah === undefined ? undefined : rupiah(step.rupiah),
        reason: step.reason,
        note: step.note,
      })
      return
    }
    case 'agree':
    case 'refuse':
      await rooms.refunds.answer(payment.merchantId, each.refund!, { answer: step.do, note: step.note })
      return
    case 'grant':
    case 'decline': {
      const number = each.refund!
      await rooms.refunds.decide(
        { ...agents[step.agent], presentAt: at },
        { number, decision: step.do, note: step.note },
      )
      return
    }
    case 'approve':
    case 'refuse_approval': {
      const waiting = await readWaitingApproval(tx, referenceOf('RF', each.refund!))
      const { agentId, displayName } = agents[step.agent]
      return rooms.approvals.decide(
        waiting.id,
        { agentId, displayName, mayDecide: true, isPresent: true },
        step.do === 'approve'
          ? { decision: 'approved', payloadHash: waiting.payload_hash.toString('hex') }
          : { decision: 'declined', note: step.note },
      )
    }
    case 'withdraw':
      await rooms.refunds.withdraw(customer.id, each.refund!)
      return
    case 'shop_stays_silent':
      await rooms.payments.returnDue()
      return
    case 'return':
      await rooms.silentShops.decide({ ...agents[step.agent], presentAt: at }, payment.number, {
        decision: 'return',
        note: step.note,
      })
      return
    case 'say':
    case 'reply':
    case 'note': {
      const record = await open()
      const speaker = step.do === 'say' ? undefined : agents[step.agent]
      if (speaker && record.agentId !== speaker.agentId) {
        // Routed to a colleague by load, who hands it over.
        const before = Object.values(agents).find(({ agentId }) => agentId === record.agentId)
        if (before) await rooms.desk.change(record.id, 'release', before)
        await rooms.desk.change(record.id, 'take', speaker)
      }
      await rooms.desk.send({
        conversationId: record.conversationId,
        clientMessageId: idOf(at),
        sender: speaker
          ? { kind: 'agent', id: speaker.agentId, name: speaker.displayName, actor: speaker }
          : { kind: 'customer', id: customer.id },
        kind: step.do === 'note' ? 'note' : 'text',
        text: step.text,
        language: step.do === 'note' ? undefined : story.locale,
      })
      return
    }
    case 'solve': {
      const record = await open()
      return rooms.desk.change(record.id, 'solve', agents[step.agent], 'money_returned')
    }
    case 'look':
      await recordLook(past.platform, { audit: rooms.audit })({
        record: await open(),
        agent: agents[step.agent],
        field: step.field,
        reason: step.field === 'money' ? 'case' : step.reason,
        ...(step.field === 'money' ? { reference } : { visibleUntil: new Date(at.getTime() + 15 * minute) }),
      })
      return
    case 'rate':
      return rooms.desk.rate(customer.id, each.conversationId!, {
        score: step.score,
        comment: step.comment,
      })
    case 'missing':
      return rooms.desk.reopen(customer.id, each.conversationId!, {
        missing: step.text,
        clientMessageId: idOf(at),
        language: story.locale,
      })
  }
}

/** The payment of each story, by its customer; a story for which nothing fits is left out. */
async function findPayments(
  tx: Transaction,
  rooms: DemoRooms,
  world: ToldWorld,
  taken: Set<string>,
): Promise<Playing[]> {
  const playing: Playing[] = []
  for (const story of refundStories) {
    const candidates = world.movements.filter(
      (each): each is DemoPayment => each.kind === 'payment' && isOf(story, each, world.toldAt, taken),
    )
    const chosen = story.payment.unfunded
      ? await leastFunded(tx, rooms, candidates)
      : candidates.at(-1) && { movement: candidates.at(-1)! }
    const payment = chosen && (await rooms.payments.paymentOfOrder(chosen.movement.order.id))
    if (!chosen || !payment) continue
    taken.add(chosen.movement.customer.id)
    playing.push({ story, customer: chosen.movement.customer, payment })
  }
  return playing
}

function isOf(
  { who, locale, payment: wanted }: RefundStory,
  { customer, order, at, end }: DemoPayment,
  now: Date,
  taken: ReadonlySet<string>,
): boolean {
  const isWho =
    who === 'somebody'
      ? !taken.has(customer.id) && customer.locale === locale
      : customer.phone === cast[who].phone
  return (
    isWho &&
    end.state === wanted.end &&
    (end.state === 'waiting' && end.untilDue === true) === (wanted.untilDue === true) &&
    (!wanted.slug || order.shop.slug === wanted.slug) &&
    now.getTime() - at.getTime() >= wanted.fromDaysAgo * day &&
    order.totalMinor >= rupiah(wanted.atLeastRupiah ?? 0) &&
    (!wanted.atMostRupiah || order.totalMinor <= rupiah(wanted.atMostRupiah))
  )
}

/** Of the dearest payments the one whose shop has least with us; undefined when all of them could be given back. */
async function leastFunded(tx: Transaction, rooms: DemoRooms, candidates: readonly DemoPayment[]) {
  const dearest = [...candidates]
    .sort((one, other) => (one.order.totalMinor < other.order.totalMinor ? 1 : -1))
    .slice(0, 40)
  for (const movement of dearest) {
    const payment = await rooms.payments.paymentOfOrder(movement.order.id)
    const shop =
      payment && (await rooms.merchants.readMerchants(tx, [payment.merchantId])).get(payment.merchantId)
    if (!shop) continue
    const reserveId = await rooms.ledger.ensureSystemAccount(tx, {
      kind: 'shop_reserve',
      currency: 'IDR',
      ownerId: shop.id,
      minimumMinor: 0n,
    })
    const accounts = await rooms.ledger.accounts(tx, [shop.payableAccountId, reserveId])
    const fundsMinor = [...accounts.values()].reduce((sum, account) => sum + account.balanceMinor, 0n)
    if (fundsMinor < movement.order.totalMinor - rupiah(30_000)) return { movement }
  }
  return undefined
}

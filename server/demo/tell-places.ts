// Tells of money without a place: held top-ups and refused pay-outs, through the rooms' own use cases, each step at its own time
// among the story's other postings. What the bank answers is the story's to say; the real one hears nothing.
import { referenceOf } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import type { Platform } from '#platform/platform.ts'
import { virtualAccountsOf } from '#modules/funding/index.ts'
import type { OutgoingTransfers } from '#modules/rails/index.ts'
import {
  giveAccount,
  importSettlements,
  savePastDue,
  type PastSettlement,
  type StoredTerms,
} from '#modules/settlements/index.ts'
import type { StaffSession } from '#modules/staff/index.ts'
import { readLastSettlement, readLastTopUp, readWaitingApproval } from './demo.sql.ts'
import { heldStories, type BankAnswer, type HeldStory, type RefusedStory } from './held-stories.ts'
import type { DemoRooms } from './index.ts'
import { hour, minute, rupiah, type Movement } from './movements.ts'
import { createPast, type Past } from './past.ts'
import type { DemoCustomer } from './people.ts'
import type { Random } from './random.ts'
import type { AgentName } from './refund-stories.ts'
import { sessionsOf } from './tell-conversations.ts'

/** Something that people do in the middle of the story, after everything that was posted until then. */
export interface Act {
  at: Date
  run(): Promise<void>
}

/** A shop whose last pay-out its bank refuses, and the ones before. */
export interface RefusedShop {
  terms: StoredTerms
  past: readonly PastSettlement[]
  madeAt: Date
  story: RefusedStory
}

export interface PlaceParts {
  random: Random
  movements: readonly Movement[]
  agentIds: ReadonlyMap<string, string>
  refused: readonly RefusedShop[]
  maximumBalanceMinor: Readonly<Record<'basic' | 'verified', bigint>>
}

/** The acts, oldest first, and what ends the past in which they are told. Call `close` when all have run. */
export async function tellPlaces(
  tx: Transaction,
  platform: Platform,
  rooms: DemoRooms,
  parts: PlaceParts,
): Promise<{ acts: Act[]; close(): Promise<void> }> {
  const now = platform.clock.now()
  const bank = createStoryBank(parts.random)
  const held = heldPlans(parts, now)
  const acts: Act[] = []
  const first = Math.min(...held.map(({ sentAt }) => sentAt.getTime()), now.getTime() - 4 * 24 * hour)
  const past = createPast(platform, tx, new Date(first - hour), parts.agentIds, bank)
  const { byEmail } = await sessionsOf(past.platform, rooms, parts)
  const stage: Stage = {
    tx,
    past,
    bank,
    agent: (name) => ({ ...byEmail.get(`${name}@tuntas.example`)!, presentAt: past.platform.clock.now() }),
    at: (at, run) =>
      void acts.push({
        at,
        async run() {
          await past.passUntil(at)
          await run()
        },
      }),
  }
  const accounts = await virtualAccountsOf(
    tx,
    held.map(({ customer }) => customer.id),
  )
  for (const plan of held) tellHeld(stage, plan, accounts.get(plan.customer.id)!)
  for (const shop of parts.refused) tellRefused(stage, shop, now)
  return {
    acts: acts.sort((one, other) => one.at.getTime() - other.at.getTime()),
    async close() {
      await past.rooms.desk.close()
      await past.rooms.payments.close()
    },
  }
}

interface Stage {
  tx: Transaction
  past: Past
  bank: StoryBank
  agent(name: AgentName): StaffSession
  at(at: Date, run: () => Promise<void>): void
}

type StoryBank = OutgoingTransfers & { answers: BankAnswer }

function createStoryBank(random: Random): StoryBank {
  const answer = async () => {
    if (bank.answers === 'pays')
      return {
        outcome: 'paid',
        bankReference: `ML${random.whole(100_000_000_000, 999_999_999_999)}`,
      } as const
    if (bank.answers === 'is silent') return { outcome: 'unknown', why: 'timeout' } as const
    return { outcome: 'refused', code: '4041811', message: 'Invalid Card/Account/Customer' } as const
  }
  const bank: StoryBank = { answers: 'pays', transferOut: answer, transferStatus: answer }
  return bank
}

interface HeldPlan {
  story: HeldStory
  customer: DemoCustomer
  amountMinor: bigint
  sentAt: Date
}

const step = rupiah(5000)
/** Above it the house asks a second person (`funding.hold_rules`). */
const aloneUpTo = rupiah(1_000_000)

/** A customer for each story: nobody twice, and nobody who does anything else meanwhile. */
function heldPlans({ movements, maximumBalanceMinor }: PlaceParts, now: Date): HeldPlan[] {
  const byCustomer = new Map<DemoCustomer, Movement[]>()
  for (const movement of movements)
    byCustomer.set(movement.customer, [...(byCustomer.get(movement.customer) ?? []), movement])
  const taken = new Set<DemoCustomer>()
  // Those with a name have stories of their own.
  const others = [...byCustomer].slice(3)
  return heldStories.flatMap((story): HeldPlan[] => {
    const maximum = maximumBalanceMinor[story.verified ? 'verified' : 'basic']
    const sentAt = new Date(now.getTime() - story.agoMinutes * minute)
    for (const [customer, own] of others) {
      if (taken.has(customer) || customer.verified !== story.verified) continue
      const plan =
        story.decided?.decision === 'credit'
          ? aroundPayment(own, maximum, now)
          : afterEverything(own, maximum, sentAt)
      if (!plan) continue
      taken.add(customer)
      return [{ story, customer, ...plan }]
    }
    return []
  })
}

const balanceAfter = (own: readonly Movement[]) =>
  own.reduce((balance, each) => {
    if (each.kind === 'top_up') return balance + each.amountMinor
    return each.end.state === 'credited' || each.end.state === 'waiting'
      ? balance - each.order.totalMinor
      : balance
  }, 0n)

/** Twice this much is more than the wallet takes, once is not. */
function afterEverything(own: readonly Movement[], maximum: bigint, sentAt: Date) {
  if (own.at(-1)!.at.getTime() > sentAt.getTime() - 3 * hour) return undefined
  const room = maximum - balanceAfter(own)
  const amountMinor = (room / 2n / step + 1n) * step
  // A basic wallet's is an agent's alone to decide.
  const fits = amountMinor >= step * 10n && (maximum > aloneUpTo * 2n || amountMinor <= aloneUpTo)
  return fits ? { amountMinor, sentAt } : undefined
}

/** The second one fits as soon as the customer's last payment has made room for it. */
function aroundPayment(own: readonly Movement[], maximum: bigint, now: Date) {
  const [before, last] = own.slice(-2)
  if (last?.kind !== 'payment' || last.end.state !== 'credited' || !before) return undefined
  const sentAt = new Date(last.at.getTime() - 50 * minute)
  const isQuiet = before.at.getTime() < sentAt.getTime() - hour
  const isToldBefore = last.at.getTime() < now.getTime() - 12 * hour
  if (!isQuiet || !isToldBefore) return undefined
  const balance = balanceAfter(own.slice(0, -1))
  const amountMinor = ((maximum + last.order.totalMinor - balance) / 2n / step) * step
  const isHeld = balance + 2n * amountMinor > maximum
  return isHeld && amountMinor <= aloneUpTo ? { amountMinor, sentAt } : undefined
}

function tellHeld(stage: Stage, { story, customer, amountMinor, sentAt }: HeldPlan, account: string): void {
  const { past, tx } = stage
  const { decided, approvedAfter } = story
  const after = (minutes: number) => new Date(sentAt.getTime() + minutes * minute)
  const arrive = (place: 'first' | 'second') =>
    past.rooms.funding.receive({
      partnerId: past.rooms.rails.bank.clientKey,
      bankName: past.rooms.rails.bank.bankName,
      paymentRequestId: `demo-${place}-${customer.id}`,
      virtualAccountNumber: account,
      amountMinor,
      currency: 'IDR',
      bankReference: `ML${BigInt(`0x${customer.id.slice(-9)}`)
        .toString()
        .padStart(12, '0')
        .slice(-11)}${place === 'first' ? 1 : 2}`,
      paidAt: past.platform.clock.now(),
      sender: {
        bankCode: '9990001',
        accountNumber: `71${account.slice(-8)}`,
        accountName: story.senderName ?? customer.displayName,
      },
    })
  let number: bigint
  stage.at(after(0), async () => void (await arrive('first')))
  stage.at(after(2), async () => {
    await arrive('second')
    const last = await readLastTopUp(tx, customer.id)
    if (last.state !== 'suspended') throw new Error(`the demo's top-up is ${last.state}: ${story.name}`)
    number = last.number
  })
  if (!decided) return
  stage.at(after(decided.after), async () => {
    await past.rooms.heldTopUps.decide(stage.agent(decided.by), number, decided)
    if (approvedAfter === undefined) await askBank(stage, story)
  })
  if (approvedAfter === undefined) return
  stage.at(after(decided.after + approvedAfter), async () => {
    const waiting = await readWaitingApproval(tx, referenceOf('TP', number))
    const { agentId, displayName } = stage.agent('dewi')
    await past.rooms.approvals.decide(
      waiting.id,
      { agentId, displayName, mayDecide: true, isPresent: true },
      { decision: 'approved', payloadHash: waiting.payload_hash.toString('hex') },
    )
    await askBank(stage, story)
  })
}

async function askBank({ bank, past }: Stage, { bank: answers }: HeldStory): Promise<void> {
  if (!answers) return
  bank.answers = answers
  await past.rooms.heldTopUps.payDue()
}

/** How soon after the refusal somebody acts; sooner when it was only just refused. */
const actAfter = (madeAt: Date, now: Date, minutes: number) =>
  new Date(madeAt.getTime() + Math.min(minutes * minute, (now.getTime() - madeAt.getTime()) / 2))

function tellRefused(stage: Stage, { terms, past: paid, madeAt, story }: RefusedShop, now: Date): void {
  const { tx, past, bank } = stage
  const { merchantId } = terms
  const { settlements, refusedPayOuts, ledger } = past.rooms
  const payOut = async (answers: BankAnswer) => {
    bank.answers = answers
    await settlements.makeDue()
    await settlements.payDue()
  }
  let number: bigint
  stage.at(madeAt, async () => {
    await importSettlements(tx, ledger, terms, paid)
    await savePastDue(tx, merchantId, madeAt)
    await payOut('refuses')
    const last = await readLastSettlement(tx, merchantId)
    if (last?.state !== 'refused') throw new Error(`the demo's pay-out is ${last?.state ?? 'missing'}`)
    number = last.number
  })
  const give = () =>
    giveAccount(past.platform, past.rooms)(merchantId, {
      ...terms.bank,
      accountNumber: `701${terms.bank.accountNumber.slice(-7).split('').reverse().join('')}`,
    })
  const decide = (by: AgentName, decision: 'retry' | 'use_account' | 'hold', note: string) =>
    refusedPayOuts.decide(stage.agent(by), number, { decision, note })
  switch (story) {
    case 'stands':
      return
    case 'account_given':
      return stage.at(actAfter(madeAt, now, 38), give)
    case 'account_proposed':
      stage.at(actAfter(madeAt, now, 24), give)
      // Within the time that a second person has, whatever day it is.
      return stage.at(new Date(Math.max(actAfter(madeAt, now, 55).getTime(), now.getTime() - 4 * hour)), () =>
        decide('bagus', 'use_account', 'The shop moved to another branch. It gave the account itself.'),
      )
    case 'stopped':
      return stage.at(actAfter(madeAt, now, 70), () =>
        decide('sari', 'hold', 'The owner says that the account is being closed. A new one follows.'),
      )
    case 'sent_again':
      return stage.at(actAfter(madeAt, now, 33), async () => {
        await decide('sari', 'retry', 'The bank was out of order this morning; it says so itself.')
        await payOut('pays')
      })
  }
}

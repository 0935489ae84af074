// The whole story of a payment that comes back, told once for each arrow and each process that can die at it (kill -9).
// Each time the end must be the same: refunded once, nothing lost, doubled or out of order, no page reloaded.
// `npm run crash -- story` tells all of it; otherwise a few rows stand for the others.
import { beforeAll, expect, it } from 'vitest'
import { beginNextDay, faultsOfBooks, forgottenRefunds, moneyBack, thread } from './lib/books.ts'
import { andi, balanceMinor, meiling, ratna, signIn } from './lib/customer.ts'
import { bringMoney } from './lib/sandbox.ts'
import { signInStaff, type StaffMember } from './lib/desk-api.ts'
import { lineOf, type Line } from './lib/line.ts'
import type { Victim } from './lib/product.ts'
import { phone, setStage, type Window } from './lib/stage.ts'
import { arrows, begin, paidMinor, type Death, type Telling } from './lib/story.ts'
import type { Language } from './lib/words.ts'

const stage = setStage({ keepsWindows: true })

interface Row {
  arrow: string
  victim: Victim
  when: Death['when']
}
const deaths: readonly Omit<Row, 'arrow'>[] = [
  { victim: 'server', when: 'done' },
  { victim: 'postgres', when: 'asked' },
  { victim: 'both', when: 'done' },
]
const table = arrows.flatMap(({ name }) => deaths.map((death): Row => ({ arrow: name, ...death })))
const isWhole = process.env['TUNTAS_STORY'] === 'whole'
/** Two rows, each at a place where money could be doubled. */
const sample = [
  ['asking for the money back', 'server'],
  ['a second person approves', 'both'],
]
const rows = isWhole
  ? table
  : table.filter((row) => sample.some(([arrow, victim]) => arrow === row.arrow && victim === row.victim))

/** Put into the page at the death: a page that was loaded again has it no more. */
const mark = 'wasHereWhenItDied'

const people: readonly { name: string; contact: string; language: Language }[] = [
  { ...ratna, language: 'id' },
  { ...meiling, language: 'zh' },
  { ...andi, language: 'en' },
]
const windows = new Map<string, { window: Window; line: Line }>()
const staff = new Map<string, StaffMember>()
let next = 0

beforeAll(() =>
  beginNextDay(
    stage.product,
    people.map(({ name }) => name),
  ),
)

async function windowOf(person: (typeof people)[number]): Promise<{ window: Window; line: Line }> {
  const known = windows.get(person.contact)
  if (known) return known
  const window = await stage.open(person.language, { language: person.language, size: phone })
  const line = await lineOf(window.context)
  await signIn(stage.product, window.page, person.language, person.contact)
  await bringMoney(stage.product, window.page, 2n * paidMinor)
  windows.set(person.contact, { window, line })
  return { window, line }
}

async function staffMember(email: string): Promise<StaffMember> {
  const known = staff.get(email) ?? (await signInStaff(stage.product, email))
  staff.set(email, known)
  return known
}

it.each(rows)('$arrow: $victim dies, $when', async ({ arrow, victim, when }) => {
  const { product } = stage
  const turn = next++
  const person = people[turn % people.length]!
  const { window, line } = await windowOf(person)
  // Two take turns: one alone would reach the limit of a day.
  const agent = await staffMember(turn % 2 ? 'sari@tuntas.example' : 'bagus@tuntas.example')
  const lead = await staffMember('dewi@tuntas.example')
  const death: Death = {
    when,
    async strike() {
      await window.page.evaluate(`window.${mark} = true`)
      await product.kill(victim)
      await product.start()
    },
  }
  await whileAllAreBroken(async () => {
    const telling = await begin(product, window, line, person.language, { agent, lead })
    const stood: unknown[] = []
    for (const each of arrows) {
      await each.go(telling, each.name === arrow ? death : undefined)
      if (each.name === arrow) stood.push(await window.page.evaluate(`window.${mark}`))
    }
    expect(stood).toEqual([true])
    await expectWhole(telling)
  })
})

/** Every open window hears of the death, not only the one whose story it is. */
function whileAllAreBroken(work: () => Promise<void>): Promise<void> {
  return [...windows.values()].reduce(
    (inner, { window }) =>
      () =>
        window.complaints.whileBroken(inner),
    work,
  )()
}

async function expectWhole(telling: Telling): Promise<void> {
  const { product, window, payment, refund, before, conversationId } = telling
  expect(await moneyBack(product, payment, refund)).toEqual({
    times: 1,
    amountMinor: paidMinor,
    leftOutMinor: 0n,
  })
  expect(await balanceMinor(product, window.page)).toBe(before)
  expect(await faultsOfBooks(product)).toEqual([])
  expect(await forgottenRefunds(product)).toBe(0)

  const lines = await thread(product, conversationId)
  expect(lines.map(({ sequence }) => sequence)).toEqual(lines.map((_, index) => index + 1))
  expect(lines.filter(({ kind }) => kind === 'diagnosis')).toHaveLength(1)
  expect(lines.filter(({ author, kind }) => author === 'customer' && kind === 'text')).toHaveLength(1)
  expect(lines.some(({ text }) => text.includes('4111'))).toBe(false)
  const facts = lines.flatMap(({ fact }) => fact ?? [])
  expect(new Set(facts).size).toBe(facts.length)
}

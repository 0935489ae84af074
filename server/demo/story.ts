// The whole story: three months of top-ups and payments of all customers, in the order in which they happened.
// Pure: the same seed, customers and clock give the same story.
import { castMovements } from './cast-story.ts'
import { day, hour, minute, type Movement, type StoryFrame } from './movements.ts'
import type { DemoCustomer } from './people.ts'
import type { Random } from './random.ts'
import { demoShops, shopsBySlug, type DemoShop } from './shops.ts'
import { fillBasket, startWalk, usualEnd, type Walk } from './walk.ts'

export const storyDays = 90
const castSize = 3

/** Shops that buyers may choose by themselves. Of the others the story says when they are visited. */
const openShops = demoShops.filter((shop) => !shop.unreachable)

/** On this day the system of one shop was down for some hours: what was paid there went back. */
const outage = { daysAgo: 11, fromHour: 9, toHour: 15, slug: 'apotek-sehat-sentosa' }

interface PlanContext {
  walk: Walk
  random: Random
  frame: StoryFrame
  daysAgo: number
}

interface PlannedDay {
  daysAgo: number
  plan(context: PlanContext): void
}

/** Days on which something special happens to a customer; nothing else happens to them then. */
function planDays(customers: readonly DemoCustomer[], frame: StoryFrame): Map<DemoCustomer, PlannedDay> {
  const longMembers = customers
    .slice(castSize)
    .filter(
      (customer) =>
        customer.locale === 'id-ID' &&
        frame.now.getTime() - customer.createdAt.getTime() > (storyDays + 1) * day,
    )
  const basic = longMembers.filter((customer) => !customer.verified)
  const verified = longMembers.filter((customer) => customer.verified)
  const planned = new Map<DemoCustomer, PlannedDay>()
  const give = (list: readonly DemoCustomer[], each: (place: number) => PlannedDay) =>
    list.forEach((customer, place) => planned.set(customer, each(place)))
  give(basic.slice(0, 6), (place) => ({ daysAgo: 4 + place * 9, plan: spree }))
  give(basic.slice(6, 14), (place) => ({ daysAgo: 3 + place * 7, plan: tooDear }))
  give(basic.slice(14, 19), (place) => ({ daysAgo: outage.daysAgo, plan: silentShop(outage.slug, place) }))
  give(verified.slice(0, 2), (place) => ({
    daysAgo: 26 + place * 17,
    plan: silentShop('butik-kenanga', place),
  }))
  give(verified.slice(2, 3), () => ({ daysAgo: 0, plan: waitingNow('apotek-cendana', 9 * minute) }))
  give(verified.slice(3, 4), () => ({
    daysAgo: 0,
    plan: waitingNow('mebel-jati-mulya', 3 * hour, ['Lemari dua pintu']),
  }))
  give(verified.slice(4, 5), () => ({
    daysAgo: 0,
    plan: waitingNow('mebel-jati-mulya', 5 * hour, ['Lemari dua pintu', 'Bangku jati kecil']),
  }))
  give(verified.slice(5, 6), () => ({
    daysAgo: 0,
    plan: waitingNow('mebel-jati-mulya', 200 * minute, ['Bangku jati kecil'], true),
  }))
  return planned
}

const dayTime = (frame: StoryFrame, daysAgo: number, minuteOfDay: number) =>
  // Not on the second: nobody pays at 12:40:00.
  new Date(frame.midnight(daysAgo).getTime() + minuteOfDay * minute + ((minuteOfDay * 7919) % 59_999))

/** Buys until the limit of the day says no. */
function spree({ walk, random, frame, daysAgo }: PlanContext): void {
  const shop = shopsBySlug.get('rotan-cirebon')!
  const baskets = [
    ['Rak buku tiga susun', 'Kursi makan, sepasang', 'Bangku jati kecil'],
    ['Kursi makan, sepasang', 'Meja kerja lipat'],
    ['Rak buku tiga susun', 'Meja kerja lipat'],
  ]
  baskets.forEach((goods, place) => {
    const at = dayTime(frame, daysAgo, 10 * 60 + place * 40)
    walk.buy(fillBasket(random, shop, at, goods), at, usualEnd(random))
  })
  const at = dayTime(frame, daysAgo, 12 * 60 + 30)
  walk.fail(fillBasket(random, shop, at, ['Meja kerja lipat']), at, 'daily_limit')
}

/** Wants something above the limit of one transaction. */
function tooDear({ walk, random, frame, daysAgo }: PlanContext): void {
  const at = dayTime(frame, daysAgo, random.whole(9 * 60, 20 * 60))
  const shop = shopsBySlug.get('gawai-nusantara')!
  walk.fail(fillBasket(random, shop, at, ['Tablet gambar 10 inci']), at, 'transaction_limit')
}

function silentShop(slug: string, place: number): PlannedDay['plan'] {
  return ({ walk, random, frame, daysAgo }) => {
    const at = dayTime(frame, daysAgo, outage.fromHour * 60 + 20 + place * 47)
    const answer = place % 2 === 0 ? { httpStatus: 503 } : { noAnswer: 'timeout' }
    walk.buy(fillBasket(random, shopsBySlug.get(slug)!, at), at, { state: 'returned', answer })
  }
}

function waitingNow(
  slug: string,
  agoMs: number,
  goods?: readonly string[],
  untilDue?: true,
): PlannedDay['plan'] {
  return ({ walk, random, frame }) => {
    const at = new Date(frame.now.getTime() - agoMs)
    const answer = { noAnswer: 'econnrefused' }
    const end = { state: 'waiting', answer, ...(untilDue ? { untilDue } : {}) } as const
    walk.buy(fillBasket(random, shopsBySlug.get(slug)!, at, goods), at, end)
  }
}

const isOut = (slug: string, daysAgo: number, minuteOfDay: number) =>
  slug === outage.slug &&
  daysAgo === outage.daysAgo &&
  minuteOfDay >= outage.fromHour * 60 &&
  minuteOfDay < outage.toHour * 60

function liveOn(customer: DemoCustomer, random: Random, frame: StoryFrame, planned?: PlannedDay): Movement[] {
  const walk = startWalk(customer, random, frame)
  const favourites: DemoShop[] = Array.from({ length: random.whole(3, 7) }, () => random.weighted(openShops))
  const memberDays = Math.floor((frame.now.getTime() - customer.createdAt.getTime()) / day) - 1
  for (let daysAgo = Math.min(storyDays, memberDays); daysAgo >= 0; daysAgo--) {
    if (planned && planned.daysAgo === daysAgo) planned.plan({ walk, random, frame, daysAgo })
    // Nothing else on the same day, and nothing the evening before what waits now.
    if (planned && (planned.daysAgo === daysAgo || (planned.daysAgo === 0 && daysAgo <= 1))) continue
    // On 7, 12 and 19 o'clock people buy most; two of the three at most, far enough apart.
    for (const hourOfDay of [7, 12, 19]) {
      if (!random.chance(customer.perDay / 3 + (hourOfDay === 12 ? customer.perDay / 6 : 0))) continue
      const minuteOfDay = hourOfDay * 60 + random.whole(0, 170)
      const shop = random.chance(0.8) ? random.pick(favourites) : random.weighted(openShops)
      const at = new Date(dayTime(frame, daysAgo, minuteOfDay).getTime() + random.whole(0, 59_999))
      if (isOut(shop.slug, daysAgo, minuteOfDay) || at.getTime() > frame.now.getTime() - 20 * minute) continue
      walk.buy(fillBasket(random, shop, at), at)
    }
  }
  return walk.movements
}

/** Every movement of everybody, oldest first. */
export function tellStory(seed: Random, customers: readonly DemoCustomer[], frame: StoryFrame): Movement[] {
  const planned = planDays(customers, frame)
  const all = [
    ...castMovements(seed, customers.slice(0, castSize), frame),
    ...customers
      .slice(castSize)
      .flatMap((customer) =>
        liveOn(customer, seed.fork(`customer ${customer.phone}`), frame, planned.get(customer)),
      ),
  ]
  return all.sort((one, other) => one.at.getTime() - other.at.getTime())
}

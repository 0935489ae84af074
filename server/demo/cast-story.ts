// What happened to the three customers with a name: Ratna buys and gets money back from a silent shop, Meiling's payment
// waits for a shop that does not answer, Andi has little left. The days before are of chance, the last ones are written.
import { hour, minute, rupiah, second, type Movement, type PaymentEnd, type StoryFrame } from './movements.ts'
import type { DemoCustomer } from './people.ts'
import type { Random } from './random.ts'
import { shopsBySlug } from './shops.ts'
import { fillBasket, startWalk, type Walk } from './walk.ts'

/** What Ratna has at the end. */
export const ratnasBalanceMinor = rupiah(1_284_500)

interface Background {
  slugs: readonly string[]
  times: number
}

/** Days 85 to 8 ago: small purchases, at most one a day. */
function ordinaryDays(walk: Walk, random: Random, frame: StoryFrame, { slugs, times }: Background): void {
  for (let place = 0; place < times; place++) {
    const daysAgo = 85 - Math.round((place * 77) / (times - 1))
    const at = new Date(frame.midnight(daysAgo).getTime() + random.whole(8 * hour, 20 * hour))
    walk.buy(fillBasket(random, shopsBySlug.get(random.pick(slugs))!, at), at)
  }
}

const acknowledged: PaymentEnd = {
  state: 'credited',
  failedTries: 0,
  answerMs: 210,
  failedAnswer: { httpStatus: 503 },
}

interface Scene {
  daysAgo?: number
  minuteOfDay?: number
  /** Instead of a day: so long before now. */
  agoMs?: number
  slug: string
  goods: readonly string[]
  end?: PaymentEnd
  merchantReference?: string
}

function play(walk: Walk, random: Random, frame: StoryFrame, scene: Scene): void {
  const at =
    scene.agoMs === undefined
      ? new Date(
          frame.midnight(scene.daysAgo!).getTime() + scene.minuteOfDay! * minute + random.whole(0, 59_999),
        )
      : new Date(frame.now.getTime() - scene.agoMs)
  const order = fillBasket(random, shopsBySlug.get(scene.slug)!, at, scene.goods)
  walk.buy(
    { ...order, ...(scene.merchantReference ? { merchantReference: scene.merchantReference } : {}) },
    at,
    scene.end ?? acknowledged,
  )
}

/** Tops up to what the rest of the scenes needs, so that the balance ends where the story wants it. */
function topUpFor(walk: Walk, at: Date, endMinor: bigint, spendingMinor: bigint): void {
  const missing = endMinor + spendingMinor - walk.balanceMinor()
  if (missing > 0n) walk.topUp(at, missing)
}

function ratna(walk: Walk, random: Random, frame: StoryFrame): void {
  ordinaryDays(walk, random, frame, {
    slugs: ['kedai-kopi-lumbung', 'pasar-segar-online', 'roti-mentari', 'apotek-melur', 'toko-anak-ceria'],
    times: 22,
  })
  play(walk, random, frame, {
    daysAgo: 4,
    minuteOfDay: 10 * 60 + 21,
    slug: 'batik-seruni',
    goods: ['Sapu tangan truntum'],
    end: { state: 'returned', answer: { noAnswer: 'timeout' } },
  })
  const at = new Date(frame.midnight(3).getTime() + (19 * 60 + 32) * minute + 7 * second)
  topUpFor(walk, at, ratnasBalanceMinor, rupiah(110_000 + 60_900 + 42_000))
  play(walk, random, frame, {
    daysAgo: 2,
    minuteOfDay: 16 * 60 + 8,
    slug: 'buku-pelangi',
    goods: ['Pasar Malam di Kota Tua'],
  })
  play(walk, random, frame, {
    daysAgo: 1,
    minuteOfDay: 12 * 60 + 48,
    slug: 'toko-rempah-ibu',
    goods: ['Minyak goreng 2 L', 'Sayur segar campur'],
  })
  play(walk, random, frame, {
    agoMs: 78 * minute,
    slug: 'kedai-kopi-lumbung',
    goods: ['Kopi susu gula aren', 'Kopi tubruk Gayo'],
  })
}

function meiling(walk: Walk, random: Random, frame: StoryFrame): void {
  ordinaryDays(walk, random, frame, {
    slugs: ['bakmi-siantar', 'kedai-kopi-lumbung', 'ayu-kosmetika', 'pasar-segar-online', 'tiket-kelana'],
    times: 17,
  })
  play(walk, random, frame, {
    daysAgo: 3,
    minuteOfDay: 18 * 60 + 40,
    slug: 'toko-rempah-ibu',
    goods: ['Bumbu dapur lengkap', 'Buah musiman 1 kg'],
  })
  walk.topUp(new Date(frame.now.getTime() - 3 * hour), rupiah(500_000))
  // Eight tries so far; the next would come after the deadline. Asking the shop again by hand is the way out.
  play(walk, random, frame, {
    agoMs: 70 * minute,
    slug: 'surya-elektronik',
    goods: ['Kipas Angin Meja 12"'],
    end: { state: 'waiting', answer: { httpStatus: 503 } },
    merchantReference: 'SE-20817',
  })
}

function andi(walk: Walk, random: Random, frame: StoryFrame): void {
  ordinaryDays(walk, random, frame, {
    slugs: ['kopi-tetangga', 'warung-bu-tatik', 'raga-sehat-olahraga', 'gawai-nusantara'],
    times: 15,
  })
  play(walk, random, frame, {
    daysAgo: 1,
    minuteOfDay: 13 * 60 + 5,
    slug: 'warung-bu-tatik',
    goods: ['Soto ayam', 'Es jeruk'],
  })
}

/** The movements of the cast, in the order of `cast`. They do not depend on the day of the week or the hour. */
export function castMovements(
  seed: Random,
  customers: readonly DemoCustomer[],
  frame: StoryFrame,
): Movement[] {
  return [ratna, meiling, andi].flatMap((live, place) => {
    const random = seed.fork(`cast ${place}`)
    const walk = startWalk(customers[place]!, random, frame)
    live(walk, random, frame)
    return walk.movements
  })
}

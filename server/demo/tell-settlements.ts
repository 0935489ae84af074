// What the shops of the story agreed to, and what they were paid out on the way: fee and reserve of each credit, and a pay-out on
// every working day on which enough was owed. Sums are kept along as the product keeps them; the ledger decides them again.
import { referenceOf } from '#contract/ids.ts'
import { dayIn } from '#platform/days.ts'
import type { Transaction } from '#platform/db.ts'
import type { Ledger, TransferRequest } from '#modules/ledger/index.ts'
import {
  importSettlements,
  releaseDayOf,
  takeSettlementNumbers,
  type PastSettlement,
  type Settlements,
  type ShopCredit,
  type StoredTerms,
  type Terms,
} from '#modules/settlements/index.ts'
import { refusedStories } from './held-stories.ts'
import { minute, rupiah, second } from './movements.ts'
import type { Random } from './random.ts'
import type { DemoShop } from './shops.ts'
import type { RefusedShop } from './tell-places.ts'

/** Where clocks are one or two hours before Jakarta's. */
const zones: Readonly<Record<string, string>> = {
  Makassar: 'Asia/Makassar',
  Denpasar: 'Asia/Makassar',
  Manado: 'Asia/Makassar',
  Kupang: 'Asia/Makassar',
  Ambon: 'Asia/Jayapura',
}
/** Small traders of daily needs pay nothing. */
const withoutFee: ReadonlySet<string> = new Set(['food', 'cafe', 'restaurant'])
/** Agreed to be paid out in large sums only: what they are owed stands with us for months. */
const paidOutSeldom: ReadonlySet<string> = new Set(['warung-bu-tatik', 'rotan-cirebon'])
/** Goods that come back more often, and later. */
const withReserve: ReadonlySet<string> = new Set(['electronics', 'fashion', 'home', 'travel'])

export function termsOfShop(shop: DemoShop, merchantId: string, random: Random): Terms {
  return {
    merchantId,
    feeBasisPoints: withoutFee.has(shop.category) ? 0 : 70,
    feeFixedMinor: 0n,
    reserveBasisPoints: withReserve.has(shop.category) ? 500 : 0,
    reserveDays: 7,
    zone: zones[shop.city] ?? 'Asia/Jakarta',
    calendar: 'ID',
    payOutMinute: 10 * 60,
    minimumPayOutMinor: rupiah(paidOutSeldom.has(shop.slug) ? 250_000_000 : 10_000),
    bank: {
      // No bank has such a code: the story's accounts are nobody's.
      bankCode: '9990397',
      accountNumber: `700${random.whole(1_000_000, 9_999_999)}`,
      accountName: shop.name,
    },
  }
}

export interface ToldSettlements {
  /** To be posted among the story's other transfers, by their times. */
  transfers: readonly TransferRequest[]
  shops: readonly { terms: StoredTerms; past: readonly PastSettlement[] }[]
  /** Their last pay-out is not among those: it is told later, with what became of it. */
  refused: readonly RefusedShop[]
}

interface Parts {
  random: Random
  settlements: Settlements
  /** Terms of the story's shops. */
  terms: readonly StoredTerms[]
  credits: readonly ShopCredit[]
  bankAccountId: string
  now: Date
}

export async function tellSettlements(tx: Transaction, parts: Parts): Promise<ToldSettlements> {
  const { random, settlements, credits } = parts
  const charges = (await settlements.chargesOn(tx, credits)).map((charge) => ({
    ...charge,
    id: random.uuid(charge.effectiveAt),
  }))
  const transfers: TransferRequest[] = [...charges]
  const shops: { terms: StoredTerms; past: PastSettlement[] }[] = []
  const refused: RefusedShop[] = []
  for (const terms of parts.terms) {
    const own = credits
      .filter((credit) => credit.merchantId === terms.merchantId)
      .sort((one, other) => one.effectiveAt.getTime() - other.effectiveAt.getTime())
    if (own.length === 0) continue
    const began = own[0]!.effectiveAt
    const taken = charges.filter((charge) => charge.debitAccountId === terms.payableAccountId)
    const told = await payOutsOf(tx, parts, { ...terms, settledAt: began }, own, taken)
    const stored = { ...terms, settledAt: began }
    const story = refusedStories[refused.length]
    const last = told.past.at(-1)
    // Without a reserve the sums of that day are read off one account, as those of every other day.
    const fits = story && last && terms.reserveBasisPoints === 0 && last.madeAt.getTime() === told.lastTime
    if (fits) {
      const reference = referenceOf('ST', last.number)
      transfers.push(...told.transfers.filter((transfer) => transfer.reference !== reference))
      refused.push({ terms: stored, past: told.past.slice(0, -1), madeAt: last.madeAt, story })
      continue
    }
    transfers.push(...told.transfers)
    shops.push({ terms: stored, past: told.past })
  }
  return { transfers, shops, refused }
}

/** One shop's pay-outs, oldest first. `credits` and what was `taken` of them are all that moved what it is owed. */
async function payOutsOf(
  tx: Transaction,
  { random, settlements, bankAccountId, now }: Parts,
  terms: StoredTerms,
  credits: readonly ShopCredit[],
  taken: readonly TransferRequest[],
): Promise<{ transfers: TransferRequest[]; past: PastSettlement[]; lastTime: number | undefined }> {
  const { zone, currency, payableAccountId, reserveAccountId } = terms
  const transfers: TransferRequest[] = []
  const past: PastSettlement[] = []
  const sum = (list: readonly { effectiveAt: Date; amountMinor: bigint }[], until: Date) =>
    list.reduce((total, each) => (each.effectiveAt <= until ? total + each.amountMinor : total), 0n)
  const reserves = taken
    .filter((charge) => charge.kind === 'shop_reserve')
    .map(({ effectiveAt, amountMinor }) => ({ day: releaseDayOf(terms, effectiveAt), amountMinor }))
  let releasedMinor = 0n
  let paidMinor = 0n
  const times = await settlements.payOutTimes(tx, terms, terms.settledAt, now)
  const numbers = await takeSettlementNumbers(tx, times.length)
  for (const madeAt of times) {
    const day = dayIn(zone, madeAt)
    const freeMinor =
      reserves.reduce((total, each) => (each.day <= day ? total + each.amountMinor : total), 0n) -
      releasedMinor
    const netMinor = sum(credits, madeAt) - sum(taken, madeAt) + releasedMinor + freeMinor - paidMinor
    const paidAt = new Date(madeAt.getTime() + random.whole(2, 9) * second)
    if (netMinor < terms.minimumPayOutMinor || paidAt.getTime() > now.getTime() - minute) continue
    const number = numbers[past.length]!
    const leg = { currency, reference: referenceOf('ST', number) }
    if (freeMinor > 0n)
      transfers.push({
        ...leg,
        id: random.uuid(madeAt),
        debitAccountId: reserveAccountId,
        creditAccountId: payableAccountId,
        amountMinor: freeMinor,
        kind: 'shop_reserve_released',
        effectiveAt: madeAt,
      })
    const transferId = random.uuid(paidAt)
    transfers.push({
      ...leg,
      id: transferId,
      debitAccountId: payableAccountId,
      creditAccountId: bankAccountId,
      amountMinor: netMinor,
      kind: 'shop_paid_out',
      effectiveAt: paidAt,
    })
    past.push({
      number,
      day,
      madeAt,
      netMinor,
      transferId,
      bankReference: `ML${random.whole(100_000_000_000, 999_999_999_999)}`,
      paidAt,
    })
    releasedMinor += freeMinor
    paidMinor += netMinor
  }
  return { transfers, past, lastTime: times.at(-1)?.getTime() }
}

/** After the ledger has posted it all. */
export async function writeSettlements(
  tx: Transaction,
  ledger: Ledger,
  told: ToldSettlements,
): Promise<void> {
  for (const { terms, past } of told.shops) await importSettlements(tx, ledger, terms, past)
}

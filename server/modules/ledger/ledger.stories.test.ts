// The stories of docs/ledger.md, done line by line on a real database. A line that nobody understands fails.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { Refusal } from '#platform/refusal.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import {
  createLedger,
  createTransferQueue,
  type AccountKind,
  type Entry,
  type ExchangeOrder,
  type Ledger,
  type TransferQueue,
  type TransferRequest,
} from './index.ts'

let platform: TestPlatform
let ledger: Ledger
let queue: TransferQueue
beforeAll(async () => {
  platform = await createTestPlatform()
  ledger = createLedger(platform)
  queue = createTransferQueue(platform, ledger)
})
afterAll(async () => {
  await queue.close()
  await platform.close()
})

const text = readFileSync(new URL('../../../docs/ledger.md', import.meta.url), 'utf8')
const stories = [...text.matchAll(/^## (.+)$|^```ledger\n([\s\S]*?)^```$/gm)].reduce<[string, string[]][]>(
  (found, [, heading, block]) => {
    if (heading) found.push([heading, []])
    else found.at(-1)![1].push(block!)
    return found
  },
  [],
)
const blocks = stories.flatMap(([title, told]) => told.map((block) => [title, block] as const))

const entryText = ({ amountMinor: moved, balanceAfterMinor }: Entry): string =>
  `${moved > 0n ? '+' : ''}${moved} ${balanceAfterMinor}`

/** What somebody writes who does not count in whole units is given as it is. */
const amountOf = (text: string): bigint =>
  /^-?\d+$/.test(text) ? BigInt(text) : (Number(text) as unknown as bigint)

/** One story's names for accounts, transfers, holds and keys. */
function createTeller() {
  const names = new Map<string, string>()
  const currencies = new Map<string, string>()
  const named = (name: string): string => {
    const id = names.get(name)
    if (!id) throw new Error(`the story knows no ${name}`)
    return id
  }
  const name = (word: string): string => {
    const id = uuidv7()
    names.set(word, id)
    return id
  }
  const daysAgo = (days: number) => new Date(platform.clock.now().getTime() - days * 86_400_000)
  const leg = (arrow: string, id = uuidv7(), reference = 'TN-TEST-0001'): TransferRequest => {
    const [, from, to, amount, days] = /^(\w+) -> (\w+) (-?[\d.]+)(?: dated (\d+) days ago)?$/.exec(
      arrow.trim(),
    )!
    return {
      id,
      debitAccountId: named(from!),
      creditAccountId: named(to!),
      amountMinor: amountOf(amount!),
      currency: currencies.get(from!) as 'IDR',
      kind: 'story',
      reference,
      effectiveAt: daysAgo(Number(days ?? 0)),
    }
  }
  const account = async (word: string) =>
    (await ledger.accounts(platform.db.read, [named(word)])).get(named(word))!
  const number = (words: string, word: string) => new RegExp(`${word} (-?\\d+)`).exec(words)?.[1]
  const holdOf = (word: string, arrow: string, seconds?: string) => {
    const { kind: _kind, effectiveAt, ...hold } = leg(arrow, name(`hold ${word}`))
    const expiresAt = seconds ? new Date(effectiveAt.getTime() + Number(seconds) * 1000) : undefined
    return { ...hold, expiresAt }
  }
  const reversalOf = (id: string, word: string, amount: string) => ({
    id,
    transferId: named(`transfer ${word}`),
    amountMinor: amountOf(amount),
    kind: 'refund',
    reference: 'RF-TEST-0001',
  })
  const orderOf = ([from, to, amount, numerator, denominator]: string[]): ExchangeOrder => ({
    fromAccountId: named(from!),
    toAccountId: named(to!),
    sold: { amountMinor: BigInt(amount!), currency: currencies.get(from!) as 'IDR' },
    boughtCurrency: currencies.get(to!) as 'SGD',
    rate: { numerator: BigInt(numerator!), denominator: BigInt(denominator!), source: 'story' },
    kind: 'exchange',
    reference: 'TN-TEST-0001',
  })
  /** Under a key of Ratna. */
  const keyed = (word: string) => ({
    ownerId: named('ratna'),
    key: names.get(`key ${word}`) ?? name(`key ${word}`),
  })
  const inTransaction = (work: (tx: Transaction) => Promise<unknown>) => platform.db.transaction(work)

  const lines: [RegExp, (...found: string[]) => Promise<unknown>][] = [
    [
      /^open (\w+) (\w+) (\w{3})(.*)$/,
      async (word, kind, currency, bounds) => {
        currencies.set(word, currency)
        const bound = (of: string) => {
          const value = number(bounds, of)
          return value === undefined ? undefined : BigInt(value)
        }
        await inTransaction((tx) =>
          ledger.openAccounts(tx, [
            {
              id: name(word),
              kind: kind as AccountKind,
              ownerId: uuidv7(),
              currency: currency as 'IDR',
              minimumMinor: bound('minimum'),
              maximumMinor: bound('maximum'),
              monthlyCapMinor: bound('monthly'),
            },
          ]),
        )
      },
    ],
    [
      /^transfer (\w+)( [A-Z-\d]+)?: (.+)$/,
      (word, reference, arrow) =>
        inTransaction((tx) =>
          ledger.post(tx, [leg(arrow, name(`transfer ${word}`), reference?.trim() || undefined)]),
        ),
    ],
    [
      /^linked: (.+)$/,
      (arrows) =>
        inTransaction((tx) =>
          ledger.postLinked(
            tx,
            arrows.split(',').map((arrow) => leg(arrow)),
          ),
        ),
    ],
    [
      /^hold (\w+): (\w+ -> \w+ [\d.]+)(?: for (\d+) seconds)?$/,
      (word, arrow, seconds) => inTransaction((tx) => ledger.placeHolds(tx, [holdOf(word, arrow, seconds)])),
    ],
    [
      /^post (\w+) (\d+)( last)?$/,
      (word, amount, last) =>
        inTransaction((tx) =>
          ledger.postHold(tx, {
            holdId: named(`hold ${word}`),
            transferId: uuidv7(),
            amountMinor: BigInt(amount),
            last: last !== undefined,
            kind: 'story',
            effectiveAt: platform.clock.now(),
          }),
        ),
    ],
    [/^void (\w+)$/, (word) => inTransaction((tx) => ledger.voidHold(tx, named(`hold ${word}`)))],
    [/^expire$/, () => inTransaction((tx) => ledger.expireHolds(tx, 100))],
    [
      /^reverse (\w+) ([\d.]+)$/,
      (word, amount) => inTransaction((tx) => ledger.reverse(tx, reversalOf(uuidv7(), word, amount))),
    ],
    [
      /^freeze (\w+) (debits|credits|both|nothing)$/,
      (word, what) =>
        inTransaction((tx) =>
          ledger.freeze(tx, named(word), what === 'nothing' ? undefined : (what as 'debits')),
        ),
    ],
    [/^close (\w+)$/, (word) => inTransaction((tx) => ledger.close(tx, named(word)))],
    [
      /^exchange: (\w+) -> (\w+) (\d+) at (\d+)\/(\d+)$/,
      (...order) => inTransaction((tx) => ledger.exchange(tx, orderOf(order))),
    ],
    [
      /^balance (\w+) (\d+) days ago = (-?\d+) recorded, (-?\d+) happened$/,
      async (word, days, recorded, happened) => {
        const at = daysAgo(Number(days))
        expect([
          await ledger.balanceAt(platform.db.read, named(word), at),
          await ledger.balanceAt(platform.db.read, named(word), at, 'effective'),
        ]).toEqual([BigInt(recorded), BigInt(happened)])
      },
    ],
    [
      /^trial (\w{3}) = (.+)$/,
      async (currency, list) => {
        const rows = await ledger.trialBalance(platform.db.read)
        const told = rows
          .filter((row) => row.currency === currency)
          .map(({ kind, balance, held }) => `${kind} ${balance}${held > 0n ? ` held ${held}` : ''}`)
        expect(told.join(', ')).toBe(list)
      },
    ],
    [
      /^wait (\d+) (seconds|days)$/,
      async (count, unit) => platform.clock.advance(Number(count) * (unit === 'days' ? 86_400_000 : 1000)),
    ],
    [
      /^key (\w+): (\w+ -> .+) = (\w+)$/,
      async (word, arrow, outcome) =>
        expect(await queue.submit({ ...keyed(word), transfers: [leg(arrow)] })).toBe(outcome),
    ],
    [
      /^key (\w+): hold (\w+): (\w+ -> \w+ \d+) = (\w+)(?: (\w+))?$/,
      async (word, hold, arrow, outcome, first) => {
        const answer = await queue.placeHold({ ...keyed(word), hold: holdOf(hold, arrow) })
        expect(answer).toEqual(
          outcome === 'held' ? { outcome, id: named(`hold ${first ?? hold}`) } : { outcome },
        )
      },
    ],
    [
      /^key (\w+): void (\w+) = (\w+)$/,
      async (word, hold, outcome) =>
        expect(await queue.voidHold({ ...keyed(word), holdId: named(`hold ${hold}`) })).toEqual({ outcome }),
    ],
    [
      /^key (\w+): reverse (\w+): (\w+) (\d+) = (\w+)(?: (\w+))?$/,
      async (word, made, origin, amount, outcome, first) => {
        const reversal = reversalOf(name(`transfer ${made}`), origin, amount)
        const answer = await queue.reverse({ ...keyed(word), reversal })
        expect(answer).toEqual(
          outcome === 'posted' ? { outcome, id: named(`transfer ${first ?? made}`) } : { outcome },
        )
      },
    ],
    [
      /^key (\w+): exchange: (\w+) -> (\w+) (\d+) at (\d+)\/(\d+) = (\w+)(?: (\d+))?$/,
      async (word, ...rest) => {
        const [outcome, bought] = rest.slice(5)
        const { id, ...answer } = await queue.exchange({ ...keyed(word), order: orderOf(rest) })
        expect(answer).toEqual(bought ? { outcome, boughtMinor: BigInt(bought) } : { outcome })
        const first = names.get(`exchange ${word}`) ?? id
        expect(id).toBe(bought ? first : undefined)
        if (id) names.set(`exchange ${word}`, id)
      },
    ],
    [
      /^statement (\w+) from (\d+) days ago to (\d+) days ago = (.+)$/,
      async (word, from, to, told) => {
        const statement = await ledger.statement(
          platform.db.read,
          named(word),
          daysAgo(Number(from)),
          daysAgo(Number(to)),
        )
        const { openingMinor, openingHeldMinor, closingMinor, closingHeldMinor, closingAvailableMinor } =
          statement
        expect(
          [
            `${openingMinor} held ${openingHeldMinor}`,
            ...statement.entries.map(entryText),
            `${closingMinor} held ${closingHeldMinor}`,
            ...(closingAvailableMinor === undefined ? [] : [`${closingAvailableMinor} to spend`]),
          ].join(', '),
        ).toBe(told)
      },
    ],
    [
      /^reference ([A-Z-\d]+) by (\d+) = (.+)$/,
      async (reference, length, told) => {
        const pages: string[] = []
        for (let after: bigint | undefined; ;) {
          const page = await ledger.transfersByReference(platform.db.read, reference, {
            after,
            limit: Number(length),
          })
          if (page.length === 0) break
          pages.push(page.map(({ amount }) => amount).join(' '))
          after = page.at(-1)!.sequence
        }
        expect(pages.join(', ')).toBe(told)
      },
    ],
    [
      /^balance (\w+) = (-?\d+)(?: held (\d+))?$/,
      async (word, balance, held) => {
        const { balanceMinor, heldMinor } = await account(word)
        expect([balanceMinor, held === undefined ? undefined : heldMinor]).toEqual([
          BigInt(balance),
          held === undefined ? undefined : BigInt(held),
        ])
      },
    ],
    [
      /^entries (\w+) = (.+)$/,
      async (word, list) => {
        const history = await ledger.history(platform.db.read, named(word), { limit: 100 })
        expect(history.toReversed().map(entryText).join(', ')).toBe(list)
      },
    ],
    [
      /^sums = 0$/,
      async () => {
        const { sumsPerCurrency, brokenAccounts } = await ledger.check(platform.db.read)
        expect(Object.values(sumsPerCurrency).every((sum) => sum === 0n)).toBe(true)
        expect(brokenAccounts).toEqual([])
      },
    ],
  ]

  return async function tell(line: string): Promise<void> {
    const [, code, refused] = /^refused (\w+): (.+)$/.exec(line) ?? []
    if (code) {
      const answer = await tell(refused!).then(
        () => 'done',
        (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
      )
      return expect(answer, line).toBe(code)
    }
    for (const [pattern, run] of lines) {
      const found = pattern.exec(line)
      if (found) return void (await run(...found.slice(1)))
    }
    throw new Error(`nobody understands: ${line}`)
  }
}

it('there are stories', () => expect(blocks.length).toBeGreaterThan(7))

it.each(blocks)('%s', async (_title, block) => {
  const tell = createTeller()
  const told: string[] = []
  for (const line of block.trim().split('\n')) {
    await tell(line)
    told.push(line)
  }
  expect(told.join('\n')).toBe(block.trim())
})

// What the ledger reads out: transfers of a reference page by page, and statements that prove themselves or are none.
import { describe, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import type { Sql } from '#platform/db.ts'
import { bank, ledger, open, platform, post, transfer, useLedger } from './ledger-for-tests.ts'

useLedger()

describe('transfers of a reference', () => {
  it('come in ledger order, page by page, every one once, whatever is posted meanwhile', async () => {
    const account = await open()
    const reference = `TN-${uuidv7()}`
    const pay = (amountMinor: bigint) => transfer(bank, account, amountMinor, { reference })
    for (let amount = 1n; amount <= 5n; amount++) await post(pay(amount), transfer(bank, account, 100n))
    const page = (after?: bigint, limit = 2) =>
      ledger.transfersByReference(platform.db.read, reference, { after, limit })
    const first = await page()
    await post(pay(6n))
    const second = await page(first.at(-1)!.sequence)
    const third = await page(second.at(-1)!.sequence, 3)
    expect([first, second, third].map((rows) => rows.map((row) => row.amount))).toEqual([
      [1n, 2n],
      [3n, 4n],
      [5n, 6n],
    ])
    expect(await page(third.at(-1)!.sequence)).toEqual([])
    expect(await ledger.transfersByReference(platform.db.read, 'TN-NONE-0000', { limit: 1 })).toEqual([])
  })

  it('are found by the index alone, in its order: nothing is sorted or read beside it', async () => {
    const plan = await platform.db.transaction(async (tx) => {
      await tx.run('SET LOCAL enable_seqscan = off')
      const rows = await tx.rows<{ 'QUERY PLAN': string }>(
        `EXPLAIN SELECT * FROM ledger.transfers WHERE reference = 'TN-TEST-0001' AND sequence > 5 ORDER BY sequence LIMIT 10`,
      )
      return rows.map((row) => row['QUERY PLAN']).join('\n')
    })
    expect(plan).toMatch(/Index Scan using transfers_reference/)
    expect(plan).toMatch(/Index Cond: \(\(reference = 'TN-TEST-0001'::text\) AND \(sequence > 5\)\)/)
    expect(plan).not.toMatch(/Sort|Filter/)
    const indexes = await platform.db.read.rows<{ text: string }>(
      `SELECT pg_get_indexdef(indexrelid) AS text FROM pg_index WHERE indrelid = 'ledger.transfers'::regclass`,
    )
    expect(indexes.filter(({ text }) => text.includes('(reference'))).toHaveLength(1)
  })

  it.each([
    [{ limit: 0 }],
    [{ limit: 1.5 }],
    [{ limit: -1 }],
    [{ limit: 1, after: -1n }],
    [{ limit: 1, after: 2n ** 63n }],
    [{ limit: 1, after: 5 as unknown as bigint }],
  ])('of no page (%o) are refused in words; so is history, and a reference that is none', async (page) => {
    const refused = { code: 'validation_failed' }
    await expect(ledger.transfersByReference(platform.db.read, 'TN-TEST-0001', page)).rejects.toMatchObject(
      refused,
    )
    const { after: before, limit } = page as { after?: bigint; limit: number }
    await expect(ledger.history(platform.db.read, bank, { before, limit })).rejects.toMatchObject(refused)
    await expect(ledger.transfersByReference(platform.db.read, 'TN\0', { limit: 1 })).rejects.toMatchObject(
      refused,
    )
  })
})

describe('a statement', () => {
  const minute = (count: number) => platform.clock.advance(count * 60_000)
  const place = (from: string, amountMinor: bigint) => {
    const hold = transfer(from, bank, amountMinor)
    return platform.db.transaction((tx) => ledger.placeHolds(tx, [hold])).then(() => hold.id)
  }
  const postPart = (holdId: string, amountMinor: bigint) =>
    platform.db.transaction((tx) =>
      ledger.postHold(tx, { holdId, transferId: uuidv7(), amountMinor, kind: 'test' }),
    )

  async function readPages(sql: Sql, account: string, at: Date, length: number): Promise<number[]> {
    const { pages } = await ledger.statementInPages(sql, account, at, at, length)
    const lengths: number[] = []
    for await (const page of pages) lengths.push(page.length)
    return lengths
  }

  it('says what was held at both ends, as it was then, and what could be spent', async () => {
    const account = await open({ minimumMinor: -10n })
    await post(transfer(bank, account, 100n))
    const early = await place(account, 30n)
    const gone = await place(account, 5n)
    minute(1)
    const from = platform.clock.now()
    await postPart(early, 10n)
    await platform.db.transaction((tx) => ledger.voidHold(tx, gone))
    const late = await place(account, 7n)
    const to = platform.clock.now()
    minute(1)
    // What comes after the end is not told.
    await postPart(early, 20n)
    await postPart(late, 1n)
    await post(transfer(bank, account, 1000n))
    const statement = await ledger.statement(platform.db.read, account, from, to)
    expect(statement).toMatchObject({
      openingMinor: 100n,
      openingHeldMinor: 35n,
      closingMinor: 90n,
      closingHeldMinor: 27n,
      closingAvailableMinor: 73n,
      entryCount: 1n,
    })
    const shown = (holds: readonly { id: string; postedMinor: bigint; remainingMinor: bigint }[]) =>
      holds.map(({ id, postedMinor, remainingMinor }) => [id, postedMinor, remainingMinor])
    expect(shown(statement.openingHolds)).toEqual([
      [early, 0n, 30n],
      [gone, 0n, 5n],
    ])
    expect(shown(statement.closingHolds)).toEqual([
      [early, 10n, 20n],
      [late, 0n, 7n],
    ])
    expect(statement.entries.map(({ amountMinor }) => amountMinor)).toEqual([-10n])
    expect(statement.closingHolds).toEqual(await ledger.holdsAt(platform.db.read, account, to))
  })

  it('of an account that may go below zero says nothing of what could be spent; one of nobody is refused', async () => {
    const now = platform.clock.now()
    const statement = await ledger.statement(platform.db.read, await open(), now, now)
    expect(statement).toMatchObject({ openingMinor: 0n, closingMinor: 0n, entries: [], closingHolds: [] })
    expect(statement.closingAvailableMinor).toBeUndefined()
    await expect(ledger.statement(platform.db.read, uuidv7(), now, now)).rejects.toMatchObject({
      code: 'recipient_unknown',
    })
    for (const [id, from, to] of [
      ['it', now, now],
      [bank, new Date(Number.NaN), now],
      [bank, now, 'now' as unknown as Date],
    ] as const)
      await expect(ledger.statement(platform.db.read, id, from, to)).rejects.toMatchObject({
        code: 'validation_failed',
      })
    // The beginning after the end.
    expect(
      await ledger.statement(platform.db.read, bank, now, new Date(now.getTime() - 60_000)),
    ).toMatchObject({
      entryCount: 0n,
      entries: [],
    })
  })

  it.each([1, 2, 3, 4, 7, 100])(
    'in pages of %i brings every entry once, in order, and reads no more than a page',
    async (length) => {
      const account = await open()
      const from = platform.clock.now()
      for (let amount = 1n; amount <= 7n; amount++)
        await post(amount % 2n ? transfer(bank, account, amount) : transfer(account, bank, amount))
      const { pages, closingMinor } = await ledger.statementInPages(
        platform.db.read,
        account,
        from,
        from,
        length,
      )
      const lengths: number[] = []
      const amounts: bigint[] = []
      for await (const page of pages) {
        lengths.push(page.length)
        amounts.push(...page.map((entry) => entry.amountMinor))
        // What is posted meanwhile is not of this statement.
        await post(transfer(bank, account, 50n))
      }
      expect(amounts).toEqual([1n, -2n, 3n, -4n, 5n, -6n, 7n])
      expect(closingMinor).toBe(4n)
      expect(Math.max(...lengths)).toBe(Math.min(length, 7))
      expect(lengths).toHaveLength(Math.ceil(7 / length))
      await expect(ledger.statementInPages(platform.db.read, account, from, from, 0)).rejects.toMatchObject({
        code: 'validation_failed',
      })
    },
  )

  it.each([
    ['an amount', 'UPDATE ledger.transfers SET amount = amount + 1 WHERE id = $1'],
    [
      'a balance',
      'UPDATE ledger.transfers SET credit_balance_after = credit_balance_after + 1 WHERE id = $1',
    ],
    ['an entry that is gone', 'DELETE FROM ledger.transfers WHERE id = $1'],
    ['a number', 'UPDATE ledger.transfers SET credit_entry = credit_entry + 100 WHERE id = $1'],
  ])('that does not add up because of %s is none, wherever the page ends', async (_what, wrong) => {
    for (const broken of [0, 2, 4]) {
      const account = await open()
      const from = platform.clock.now()
      const all = Array.from({ length: 5 }, () => transfer(bank, account, 2n))
      await post(...all)
      const said: string[] = []
      const work = platform.db.transaction(async (tx) => {
        await tx.run("SET LOCAL session_replication_role = 'replica'")
        await tx.run(wrong, [all[broken]!.id])
        for (const length of [1, 2, 5, 100])
          said.push(
            await readPages(tx, account, from, length).then(
              () => 'a statement',
              (error: Error) => error.message,
            ),
          )
        throw new Error('undone')
      })
      await expect(work).rejects.toThrow('undone')
      for (const each of said) expect(each).toMatch(/does not add up/)
      expect(said).toHaveLength(4)
    }
  })

  it('in which one number stands twice and the next is missing is none, although every balance follows', async () => {
    const account = await open()
    const from = platform.clock.now()
    const moved = transfer(bank, account, 2n)
    const others = Array.from({ length: 5 }, () => transfer(bank, account, 2n))
    await post(transfer(bank, account, 2n), transfer(account, bank, 1n), moved, ...others)
    const work = platform.db.transaction(async (tx) => {
      await tx.run("SET LOCAL session_replication_role = 'replica'")
      await tx.run('UPDATE ledger.transfers SET credit_entry = 2 WHERE id = $1', [moved.id])
      await readPages(tx, account, from, 100)
    })
    await expect(work).rejects.toThrow(/does not add up after entry 2/)
  })

  it('is of one moment: a hold that is posted while it is read is held or paid, never both or neither', async () => {
    const account = await open({ minimumMinor: 0n })
    await post(transfer(bank, account, 100n))
    const from = platform.clock.now()
    const hold = await place(account, 40n)
    const [, ...statements] = await Promise.all([
      postPart(hold, 40n),
      ...Array.from({ length: 20 }, () =>
        ledger.statement(platform.db.read, account, from, platform.clock.now()),
      ),
    ])
    for (const { closingAvailableMinor } of statements) expect(closingAvailableMinor).toBe(60n)
  })
})

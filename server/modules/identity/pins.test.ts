import { afterAll, beforeAll, expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createIdentityBench, goodPin, type IdentityBench } from './for-tests.ts'

let bench: IdentityBench
beforeAll(async () => {
  bench = await createIdentityBench()
})
afterAll(() => bench.close())

let number = 0
/** Customers made as the demo data makes them. */
async function customers(count: number): Promise<string[]> {
  return bench.platform.db.transaction((tx) =>
    bench.identity.createCustomers(
      tx,
      Array.from({ length: count }, () => ({
        displayName: 'Putra',
        phone: `+6281298${String(700_000 + ++number)}`,
        locale: 'id-ID' as const,
        passwordHash: 'no password',
        pin: goodPin,
        createdAt: bench.platform.clock.now(),
      })),
    ),
  )
}

const prove = (...attempts: { customerId: string; pin: string }[]) =>
  bench.platform.db.transaction((tx) => bench.identity.provePins(tx, attempts, bench.platform.clock.now()))

const inMinutes = (minutes: number) => new Date(bench.platform.clock.now().getTime() + minutes * 60_000)

test('one verdict for each attempt, in order; attempts of one customer are judged one after the other', async () => {
  const [a, b] = await customers(2)
  const wrong = '000001'
  expect(
    await prove(
      { customerId: b!, pin: wrong },
      { customerId: a!, pin: goodPin },
      { customerId: b!, pin: wrong },
      { customerId: b!, pin: goodPin },
      { customerId: b!, pin: wrong },
      { customerId: b!, pin: wrong },
      { customerId: b!, pin: wrong },
      { customerId: b!, pin: goodPin },
      { customerId: a!, pin: wrong },
    ),
  ).toEqual([
    { verdict: 'wrong', triesLeft: 2 },
    { verdict: 'right' },
    { verdict: 'wrong', triesLeft: 1 },
    { verdict: 'right' },
    { verdict: 'wrong', triesLeft: 2 },
    { verdict: 'wrong', triesLeft: 1 },
    { verdict: 'locked', untilAt: inMinutes(15) },
    { verdict: 'locked', untilAt: inMinutes(15) },
    { verdict: 'wrong', triesLeft: 2 },
  ])
})

test('the lock ends in business time, grows each time, and a right PIN starts anew', async () => {
  const [a] = await customers(1)
  const wrong = { customerId: a!, pin: '000001' }
  const right = { customerId: a!, pin: goodPin }
  await prove(wrong, wrong, wrong)
  bench.platform.clock.advance(15 * 60_000 - 1)
  expect((await prove(right))[0]!.verdict).toBe('locked')
  bench.platform.clock.advance(1)
  expect((await prove(wrong, wrong, wrong))[2]).toEqual({ verdict: 'locked', untilAt: inMinutes(30) })
  bench.platform.clock.advance(30 * 60_000)
  expect(await prove(right)).toEqual([{ verdict: 'right' }])
  expect((await prove(wrong, wrong, wrong))[2]).toEqual({ verdict: 'locked', untilAt: inMinutes(15) })
})

test('fifty wrong tries at the same time lock the PIN once; not one more is judged', async () => {
  const [a] = await customers(1)
  const verdicts = (
    await Promise.all(
      Array.from({ length: 50 }, (_, guess) => prove({ customerId: a!, pin: String(100_000 + guess) })),
    )
  ).map(([verdict]) => verdict!.verdict)
  expect(verdicts.filter((verdict) => verdict === 'wrong')).toHaveLength(2)
  expect(verdicts.filter((verdict) => verdict === 'locked')).toHaveLength(48)
  const row = await bench.platform.db.read.one<{ wrong_tries: number; locks: number }>(
    'SELECT wrong_tries, locks FROM identity.pins WHERE customer_id = $1',
    [a],
  )
  expect(row).toEqual({ wrong_tries: 0, locks: 1 })
  expect((await prove({ customerId: a!, pin: goodPin }))[0]!.verdict).toBe('locked')
})

test('batches that prove the same customers in any order never block each other for ever', async () => {
  const list = await customers(20)
  const batches = Array.from({ length: 12 }, (_, batch) =>
    prove(...(batch % 2 ? list : list.toReversed()).map((customerId) => ({ customerId, pin: goodPin }))),
  )
  const verdicts = (await Promise.all(batches)).flat()
  expect(verdicts).toHaveLength(240)
  expect(verdicts.every((verdict) => verdict.verdict === 'right')).toBe(true)
})

test('a right PIN that was never tried wrong writes no row', async () => {
  const list = await customers(3)
  const version = () =>
    bench.platform.db.read.rows<{ place: string }>(
      'SELECT ctid::text AS place FROM identity.pins WHERE customer_id = ANY($1) ORDER BY customer_id',
      [list],
    )
  const before = await version()
  await prove(...list.map((customerId) => ({ customerId, pin: goodPin })))
  expect(await version()).toEqual(before)
})

test('the same PIN of two customers is kept differently', async () => {
  const list = await customers(2)
  const rows = await bench.platform.db.read.rows<{ hash: Buffer }>(
    'SELECT hash FROM identity.pins WHERE customer_id = ANY($1)',
    [list],
  )
  expect(rows[0]!.hash.equals(rows[1]!.hash)).toBe(false)
})

test('a customer without a PIN is a fault of the caller, not a wrong PIN', async () => {
  await expect(prove({ customerId: uuidv7(), pin: goodPin })).rejects.toThrow('no PIN')
})

test('says until when a PIN is locked, and nothing before and after', async () => {
  const [customerId] = await customers(1)
  const wrong = { customerId: customerId!, pin: '000001' }
  await prove(wrong, wrong)
  expect(await bench.identity.pinLockedUntil(customerId!)).toBeUndefined()
  const [verdict] = await prove(wrong)
  expect(verdict).toMatchObject({ verdict: 'locked' })
  const until = await bench.identity.pinLockedUntil(customerId!)
  expect(verdict).toEqual({ verdict: 'locked', untilAt: until })
  bench.platform.clock.advance(until!.getTime() - bench.platform.clock.now().getTime())
  expect(await bench.identity.pinLockedUntil(customerId!)).toBeUndefined()
})

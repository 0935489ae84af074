import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestPlatform, type TestPlatform } from './testing.ts'
import {
  chargeTry,
  checkPlaces,
  forgetQuiet,
  forgiveTries,
  giveBackPlaces,
  lockMs,
  networkOf,
  takePlaces,
  type BackOff,
  type Window,
} from './throttle.ts'

let platform: TestPlatform
beforeAll(async () => {
  platform = await createTestPlatform()
})
afterAll(() => platform.close())

const rule: BackOff = { freeTries: 3, firstLockMs: 1000, maximumLockMs: 5000, forgetAfterMs: 60_000 }
const now = () => platform.clock.now()
const charge = (key: string) => platform.db.transaction((tx) => chargeTry(tx, key, rule, now()))
const take = (...windows: Window[]) => platform.db.transaction((tx) => takePlaces(tx, windows, now()))
const go = { verdict: 'go' }
const stop = (inMs: number) => ({ verdict: 'stop', untilAt: new Date(now().getTime() + inMs) })

describe('wrong tries', () => {
  test('the lock begins after the free tries and doubles up to its end', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 500].map((tries) => lockMs(rule, tries))).toEqual([
      0, 0, 1000, 2000, 4000, 5000, 5000, 5000,
    ])
  })

  test('a locked key counts nothing; a right try, or a long quiet, starts anew', async () => {
    for (let attempt = 0; attempt < 3; attempt++) expect(await charge('a')).toEqual(go)
    expect(await charge('a')).toEqual(stop(1000))
    expect(await charge('a')).toEqual(stop(1000))
    platform.clock.advance(1000)
    expect(await charge('a')).toEqual(go)
    expect(await charge('a')).toEqual(stop(2000))
    await platform.db.transaction((tx) => forgiveTries(tx, 'a'))
    for (let attempt = 0; attempt < 3; attempt++) expect(await charge('a')).toEqual(go)
    platform.clock.advance(60_000)
    for (let attempt = 0; attempt < 3; attempt++) expect(await charge('a')).toEqual(go)
    expect(await charge('b')).toEqual(go)
  })

  test('tries at the same time cannot pass', async () => {
    const verdicts = await Promise.all(Array.from({ length: 30 }, () => charge('same time')))
    expect(verdicts.filter((verdict) => verdict.verdict === 'go')).toHaveLength(3)
  })
})

describe('windows', () => {
  test('a window slides: there is a place again when the oldest leaves', async () => {
    const window = { key: 'slides', limit: 2, windowMs: 1000 }
    expect(await take(window)).toEqual(go)
    expect(await checkPlaces(platform.db.read, [window], now())).toEqual(go)
    platform.clock.advance(400)
    expect(await take(window)).toEqual(go)
    expect(await take(window)).toEqual(stop(600))
    expect(await checkPlaces(platform.db.read, [window], now())).toEqual(stop(600))
    platform.clock.advance(600)
    expect(await take(window)).toEqual(go)
    expect(await take(window)).toEqual(stop(400))
  })

  test('one full window takes a place in none', async () => {
    const [full, free] = [
      { key: 'full', limit: 1, windowMs: 1000 },
      { key: 'free', limit: 2, windowMs: 1000 },
    ]
    expect(await take(full)).toEqual(go)
    expect(await take(free, full)).toEqual(stop(1000))
    expect(await take(free)).toEqual(go)
    expect(await take(free)).toEqual(go)
    expect(await take(free)).toEqual(stop(1000))
    await platform.db.transaction((tx) => giveBackPlaces(tx, ['free', 'never taken']))
    expect(await take(free)).toEqual(go)
  })

  test('places taken at the same time, in any order of windows, never pass the limit nor block for ever', async () => {
    const windows = ['x', 'y', 'z'].map((key) => ({ key, limit: 10, windowMs: 1000 }))
    const verdicts = await Promise.all(
      Array.from({ length: 40 }, (_, place) => take(...(place % 2 ? windows : windows.toReversed()))),
    )
    expect(verdicts.filter((verdict) => verdict.verdict === 'go')).toHaveLength(10)
  })
})

test('what has been quiet for long is removed, and nothing else', async () => {
  await platform.db.read.run('DELETE FROM platform.attempts')
  await platform.db.read.run('DELETE FROM platform.rate_windows')
  await charge('old')
  await take({ key: 'old', limit: 1, windowMs: 1000 })
  platform.clock.advance(100_000)
  await charge('new')
  await take({ key: 'new', limit: 1, windowMs: 1000 })
  expect(await platform.db.transaction((tx) => forgetQuiet(tx, new Date(now().getTime() - 50_000)))).toBe(2)
  const left = await platform.db.read.rows<{ key: string }>(
    'SELECT key FROM platform.attempts UNION ALL SELECT key FROM platform.rate_windows',
  )
  expect(left.map((row) => row.key)).toEqual(['new', 'new'])
})

test.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['2001:db8:1:2:aaaa:bbbb:cccc:dddd', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::1', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
])('the network of %s is %s', (ip, network) => expect(networkOf(ip)).toBe(network))

// Whose session it is may be remembered; whether it lives is asked in the transaction that does the work.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createIdentityBench, type IdentityBench } from './for-tests.ts'

let bench: IdentityBench
beforeAll(async () => {
  bench = await createIdentityBench()
})
afterAll(() => bench.close())

let number = 0
async function signedUp() {
  const { cookies, body } = await bench.signUp(`+62812977${String(10_000 + ++number)}`)
  const request = { headers: { cookie: `tuntas_session=${cookies['tuntas_session']}` } }
  const session = await bench.identity.authenticate(request)
  return { customerId: String(body.customerId), request, session }
}
const endOf = (customerId: string, sessionId: string) =>
  bench.platform.db.transaction(async (tx) =>
    (await bench.identity.lockPins(tx, [{ customerId, sessionId }])).endOf(sessionId),
  )
const lastSeen = async (sessionId: string) =>
  (
    await bench.platform.db.read.one<{ at: Date }>(
      'SELECT last_seen_at AS at FROM identity.sessions WHERE id = $1',
      [sessionId],
    )
  ).at

test('the owner of a known session is told without a query, also after it ended; a stranger is nobody', async () => {
  const { request, session } = await signedUp()
  const { db } = bench.platform
  const original = db.read.rows
  let queries = 0
  db.read.rows = (...asked) => (queries++, original(...asked))
  try {
    expect(await bench.identity.ownerOf(request)).toEqual(session)
    await bench.identity.endSessions(session.customerId)
    expect(await bench.identity.ownerOf(request)).toEqual(session)
    expect(queries).toBe(0)
  } finally {
    db.read.rows = original
  }
  await expect(bench.identity.authenticate(request)).rejects.toMatchObject({ code: 'session_expired' })
  for (const cookie of [undefined, `tuntas_session=${'B'.repeat(43)}`])
    await expect(bench.identity.ownerOf({ headers: { cookie } })).rejects.toMatchObject({
      code: 'session_expired',
    })
})

test('A11 in a transaction a session lives until it was ended, is of another customer, or was never there', async () => {
  const [one, other] = [await signedUp(), await signedUp()]
  expect(await endOf(one.customerId, one.session.sessionId)).toBeUndefined()
  expect(await endOf(one.customerId, other.session.sessionId)).toEqual({ end: 'elsewhere' })
  expect(await endOf(one.customerId, uuidv7())).toEqual({ end: 'elsewhere' })
  await bench.identity.endSessions(one.customerId)
  expect(await endOf(one.customerId, one.session.sessionId)).toEqual({ end: 'elsewhere' })
  expect(await endOf(other.customerId, other.session.sessionId)).toBeUndefined()
})

test('in a transaction a session grows old like everywhere, and its use counts', async () => {
  const { customerId, session } = await signedUp()
  const hours = (count: number) => bench.platform.clock.advance(count * 3_600_000)
  const before = await lastSeen(session.sessionId)
  hours(11)
  expect(await endOf(customerId, session.sessionId)).toBeUndefined()
  // Noted beside the transaction.
  await expect.poll(async () => (await lastSeen(session.sessionId)) > before).toBe(true)
  hours(11)
  expect(await endOf(customerId, session.sessionId)).toBeUndefined()
  await expect
    .poll(async () => (await lastSeen(session.sessionId)).getTime() - before.getTime())
    .toBe(22 * 3_600_000)
  hours(12)
  expect(await endOf(customerId, session.sessionId)).toEqual({ end: 'unused', afterMinutes: 12 * 60 })
})

test('one PIN that two sessions of its customer ask for at once is judged for both, each session by itself', async () => {
  const { customerId, session } = await signedUp()
  const ended = uuidv7()
  const { verdicts, ends } = await bench.platform.db.transaction(async (tx) => {
    const locked = await bench.identity.lockPins(tx, [
      { customerId, sessionId: session.sessionId },
      { customerId, sessionId: ended },
      { customerId },
    ])
    const wrong = { customerId, pin: '000001' }
    const proofs = locked.prove([wrong, wrong], bench.platform.clock.now())
    await proofs.saved
    return { verdicts: proofs.verdicts, ends: [session.sessionId, ended].map((id) => locked.endOf(id)) }
  })
  expect(verdicts).toEqual([
    { verdict: 'wrong', triesLeft: 2 },
    { verdict: 'wrong', triesLeft: 1 },
  ])
  expect(ends).toEqual([undefined, { end: 'elsewhere' }])
})

test('whether a session lives is told without using it, until it ended by itself or was ended', async () => {
  const { request, session } = await signedUp()
  const seen = await lastSeen(session.sessionId)
  bench.platform.clock.advance(11 * 3_600_000)
  expect(await bench.identity.isLiving(request)).toBe(true)
  expect(await lastSeen(session.sessionId)).toEqual(seen)
  bench.platform.clock.advance(3_600_000)
  expect(await bench.identity.isLiving(request)).toBe(false)
  const other = await signedUp()
  expect(await bench.identity.isLiving(other.request)).toBe(true)
  await bench.identity.endSessions(other.customerId)
  expect(await bench.identity.isLiving(other.request)).toBe(false)
  expect(await bench.identity.isLiving({ headers: {} })).toBe(false)
})

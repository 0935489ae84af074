// A holiday that an operator adds is one day off for everybody: for who answers, for the deadlines of refunds, for pay-outs.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { readHolidays } from '#platform/holidays.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { composeRooms, type Rooms } from './compose.ts'

let platform: TestPlatform
let rooms: Rooms

beforeAll(async () => {
  // Friday 20 November 2026, 17:59:30 in Jakarta: half a minute before the chat closes.
  platform = await createTestPlatform('2026-11-20T10:59:30.000Z')
  rooms = composeRooms(platform)
})
afterAll(async () => {
  await rooms.desk.close()
  await rooms.payments.close()
  await platform.close()
})

const replyDueAt = async () =>
  (await rooms.desk.open(uuidv7(), undefined, 'id-ID')).firstReplyDueAt?.toISOString()
const payOuts = () =>
  rooms.settlements.payOutTimes(
    platform.db.read,
    { zone: 'Asia/Jakarta', calendar: 'ID', payOutMinute: 600 } as Parameters<
      typeof rooms.settlements.payOutTimes
    >[1],
    platform.clock.now(),
    new Date('2026-11-24T12:00:00.000Z'),
  )

it('holds at once, in every room, and only in its calendar', async () => {
  expect(await replyDueAt()).toBe('2026-11-23T02:01:30.000Z')
  expect((await payOuts()).map((at) => at.toISOString())).toEqual([
    '2026-11-23T03:00:00.000Z',
    '2026-11-24T03:00:00.000Z',
  ])
  const add = (calendar: string) =>
    platform.db.read.run("INSERT INTO platform.holidays VALUES ($1, '2026-11-23', 'Cuti bersama')", [
      calendar,
    ])
  await add('SG')
  expect(await replyDueAt()).toBe('2026-11-23T02:01:30.000Z')
  await add('ID')
  expect(await replyDueAt()).toBe('2026-11-24T02:01:30.000Z')
  expect((await payOuts()).map((at) => at.toISOString())).toEqual(['2026-11-24T03:00:00.000Z'])
  expect([...(await readHolidays(platform.db.read, 'SG'))]).toEqual(['2026-11-23'])
})

it('knows the fixed ones of Indonesia', async () => {
  const holidays = await readHolidays(platform.db.read)
  for (const day of ['2026-12-25', '2027-01-01', '2030-08-17']) expect(holidays).toContain(day)
})

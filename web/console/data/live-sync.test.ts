// Live facts in the page's memory: merged in batches, holes read again, changed cases read once a round.

import { QueryClient, QueryObserver } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CaseCard, CaseDetail, Message } from '../../../contract/desk.ts'
import { problemOf, type ErrorCode } from '../../../contract/errors.ts'
import type { CaseList } from '../cases/queue/queue-state.ts'
import { LiveSync } from './live-sync.ts'
import { keys } from './requests.ts'

const at = (second: number): string => new Date(Date.UTC(2026, 10, 20, 7, 0, second)).toISOString()
const card = (id: string, change: Partial<CaseCard> = {}): CaseCard => ({
  id,
  number: `C-${id}`,
  conversationId: `talk-${id}`,
  customerId: `customer-${id}`,
  customerName: 'Meiling Lin',
  subject: 'general',
  preview: '',
  channel: 'chat',
  language: 'en',
  state: 'waiting_agent',
  agentId: 'me',
  escalated: false,
  unread: 0,
  firstReplyDueAt: at(600),
  openedAt: at(0),
  updatedAt: at(0),
  ...change,
})
const list = (cases: CaseCard[]): CaseList => ({ cases, counts: { mine: 1, team: 1, at_risk: 0, escalated: 0, waiting_money: 0 }, asOf: at(0) })
const message = (sequence: number): Message => ({
  id: `m${sequence}`,
  conversationId: 'talk-a',
  sequence,
  author: 'customer',
  kind: 'text',
  text: `message ${sequence}`,
  redactions: [],
  storedAt: at(sequence),
})

const codes: Record<number, ErrorCode> = {
  401: 'session_expired',
  403: 'forbidden',
  404: 'not_found',
  429: 'busy',
  503: 'shutting_down',
}
const counts = { mine: 1, team: 7, at_risk: 2, escalated: 0, waiting_money: 0 }

/** What the server answers, by path; every request is noted. */
let answers: Record<string, unknown>
/** How the next requests of a path fail, by status; 0 is a network that does not carry them. */
let failures: Record<string, number[]>
let asked: string[]
let client: QueryClient
let sync: LiveSync
const seen: number[] = []

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(at(30)) })
  answers = {}
  failures = {}
  asked = []
  seen.length = 0
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path)
    const failure = failures[path.split('?')[0]!]?.shift()
    if (failure === 0) throw new TypeError('network')
    if (failure !== undefined) return Response.json(problemOf(codes[failure]!), { status: failure })
    const answer = answers[path] ?? answers[path.split('?')[0]!]
    return answer ? Response.json(answer) : Response.json({ code: 'not_found' }, { status: 404 })
  })
  client = new QueryClient()
  sync = new LiveSync({ client, agentId: 'me', onMessage: ({ sequence }) => seen.push(sequence) })
})
afterEach(() => {
  sync.stop()
  client.clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const mine = (): CaseCard[] => client.getQueryData<CaseList>(keys.cases('mine'))!.cases
const sequences = (): number[] =>
  client.getQueryData<readonly Message[]>(keys.messages('a'))!.map(({ sequence }) => sequence)

test('messages of one batch stand in the talk and on the row, without asking the server', async () => {
  client.setQueryData(keys.cases('mine'), list([card('a')]))
  client.setQueryData(keys.messages('a'), [message(1)])
  for (const sequence of [2, 3, 3]) sync.take({ type: 'message.stored', caseId: 'a', message: message(sequence) })
  await vi.advanceTimersByTimeAsync(100)
  expect(sequences()).toEqual([1, 2, 3])
  expect(mine()[0]).toMatchObject({ preview: 'message 3', unread: 2, updatedAt: at(3) })
  expect(seen).toEqual([2, 3])
  expect(asked).toEqual([])
})

test('a hole is read again from the last message before it', async () => {
  client.setQueryData(keys.messages('a'), [message(1)])
  client.setQueryData(keys.cases('mine'), list([card('a')]))
  answers['/api/cases/a/messages?after=1'] = { messages: [message(2), message(3), message(4)] }
  answers['/api/cases/a/messages?after=4'] = { messages: [] }
  sync.take({ type: 'message.stored', caseId: 'a', message: message(4) })
  await vi.advanceTimersByTimeAsync(100)
  expect(sequences()).toEqual([1, 2, 3, 4])
})

test('what comes while the open case reads its first messages is not lost', async () => {
  sync.openCaseId = 'a'
  answers['/api/cases/a/messages?after=0'] = { messages: [message(1), message(2)] }
  answers['/api/cases/a/messages?after=2'] = { messages: [] }
  sync.take({ type: 'message.stored', caseId: 'a', message: message(2) })
  await vi.advanceTimersByTimeAsync(100)
  expect(sequences()).toEqual([1, 2])
})

test('a changed case is read once a round, however often it was told, and leaves the view it left', async () => {
  client.setQueryData(keys.cases('mine'), list([card('a'), card('b')]))
  client.setQueryData(keys.case('a'), card('a') as CaseDetail)
  answers['/api/cases/a'] = card('a', { agentId: 'other' })
  answers['/api/cases'] = { ...list([]), counts: { mine: 1, team: 7, at_risk: 2, escalated: 0, waiting_money: 0 } }
  for (let time = 0; time < 5; time++) sync.take({ type: 'case.changed', caseId: 'a' })
  await vi.advanceTimersByTimeAsync(1000)
  expect(asked.filter((path) => path === '/api/cases/a')).toHaveLength(1)
  expect(mine().map(({ id }) => id)).toEqual(['b'])
  expect(client.getQueryData<CaseDetail>(keys.case('a'))?.agentId).toBe('other')
  expect(client.getQueryData<CaseList>(keys.cases('mine'))?.counts.team).toBe(7)
})

test('many changed cases are read as the list, not one by one', async () => {
  client.setQueryData(keys.cases('mine'), list([card('a')]))
  for (let index = 0; index < 40; index++) sync.take({ type: 'case.changed', caseId: `case-${index}` })
  await vi.advanceTimersByTimeAsync(1000)
  expect(asked.filter((path) => path.startsWith('/api/cases/'))).toEqual([])
})

test('the open case of this agent has nothing unread; of a colleague it keeps its mark', async () => {
  client.setQueryData(keys.cases('team'), list([card('a'), card('b', { agentId: 'other' })]))
  const unread = (): number[] =>
    client.getQueryData<CaseList>(keys.cases('team'))!.cases.toSorted((x, y) => (x.id < y.id ? -1 : 1)).map((row) => row.unread)
  sync.openCaseId = 'a'
  sync.take({ type: 'message.stored', caseId: 'a', message: message(2) })
  await vi.advanceTimersByTimeAsync(100)
  sync.openCaseId = 'b'
  sync.take({ type: 'message.stored', caseId: 'b', message: message(2) })
  await vi.advanceTimersByTimeAsync(100)
  expect(unread()).toEqual([0, 1])
})

test('a reset makes everything but the session old', () => {
  client.setQueryData(['me'], { agentId: 'me' })
  client.setQueryData(keys.cases('mine'), list([]))
  client.setQueryData(keys.messages('a'), [])
  sync.reset()
  const old = (key: readonly unknown[]): boolean | undefined => client.getQueryState(key)?.isInvalidated
  expect([old(['me']), old(keys.cases('mine')), old(keys.messages('a'))]).toEqual([false, true, true])
})

test('what changed between the first read of a list and the beginning of the stream is shown', async () => {
  const read = vi.fn<() => Promise<CaseList>>()
  let answer = (_: CaseList): void => undefined
  read.mockReturnValueOnce(new Promise((resolve) => (answer = resolve))).mockResolvedValue(list([card('new')]))
  const leave = new QueryObserver(client, { queryKey: keys.cases('mine'), queryFn: read }).subscribe(() => undefined)
  sync.reset()
  answer(list([card('old')]))
  await vi.advanceTimersByTimeAsync(100)
  expect([read.mock.calls.length, mine().map(({ id }) => id)]).toEqual([2, ['new']])
  leave()
})

test.each([
  ['a list', keys.cases('mine'), { type: 'case.changed', caseId: 'a' }],
  ['a list, by a message', keys.cases('mine'), { type: 'message.stored', caseId: 'a', message: message(2) }],
  ['a case', keys.case('a'), { type: 'case.changed', caseId: 'a' }],
  ['a case, by a message', keys.case('a'), { type: 'message.stored', caseId: 'a', message: message(2) }],
  ['messages', keys.messages('a'), { type: 'message.stored', caseId: 'a', message: message(2) }],
  ['a movement', keys.money('a', 'TN'), { type: 'transaction.changed', reference: 'TN' }],
  ['approvals', ['approvals'], { type: 'approval.changed', approvalId: 'one' }],
  ['one approval', ['approval', 'one'], { type: 'approval.changed', approvalId: 'one' }],
  ['decisions', ['decisions'], { type: 'transaction.changed', reference: 'TN' }],
  ['a refund', ['refund', 'TN'], { type: 'transaction.changed', reference: 'TN' }],
] as const)('an event during the first read of %s makes it read once more', async (_, queryKey, event) => {
  answers['/api/cases/a'] = card('a')
  answers['/api/cases'] = list([])
  let answer = (): void => undefined
  const read = vi.fn<() => Promise<unknown>>(() => new Promise((resolve) => (answer = () => resolve([]))))
  const leave = new QueryObserver<unknown>(client, { queryKey, queryFn: read }).subscribe(() => undefined)
  for (let time = 0; time < 3; time++) sync.take(event)
  await vi.advanceTimersByTimeAsync(2000)
  expect(read).toHaveBeenCalledTimes(1)
  answer()
  await vi.advanceTimersByTimeAsync(100)
  expect(read).toHaveBeenCalledTimes(2)
  leave()
})

test.each([0, 401, 429, 503])('a changed case whose read fails with %i is read again', async (status) => {
  client.setQueryData(keys.case('a'), card('a', { agentId: 'other' }) as CaseDetail)
  failures['/api/cases/a'] = [status]
  answers['/api/cases/a'] = card('a')
  answers['/api/cases'] = list([])
  sync.take({ type: 'case.changed', caseId: 'a' })
  await vi.advanceTimersByTimeAsync(3000)
  expect(client.getQueryData<CaseDetail>(keys.case('a'))?.agentId).toBe('me')
  expect(asked.filter((path) => path === '/api/cases/a')).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.filter((path) => path === '/api/cases/a')).toHaveLength(2)
})

test.each([403, 404])('a changed case that is refused with %i is not asked for again', async (status) => {
  answers['/api/cases'] = list([])
  failures['/api/cases/a'] = [status, status, status]
  sync.take({ type: 'case.changed', caseId: 'a' })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.filter((path) => path === '/api/cases/a')).toHaveLength(1)
})

test('reads that keep failing are tried more and more rarely, and soon again after one success', async () => {
  answers['/api/cases'] = list([])
  answers['/api/cases/a'] = card('a')
  const tries = (): number => asked.filter((path) => path === '/api/cases/a').length
  failures['/api/cases/a'] = Array(100).fill(503)
  sync.take({ type: 'case.changed', caseId: 'a' })
  await vi.advanceTimersByTimeAsync(8_500)
  expect(tries()).toBe(5)
  await vi.advanceTimersByTimeAsync(60_000)
  // From here on one every 15 seconds.
  expect(tries()).toBeLessThanOrEqual(10)
  const before = tries()
  await vi.advanceTimersByTimeAsync(15_000)
  expect(tries()).toBe(before + 1)
  failures['/api/cases/a'] = []
  await vi.advanceTimersByTimeAsync(15_000)
  const good = tries()
  failures['/api/cases/a'] = [503]
  sync.take({ type: 'case.changed', caseId: 'a' })
  await vi.advanceTimersByTimeAsync(1_500)
  expect(tries()).toBe(good + 2)
})

test('one case that cannot be read does not slow down the others', async () => {
  answers['/api/cases'] = list([])
  answers['/api/cases/b'] = card('b')
  failures['/api/cases/a'] = Array(100).fill(503)
  sync.take({ type: 'case.changed', caseId: 'a' })
  await vi.advanceTimersByTimeAsync(60_000)
  sync.take({ type: 'case.changed', caseId: 'b' })
  await vi.advanceTimersByTimeAsync(700)
  expect(asked.filter((path) => path === '/api/cases/b')).toHaveLength(1)
})

test('lists whose read fails are read again', async () => {
  client.setQueryData(keys.cases('mine'), list([card('a')]))
  const observer = new QueryObserver(client, { queryKey: keys.cases('mine'), enabled: true, staleTime: Infinity, queryFn: () => list([]) })
  const leave = observer.subscribe(() => undefined)
  failures['/api/cases'] = [503]
  answers['/api/cases'] = list([card('new')])
  for (let index = 0; index < 40; index++) sync.take({ type: 'case.changed', caseId: `case-${index}` })
  await vi.advanceTimersByTimeAsync(3000)
  expect(mine().map(({ id }) => id)).toEqual(['new'])
  expect(sync.stop()).toBe(false)
  leave()
})

test('counts whose read fails are read again', async () => {
  client.setQueryData(keys.cases('mine'), list([card('a')]))
  failures['/api/cases'] = [0]
  answers['/api/cases/a'] = card('a')
  answers['/api/cases'] = { ...list([]), counts }
  sync.take({ type: 'case.changed', caseId: 'a' })
  await vi.advanceTimersByTimeAsync(3000)
  expect(client.getQueryData<CaseList>(keys.cases('mine'))?.counts).toEqual(counts)
})

test('a hole whose read fails is filled later, though nothing more is told', async () => {
  client.setQueryData(keys.messages('a'), [message(1)])
  client.setQueryData(keys.cases('mine'), list([card('a')]))
  failures['/api/cases/a/messages'] = [503, 0]
  answers['/api/cases/a/messages?after=1'] = { messages: [message(2), message(3), message(4)] }
  answers['/api/cases/a/messages?after=4'] = { messages: [] }
  sync.take({ type: 'message.stored', caseId: 'a', message: message(4) })
  await vi.advanceTimersByTimeAsync(3000)
  expect(sequences()).toEqual([1, 2, 3, 4])
  expect(sync.stop()).toBe(false)
})

test('a hole that opens while another is read is read too', async () => {
  client.setQueryData(keys.messages('a'), [message(1)])
  client.setQueryData(keys.cases('mine'), list([card('a')]))
  const stored = [message(1), message(2), message(3)]
  let answer = (): void => undefined
  // Reads answer what was stored when they were asked; the first one hangs.
  vi.stubGlobal('fetch', (path: string) => {
    const after = Number(path.split('after=')[1])
    const response = Response.json({ messages: stored.filter(({ sequence }) => sequence > after) })
    asked.push(path)
    return asked.length > 1 ? response : new Promise((resolve) => (answer = () => resolve(response)))
  })
  sync.take({ type: 'message.stored', caseId: 'a', message: message(3) })
  await vi.advanceTimersByTimeAsync(100)
  sync.take({ type: 'message.stored', caseId: 'a', message: message(5) })
  await vi.advanceTimersByTimeAsync(100)
  answer()
  stored.push(message(4), message(5))
  await vi.advanceTimersByTimeAsync(3000)
  expect(sequences()).toEqual([1, 2, 3, 4, 5])
})

test('a hole that is refused for good is left', async () => {
  client.setQueryData(keys.messages('a'), [message(1)])
  client.setQueryData(keys.cases('mine'), list([card('a')]))
  failures['/api/cases/a/messages'] = [403, 403, 403]
  sync.take({ type: 'message.stored', caseId: 'a', message: message(4) })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(1)
  expect(sync.stop()).toBe(false)
})

test('whoever stops is told whether anything was in hand, from the event to the last answer', async () => {
  const one = (): LiveSync => new LiveSync({ client, agentId: 'me', onMessage: () => undefined })
  const stopAfter = async (waitMs: number): Promise<boolean> => {
    const started = one()
    started.take({ type: 'case.changed', caseId: 'a' })
    await vi.advanceTimersByTimeAsync(waitMs)
    return started.stop()
  }
  answers['/api/cases/a'] = card('a')
  answers['/api/cases'] = list([])
  expect(one().stop()).toBe(false)
  expect(await stopAfter(0)).toBe(true)
  expect(await stopAfter(100)).toBe(true)
  expect(await stopAfter(1000)).toBe(false)
  failures['/api/cases/a'] = [503]
  expect(await stopAfter(700)).toBe(true)
  const plain = globalThis.fetch
  vi.stubGlobal('fetch', () => new Promise(() => undefined))
  expect(await stopAfter(1000)).toBe(true)
  client.setQueryData(keys.messages('a'), [message(1)])
  const filling = one()
  filling.take({ type: 'message.stored', caseId: 'a', message: message(4) })
  await vi.advanceTimersByTimeAsync(100)
  expect(filling.stop()).toBe(true)
  vi.stubGlobal('fetch', plain)
})

test('after the end nothing is asked or shown any more', async () => {
  client.setQueryData(keys.cases('mine'), list([card('a')]))
  client.setQueryData(keys.messages('a'), [message(1)])
  failures['/api/cases/a'] = [503]
  failures['/api/cases/a/messages'] = [503]
  answers['/api/cases'] = list([])
  sync.take({ type: 'message.stored', caseId: 'a', message: message(4) })
  sync.take({ type: 'case.changed', caseId: 'a' })
  await vi.advanceTimersByTimeAsync(100)
  await vi.advanceTimersByTimeAsync(600)
  sync.stop()
  const before = asked.length
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(before)
})

// Live facts in the page's memory: merged in batches, holes read again, changed cases read once a round.

import { QueryClient } from '@tanstack/react-query'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { CaseCard, CaseDetail, Message } from '../../../contract/desk.ts'
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

/** What the server answers, by path; every request is noted. */
let answers: Record<string, unknown>
let asked: string[]
let client: QueryClient
let sync: LiveSync
const seen: number[] = []

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse(at(30)) })
  answers = {}
  asked = []
  seen.length = 0
  vi.stubGlobal('fetch', async (path: string) => {
    asked.push(path)
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

// The queue under live facts: rows stand once, where they belong, and the reader's place is kept.

import { expect, test } from 'vitest'
import type { CaseCard, Message } from '../../../../contract/desk.ts'
import {
  belongsTo,
  cardAfterMessage,
  caseViews,
  compareCards,
  neighbourOf,
  placeCard,
  rowsMoved,
  viewsFor,
  type CaseList,
  type CaseView,
} from './queue-state.ts'

const at = (minutes: number): string => new Date(Date.UTC(2026, 10, 20, 7, minutes)).toISOString()
const nowMs = Date.parse(at(30))
const mine = { view: 'mine', agentId: 'me', nowMs } as const
const team = { view: 'team', agentId: 'me', nowMs } as const

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
  escalated: false,
  unread: 0,
  firstReplyDueAt: at(40),
  openedAt: at(0),
  updatedAt: at(0),
  ...change,
})
const list = (cases: CaseCard[], next?: string): CaseList => ({
  cases,
  next,
  counts: { mine: 0, team: 0, at_risk: 0, escalated: 0, waiting_money: 0 },
  asOf: at(30),
})
const ids = ({ cases }: CaseList): string[] => cases.map(({ id }) => id)
const message = (change: Partial<Message>): Message => ({
  id: 'm',
  conversationId: 'talk-a',
  sequence: 2,
  author: 'customer',
  kind: 'text',
  text: 'Where is it?',
  redactions: [],
  storedAt: at(20),
  ...change,
})

test('who waits for a first reply stands first, by the end of the promise', () => {
  const replied = card('r', { firstRepliedAt: at(1), updatedAt: at(29) })
  const early = card('e', { firstReplyDueAt: at(31) })
  const late = card('l', { firstReplyDueAt: at(50) })
  expect([late, replied, early].sort((a, b) => compareCards(a, b, 'team')).map(({ id }) => id)).toEqual([
    'e',
    'l',
    'r',
  ])
})

test('of those answered before, who waits for us stands first, the longest on top, and with the customer is below', () => {
  const replied = { firstRepliedAt: at(1) }
  const long = card('l', { ...replied, waitingSince: at(5), updatedAt: at(29) })
  const short = card('s', { ...replied, waitingSince: at(20), updatedAt: at(20) })
  const early = card('e', { ...replied, state: 'waiting_customer', updatedAt: at(10) })
  const late = card('d', { ...replied, state: 'waiting_customer', updatedAt: at(28) })
  const fresh = card('f', { firstReplyDueAt: at(50) })
  expect(
    [late, short, early, long, fresh].sort((a, b) => compareCards(a, b, 'mine')).map(({ id }) => id),
  ).toEqual(['f', 'l', 's', 'd', 'e'])
})

test('solved cases stand by what moved last', () => {
  const old = card('o', { state: 'solved', updatedAt: at(1) })
  const fresh = card('f', { state: 'solved', updatedAt: at(9) })
  expect([old, fresh].sort((a, b) => compareCards(a, b, 'solved')).map(({ id }) => id)).toEqual(['f', 'o'])
})

test('a changed card moves to its place and stands once', () => {
  const before = list([
    card('a', { firstReplyDueAt: at(31) }),
    card('b', { firstReplyDueAt: at(35) }),
    card('c'),
  ])
  const after = placeCard(before, card('c', { firstReplyDueAt: at(33) }), team)
  expect(ids(after)).toEqual(['a', 'c', 'b'])
})

test('a card leaves the views where it no longer belongs', () => {
  const before = list([card('a', { agentId: 'me' }), card('b', { agentId: 'me' })])
  expect(ids(placeCard(before, card('a', { agentId: 'other' }), mine))).toEqual(['b'])
  expect(ids(placeCard(before, card('b', { agentId: 'me', state: 'solved' }), mine))).toEqual(['a'])
  const risk = { view: 'at_risk', agentId: 'me', nowMs } as const
  const replied = { firstRepliedAt: at(10), updatedAt: at(29) }
  expect(ids(placeCard(list([card('a')]), card('a', replied), risk))).toEqual([])
  // Answered before, and the customer waits again for long: taking the case a moment ago changes nothing of it.
  expect(ids(placeCard(list([card('a')]), card('a', { ...replied, waitingSince: at(20) }), risk))).toEqual([
    'a',
  ])
  expect(ids(placeCard(list([]), card('a', { firstReplyDueAt: at(34) }), risk))).toEqual(['a'])
})

test('a list without change stays the same object, so that nothing is drawn again', () => {
  const before = list([card('a', { agentId: 'me' })])
  expect(placeCard(before, card('z', { agentId: 'other' }), mine)).toBe(before)
})

test('a card beyond the loaded end is left to the next page', () => {
  const before = list([card('a', { firstReplyDueAt: at(31) })], 'cursor')
  expect(ids(placeCard(before, card('z', { firstReplyDueAt: at(55) }), team))).toEqual(['a'])
  expect(
    ids(placeCard({ ...before, next: undefined }, card('z', { firstReplyDueAt: at(55) }), team)),
  ).toEqual(['a', 'z'])
})

test('a message from the customer makes the case wait for us; the open case has nothing unread', () => {
  const waiting = cardAfterMessage(card('a', { state: 'waiting_customer', unread: 1 }), message({}), false)
  expect(waiting).toMatchObject({
    state: 'waiting_agent',
    unread: 2,
    preview: 'Where is it?',
    updatedAt: at(20),
  })
  expect(cardAfterMessage(card('a'), message({}), true).unread).toBe(0)
  expect(waiting.waitingSince).toBe(at(20))
  // They wait since the first of their messages, until we answer.
  const again = cardAfterMessage(waiting, message({ storedAt: at(25) }), false)
  expect(again.waitingSince).toBe(at(20))
  const answered = cardAfterMessage(again, message({ author: 'agent', storedAt: at(26) }), false)
  expect(answered.waitingSince).toBeUndefined()
})

test('our first reply is noted once; notes and old messages change nothing', () => {
  const replied = cardAfterMessage(card('a'), message({ author: 'agent' }), true)
  expect(replied).toMatchObject({ state: 'waiting_customer', firstRepliedAt: at(20) })
  expect(cardAfterMessage(replied, message({ author: 'agent', storedAt: at(25) }), true).firstRepliedAt).toBe(
    at(20),
  )
  const note = message({ author: 'agent', kind: 'note' })
  expect(cardAfterMessage(replied, note, true)).toBe(replied)
  expect(cardAfterMessage(replied, message({ storedAt: at(3) }), true)).toBe(replied)
})

test('keys go to the neighbours, and into the list when nothing is selected', () => {
  const rows = [card('a'), card('b')]
  expect(neighbourOf(rows, 'a', 1)?.id).toBe('b')
  expect(neighbourOf(rows, 'b', 1)).toBeUndefined()
  expect(neighbourOf(rows, undefined, 1)?.id).toBe('a')
  expect(neighbourOf(rows, 'gone', -1)?.id).toBe('b')
})

test('the first visible row keeps its place when rows come or go above it', () => {
  expect(rowsMoved(['a', 'b', 'c'], ['x', 'y', 'a', 'b', 'c'], 1)).toBe(2)
  expect(rowsMoved(['a', 'b', 'c'], ['b', 'c'], 1)).toBe(-1)
  // The first visible row itself left: the next one takes its place.
  expect(rowsMoved(['a', 'b', 'c'], ['a', 'c'], 1)).toBe(-1)
  expect(rowsMoved(['a', 'b'], [], 0)).toBe(0)
})

test('what came back unsolved stands among the escalated while it is open, and only before supervisors', () => {
  const seen = (view: CaseView, change: Partial<CaseCard>): boolean =>
    belongsTo(card('a', change), { view, agentId: 'me', nowMs: 0 })
  expect(seen('escalated', { escalated: true })).toBe(true)
  expect(seen('escalated', {})).toBe(false)
  expect(seen('escalated', { escalated: true, state: 'solved' })).toBe(false)
  expect(viewsFor(true)).toContain('escalated')
  expect(viewsFor(false)).not.toContain('escalated')
})

test('a case that only waits for money with the helper asks nobody: it stands in a view of its own, what moved last on top', () => {
  const waits = card('a', { state: 'waiting_money', agentId: 'me' })
  for (const view of caseViews)
    expect(belongsTo(waits, { view, agentId: 'me', nowMs: 0 })).toBe(view === 'waiting_money')
  expect(belongsTo(card('s', { state: 'solved' }), { view: 'waiting_money', agentId: 'me', nowMs: 0 })).toBe(
    false,
  )
  const later = card('b', { state: 'waiting_money', updatedAt: at(9), firstReplyDueAt: at(50) })
  expect([waits, later].sort((a, b) => compareCards(a, b, 'waiting_money')).map(({ id }) => id)).toEqual([
    'b',
    'a',
  ])
})

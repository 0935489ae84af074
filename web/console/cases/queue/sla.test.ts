// Clocks of the queue: what they say, and that nothing late is shown as kept.

import { beforeAll, expect, test } from 'vitest'
import { compileCatalogue } from '../../../vite/catalogue.ts'
import { readFileSync } from 'node:fs'
import { i18n } from '../../../ui/language.ts'
import { clockWords } from './CaseClock.tsx'
import { clockOf, firstReplyOf, type Promised } from './sla.ts'

const read = (name: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')) as Record<string, string>

beforeAll(() => {
  const texts = { ...read('../../../ui/locales/en.json'), ...read('../../locales/en.json') }
  i18n.load('en', compileCatalogue(texts) as never)
  i18n.activate('en')
})

const nowMs = Date.UTC(2026, 10, 20, 7, 0)
const inSeconds = (seconds: number): string => new Date(nowMs + seconds * 1000).toISOString()
const due = (seconds: number, change: Partial<Promised> = {}): Promised => ({
  state: 'waiting_agent',
  firstReplyDueAt: inSeconds(seconds),
  updatedAt: inSeconds(0),
  ...change,
})
const says = (card: Promised): string => clockWords(clockOf(card, nowMs)).replaceAll('\u00a0', ' ')

test.each([
  [due(26 * 3600), 'calm', 'Sat 16:00'],
  [due(5460), 'calm', '1 h 31 min left'],
  [due(301), 'calm', '6 min left'],
  [due(180), 'risk', 'Reply in 3 min'],
  [due(1), 'risk', 'Reply in 1 min'],
  [due(-20), 'over', 'Just over'],
  [due(-240), 'over', '4 min over'],
  [due(-240, { firstRepliedAt: inSeconds(-300), waitingSince: inSeconds(-90) }), 'calm', 'Waits 1 min'],
  [
    due(-240, { firstRepliedAt: inSeconds(-900), waitingSince: inSeconds(-600), updatedAt: inSeconds(0) }),
    'risk',
    'Waits 10 min',
  ],
  [due(60, { firstRepliedAt: inSeconds(-10), waitingSince: inSeconds(0) }), 'calm', 'Waits now'],
  [due(60, { firstRepliedAt: inSeconds(-10), state: 'waiting_customer' }), 'paused', 'With the customer'],
  [due(-60, { state: 'solved' }), 'met', 'Solved'],
] as const)('%#: %o is %s: %s', (card, state, words) => {
  expect(clockOf(card, nowMs).state).toBe(state)
  expect(says(card)).toBe(words)
})

test('a reply after the promise is late, however short it took', () => {
  const opened = { openedAt: inSeconds(0), firstReplyDueAt: inSeconds(60) }
  expect(firstReplyOf(opened)).toBeUndefined()
  expect(firstReplyOf({ ...opened, firstRepliedAt: inSeconds(38) })).toEqual({ kept: true, seconds: 38 })
  expect(firstReplyOf({ ...opened, firstRepliedAt: inSeconds(61) })).toEqual({ kept: false, seconds: 61 })
})

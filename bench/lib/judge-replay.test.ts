import { expect, test } from 'vitest'
import {
  judgeDiagnoses,
  judgeReplay,
  type HeldMessage,
  type ReplayVerdict,
  type SeenMessage,
} from './judge-replay.ts'

const sent = ['a', 'b', 'c', 'd'].map((clientMessageId, index) => ({
  clientMessageId,
  conversationId: index % 2 ? 'odd' : 'even',
}))
const held = (list: string, queued = true): HeldMessage[] =>
  [...list].map((id) => ({ clientMessageId: id, conversationId: 'bd'.includes(id) ? 'odd' : 'even', queued }))
/** As a screen hears of them: `a` and `b` are the first of their conversations. */
const seen = (list: string): SeenMessage[] =>
  held(list).map(({ clientMessageId, conversationId }) => ({
    clientMessageId,
    conversationId,
    sequence: 'ab'.includes(clientMessageId) ? 1 : 2,
  }))
const all = [seen('abcd'), seen('bacd')]
const good: ReplayVerdict = { sent: 4, stored: 4, lost: 0, doubled: 0, outOfOrder: 0, seenByAgents: 4 }

test.each<[string, HeldMessage[], Partial<ReplayVerdict>]>([
  ['all in order', held('acbd'), {}],
  ['one lost', held('acb'), { stored: 3, lost: 1 }],
  ['nothing held', [], { stored: 0, lost: 4 }],
  ['one twice', held('aacbd'), { doubled: 1 }],
  ['one that nobody sent', [...held('acbd'), ...held('x')], { doubled: 1 }],
  ['two swapped', held('acdb'), { outOfOrder: 1 }],
  ['a case outside the queue', [...held('ac'), ...held('bd', false)], { stored: 2, lost: 2 }],
  [
    'in a conversation of somebody else',
    [...held('acb'), { clientMessageId: 'd', conversationId: 'even', queued: true }],
    { stored: 3, lost: 1 },
  ],
])('held: %s', (_name, list, change) => expect(judgeReplay(sent, list, all)).toEqual({ ...good, ...change }))

test.each<[string, SeenMessage[], Partial<ReplayVerdict>]>([
  ['one never', seen('abc'), { seenByAgents: 3 }],
  ['nothing', [], { seenByAgents: 0 }],
  ['one twice', seen('abccd'), { doubled: 1 }],
  ['one that nobody sent', [...seen('abcd'), ...seen('x')], { doubled: 1 }],
  ['two of a conversation swapped', seen('bcad'), { outOfOrder: 1 }],
  [
    'in a conversation of somebody else',
    [...seen('abc'), { clientMessageId: 'd', conversationId: 'even', sequence: 3 }],
    { seenByAgents: 3 },
  ],
])('one of the screens has %s', (_name, screen, change) =>
  expect(judgeReplay(sent, held('acbd'), [seen('abcd'), screen])).toEqual({ ...good, ...change }),
)

test('no screen has seen nothing', () => {
  expect(judgeReplay(sent, held('acbd'), []).seenByAgents).toBe(0)
})

const conversations = ['a', 'b', 'c'].map((id) => ({ conversationId: id, reference: `TN-${id}` }))
test.each([
  ['all once', conversations, { diagnosed: 3, lost: 0, doubled: 0 }],
  ['none at all', [], { diagnosed: 0, lost: 3, doubled: 0 }],
  ['one lost', conversations.slice(1), { diagnosed: 2, lost: 1, doubled: 0 }],
  ['one twice', [...conversations, conversations[0]!], { diagnosed: 2, lost: 0, doubled: 1 }],
  [
    'one about another payment',
    [...conversations.slice(1), { conversationId: 'a', reference: 'TN-b' }],
    { diagnosed: 2, lost: 1, doubled: 1 },
  ],
])('diagnoses: %s', (_name, told, verdict) => expect(judgeDiagnoses(conversations, told)).toEqual(verdict))

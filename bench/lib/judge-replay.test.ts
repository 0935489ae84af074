import { expect, test } from 'vitest'
import { judgeReplay, type HeldMessage, type ReplayVerdict } from './judge-replay.ts'

const sent = ['a', 'b', 'c', 'd'].map((clientMessageId, index) => ({
  clientMessageId,
  conversationId: index % 2 ? 'odd' : 'even',
}))
const held = (list: string, queued = true): HeldMessage[] =>
  [...list].map((id) => ({ clientMessageId: id, conversationId: 'bd'.includes(id) ? 'odd' : 'even', queued }))
const good: ReplayVerdict = { sent: 4, stored: 4, lost: 0, doubled: 0, outOfOrder: 0 }

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
])('%s', (_name, list, change) => expect(judgeReplay(sent, list)).toEqual({ ...good, ...change }))

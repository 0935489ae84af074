// What an agent sends arrives once and in order, over lost answers, refusals and a lost session.

import { expect, test } from 'vitest'
import type { Message } from '../../../../contract/desk.ts'
import { ApiProblem, networkProblem } from '../../../ui/api.ts'
import { Outbox, type NewMessage } from './outbox.ts'

type Answer = { resolve: (message: Message) => void; reject: (error: unknown) => void }

function bench() {
  const calls: (NewMessage & Answer)[] = []
  const waits: { delayMs: number; run: () => void }[] = []
  const stored: string[] = []
  const kept: NewMessage[][] = []
  const outbox = new Outbox({
    send: (message) =>
      new Promise((resolve, reject) => {
        calls.push({ ...message, resolve, reject })
      }),
    onStored: (_caseId, message) => stored.push(message.text),
    keep: (messages) => kept.push(messages),
    schedule: (delayMs, run) => {
      const wait = { delayMs, run }
      waits.push(wait)
      return () => waits.splice(waits.indexOf(wait), 1)
    },
  })
  return { outbox, calls, waits, stored, kept }
}
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const text = (id: string, caseId = 'case'): NewMessage => ({
  caseId,
  clientMessageId: id,
  kind: 'text',
  text: id,
})
const asStored = (id: string) => ({ text: id, clientMessageId: id }) as Message
const refusal = new ApiProblem({
  code: 'message_too_long',
  title: 'Too long',
  status: 422,
  retry: 'correct_input',
})

test('messages of one case go one after the other, cases do not wait for each other', async () => {
  const { outbox, calls, stored } = bench()
  outbox.add(text('one'))
  outbox.add(text('two'))
  outbox.add(text('other', 'elsewhere'))
  expect(calls.map(({ clientMessageId }) => clientMessageId)).toEqual(['one', 'other'])
  calls[0]!.resolve(asStored('one'))
  await settled()
  expect(calls.map(({ clientMessageId }) => clientMessageId)).toEqual(['one', 'other', 'two'])
  expect(stored).toEqual(['one'])
  expect(outbox.getMessages().map(({ clientMessageId }) => clientMessageId)).toEqual(['two', 'other'])
})

test('a lost answer is asked again with the same id, later and later, and holds back what comes after', async () => {
  const { outbox, calls, waits } = bench()
  outbox.add(text('one'))
  outbox.add(text('two'))
  calls[0]!.reject(networkProblem())
  await settled()
  expect(outbox.getMessages()[0]).toMatchObject({ state: 'waiting', tries: 1 })
  expect(waits.map(({ delayMs }) => delayMs)).toEqual([1000])
  expect(calls).toHaveLength(1)
  waits[0]!.run()
  calls[1]!.reject(networkProblem())
  await settled()
  expect(calls[1]!.clientMessageId).toBe('one')
  expect(waits.at(-1)!.delayMs).toBe(2000)
})

test('what waits goes at once when the connection is back', async () => {
  const { outbox, calls, waits } = bench()
  outbox.add(text('one'))
  calls[0]!.reject(networkProblem())
  await settled()
  outbox.wake()
  expect(calls.map(({ clientMessageId }) => clientMessageId)).toEqual(['one', 'one'])
  expect(waits).toEqual([])
})

test('a session that ended keeps the message for the next one', async () => {
  const { outbox, calls } = bench()
  outbox.add(text('one'))
  calls[0]!.reject(new ApiProblem({ code: 'session_expired', title: '', status: 401, retry: 'with_proof' }))
  await settled()
  expect(outbox.getMessages()[0]!.state).toBe('waiting')
})

test('a final refusal stays with its reason, lets the next one pass, and can be tried or taken back', async () => {
  const { outbox, calls } = bench()
  outbox.add(text('one'))
  outbox.add(text('two'))
  calls[0]!.reject(refusal)
  await settled()
  expect(outbox.getMessages()[0]).toMatchObject({ state: 'failed', problem: refusal })
  expect(calls[1]!.clientMessageId).toBe('two')
  expect(outbox.discard('two')).toBeUndefined()
  expect(outbox.discard('one')?.text).toBe('one')
  expect(outbox.getMessages().map(({ clientMessageId }) => clientMessageId)).toEqual(['two'])
})

test('a live fact that comes before the answer settles the message, and the answer changes nothing', async () => {
  const { outbox, calls, stored } = bench()
  outbox.add(text('one'))
  outbox.settle('one')
  expect(outbox.getMessages()).toEqual([])
  calls[0]!.reject(networkProblem())
  await settled()
  expect(outbox.getMessages()).toEqual([])
  expect(stored).toEqual([])
})

test('what is not yet stored is kept for after a reload, and the same id is taken once', async () => {
  const { outbox, calls, kept } = bench()
  outbox.add(text('one'))
  outbox.add(text('one'))
  expect(kept.at(-1)).toEqual([text('one')])
  expect(calls).toHaveLength(1)
  calls[0]!.resolve(asStored('one'))
  await settled()
  expect(kept.at(-1)).toEqual([])
})

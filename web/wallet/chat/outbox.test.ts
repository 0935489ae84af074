import { describe, expect, it } from 'vitest'
import type { Message } from '../../../contract/desk.ts'
import { ApiProblem, networkProblem } from '../../ui/api.ts'
import { ChatOutbox, type OutgoingMessage } from './outbox.ts'

const written = (clientMessageId: string, text = clientMessageId): OutgoingMessage => ({
  clientMessageId,
  conversationId: 'talk',
  text,
  language: 'id-ID',
  writtenAt: '2026-11-20T07:00:00.000Z',
})
const storedAs = ({ clientMessageId, text }: OutgoingMessage): Message =>
  ({ id: `m-${clientMessageId}`, clientMessageId, conversationId: 'talk', sequence: 1, text }) as Message

/** A device whose storage outlives the page, and a connection that answers when told. */
function device() {
  let kept: string | null = null
  const sent: string[] = []
  const answers = new Map<
    string,
    { resolve: (message: Message) => void; reject: (problem: ApiProblem) => void }
  >()
  const arrived: string[] = []
  const settle = () => new Promise<void>((done) => setImmediate(done))
  return {
    sent,
    arrived,
    kept: () => (kept === null ? [] : (JSON.parse(kept) as OutgoingMessage[])),
    connected: true,
    open() {
      return new ChatOutbox({
        read: () => this.kept(),
        write: (items) => void (kept = items.length ? JSON.stringify(items) : null),
        send: (message) => {
          if (!this.connected) return null
          expect(this.kept().map(({ clientMessageId }) => clientMessageId)).toContain(message.clientMessageId)
          sent.push(message.clientMessageId)
          return new Promise((resolve, reject) => answers.set(message.clientMessageId, { resolve, reject }))
        },
        onStored: (message) => arrived.push(message.text),
      })
    },
    async ack(item: OutgoingMessage) {
      answers.get(item.clientMessageId)!.resolve(storedAs(item))
      await settle()
    },
    async refuse(item: OutgoingMessage, problem: ApiProblem) {
      answers.get(item.clientMessageId)!.reject(problem)
      await settle()
    },
  }
}

describe('messages that are not stored yet', () => {
  it('keeps a message before it is sent, and lets it go when it is stored', async () => {
    const phone = device()
    const outbox = phone.open()
    outbox.add(written('a'))
    expect(phone.kept()).toHaveLength(1)
    await phone.ack(written('a'))
    expect(phone.kept()).toEqual([])
    expect(phone.arrived).toEqual(['a'])
  })

  it('sends again in the order of writing after a reload, with the same ids', () => {
    const phone = device()
    phone.connected = false
    const before = phone.open()
    for (const id of ['a', 'b', 'c']) before.add(written(id))
    expect(phone.sent).toEqual([])
    phone.connected = true
    phone.open().resume()
    expect(phone.sent).toEqual(['a', 'b', 'c'])
  })

  it.each(['network_error', 'session_expired', 'shutting_down', 'busy'] as const)(
    'keeps waiting after %s: nothing was said about the message',
    async (code) => {
      const phone = device()
      const outbox = phone.open()
      outbox.add(written('a'))
      await phone.refuse(written('a'), new ApiProblem({ code, title: '' }))
      expect(outbox.getItems()).toEqual([written('a')])
    },
  )

  it('shows a final refusal, and sends the same id again when the customer asks', async () => {
    const phone = device()
    const outbox = phone.open()
    outbox.add(written('a'))
    await phone.refuse(written('a'), new ApiProblem({ code: 'case_closed', title: '', status: 409 }))
    expect(outbox.getItems()[0]?.failure).toEqual({ code: 'case_closed', values: {} })
    phone.open().resume()
    expect(phone.sent).toEqual(['a'])
    outbox.retry('a')
    expect(phone.sent).toEqual(['a', 'a'])
    expect(outbox.getItems()).toEqual([written('a')])
  })

  it('lets a message go when it was seen stored, although its acknowledgement got lost', async () => {
    const phone = device()
    const outbox = phone.open()
    outbox.add(written('a'))
    outbox.add(written('b'))
    outbox.stored('a')
    expect(outbox.getItems().map(({ clientMessageId }) => clientMessageId)).toEqual(['b'])
    await phone.refuse(written('a'), networkProblem())
    expect(outbox.getItems()).toHaveLength(1)
  })

  it('drops what the customer deletes', () => {
    const phone = device()
    const outbox = phone.open()
    outbox.add(written('a'))
    outbox.drop('a')
    expect(phone.kept()).toEqual([])
  })

  it('does not forget what another tab wrote, nor bring back what it let go', async () => {
    const phone = device()
    phone.connected = false
    const [one, other] = [phone.open(), phone.open()]
    one.resume()
    other.resume()
    one.add(written('a'))
    other.add(written('b'))
    one.add(written('c'))
    other.drop('b')
    expect(phone.kept().map(({ clientMessageId }) => clientMessageId)).toEqual(['a', 'c'])
  })
})

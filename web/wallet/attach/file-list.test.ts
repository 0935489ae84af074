import { describe, expect, it } from 'vitest'
import type { Attachment } from '../../../contract/files.ts'
import { ApiProblem, networkProblem } from '../../ui/api.ts'
import { FileList } from './file-list.ts'

const picture = (id: string): Attachment => ({
  id,
  mediaType: 'image/jpeg',
  byteLength: 10,
  width: 4,
  height: 3,
  contentHash: '0'.repeat(64),
})
const chosen = (type = 'image/jpeg') => ({ type, size: 10 }) as File
const settle = () => new Promise<void>((done) => setImmediate(done))

/** A device whose storage outlives the page, and a server that answers when told. */
function device({ most = 5 } = {}) {
  let kept: Attachment[] = []
  const sent: string[] = []
  const forgotten: string[] = []
  const answers = new Map<string, { resolve(file: Attachment): void; reject(error: unknown): void }>()
  const at = {
    sent,
    forgotten,
    kept: () => kept,
    refuses: undefined as ApiProblem | undefined,
    tell: (_share: number) => {},
    open: () =>
      new FileList({
        most,
        read: () => kept,
        write: (files) => (kept = files),
        async prepare(file) {
          if (at.refuses) throw at.refuses
          return { body: { type: file.type } as Blob, kind: 'picture', preview: 'data:,' }
        },
        send(key, _body, onProgress, signal) {
          sent.push(key)
          at.tell = onProgress
          return new Promise((resolve, reject) => {
            answers.set(key, { resolve, reject })
            signal.addEventListener('abort', () => reject(networkProblem()))
          })
        },
        forget: (id) => void forgotten.push(id),
      }),
    async arrive(key: string, id = `file-${key}`) {
      answers.get(key)!.resolve(picture(id))
      await settle()
    },
    async fail(key: string, problem: unknown) {
      answers.get(key)!.reject(problem)
      await settle()
    },
  }
  return at
}
const states = (list: FileList) => list.getItems().map(({ state }) => state)

describe('what is being added', () => {
  it('is made small, sent with how far it is, and kept once it has arrived', async () => {
    const phone = device()
    const list = phone.open()
    expect(list.add([chosen()])).toBe(true)
    expect(states(list)).toEqual(['preparing'])
    await settle()
    phone.tell(0.4)
    expect(list.getItems()[0]).toMatchObject({ state: 'sending', share: 0.4, preview: 'data:,' })
    expect(phone.kept()).toEqual([])
    await phone.arrive(phone.sent[0]!, 'a')
    expect(states(list)).toEqual(['done'])
    expect(phone.kept()).toEqual([picture('a')])
    // After a reload it is still there.
    expect(phone.open().getItems()).toMatchObject([{ state: 'done', file: { id: 'a' } }])
  })

  it('without a connection it waits, and goes out under the same key', async () => {
    const phone = device()
    const list = phone.open()
    list.add([chosen()])
    await settle()
    await phone.fail(phone.sent[0]!, networkProblem())
    expect(states(list)).toEqual(['waiting'])
    list.networkBack()
    expect(phone.sent[1]).toBe(phone.sent[0])
    await phone.arrive(phone.sent[1]!)
    expect(states(list)).toEqual(['done'])
  })

  it('what is refused says why and does not go out again by itself', async () => {
    const phone = device()
    const list = phone.open()
    list.add([chosen()])
    await settle()
    await phone.fail(
      phone.sent[0]!,
      new ApiProblem({ code: 'file_limit', title: '', values: { maximum: 30 } }),
    )
    expect(list.getItems()[0]).toMatchObject({
      state: 'failed',
      problem: { code: 'file_limit', values: { maximum: 30 } },
    })
    list.networkBack()
    expect(phone.sent).toHaveLength(1)
    phone.refuses = new ApiProblem({ code: 'file_kind_refused', title: '' })
    list.add([chosen('image/svg+xml')])
    await settle()
    expect(states(list)).toEqual(['failed', 'failed'])
    expect(phone.sent).toHaveLength(1)
  })

  it('no more than there is room for', async () => {
    const phone = device({ most: 2 })
    const list = phone.open()
    expect(list.add([chosen(), chosen(), chosen()])).toBe(false)
    await settle()
    expect(phone.sent).toHaveLength(2)
    list.remove(list.getItems()[0]!.key)
    expect(list.add([chosen()])).toBe(true)
  })

  it('taken out is forgotten, on its way too', async () => {
    const phone = device()
    const list = phone.open()
    list.add([chosen(), chosen()])
    await settle()
    await phone.arrive(phone.sent[0]!, 'a')
    for (const { key } of list.getItems()) list.remove(key)
    await settle()
    expect(list.getItems()).toEqual([])
    expect(phone.forgotten).toEqual(['a'])
    expect(phone.kept()).toEqual([])
  })

  it('sent with a message, the list starts anew and nothing is forgotten', async () => {
    const phone = device()
    const list = phone.open()
    list.add([chosen()])
    await settle()
    await phone.arrive(phone.sent[0]!, 'a')
    expect(list.take()).toEqual([picture('a')])
    expect(list.getItems()).toEqual([])
    expect(phone.forgotten).toEqual([])
    expect(phone.kept()).toEqual([])
  })
})

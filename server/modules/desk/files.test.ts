import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Attachment } from '#contract/files.ts'
import { uuidv7 } from '#contract/ids.ts'
import { readFrame } from '#platform/live-connection.ts'
import { photographed, pictures } from '#platform/pictures-for-tests.ts'
import { createDeskBench, type DeskBench } from './for-tests.ts'

let bench: DeskBench

beforeAll(async () => void (bench = await createDeskBench()))
afterAll(() => bench.close())

const add = (customerId: string, bytes: Buffer = pictures.jpeg) =>
  bench.files.add(customerId, uuidv7(), bytes)
const send = (customerId: string, conversationId: string, body: object) =>
  bench.asCustomer(customerId, 'POST', `/api/conversations/${conversationId}/messages`, {
    clientMessageId: uuidv7(),
    text: '',
    ...body,
  })
const stored = async (conversationId: string, customerId: string) =>
  (await bench.asCustomer(customerId, 'GET', `/api/conversations/${conversationId}/messages`)).body
    .messages as { text: string; files?: Attachment[] }[]
const looksOf = async (customerId: string) =>
  (await bench.asCustomer(customerId, 'GET', '/api/me/looks')).body.looks as {
    field: string
    agentName: string
  }[]

async function sentPicture() {
  const customerId = bench.customer()
  const agent = await bench.agent({ available: false })
  const { conversationId, caseId } = await bench.ask(customerId)
  const file = await add(customerId, photographed())
  await send(customerId, conversationId, { files: [file.id] })
  await bench.asAgent(agent, 'POST', `/api/cases/${caseId}/take`)
  return { customerId, agent, conversationId, caseId, file }
}

describe('a message with pictures', () => {
  it('needs no words, carries what it holds, and is stored once', async () => {
    const customerId = bench.customer()
    const { conversationId } = await bench.ask(customerId)
    const [one, two] = [await add(customerId), await add(customerId, pictures.png)]
    const clientMessageId = uuidv7()
    const answers = [
      await send(customerId, conversationId, { clientMessageId, files: [one.id, two.id] }),
      await send(customerId, conversationId, { clientMessageId, files: [one.id, two.id] }),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200])
    const withFiles = (await stored(conversationId, customerId)).filter(({ files }) => files)
    expect(withFiles).toMatchObject([{ text: '', files: [one, two] }])
    // Held now: it is no longer something that was not sent.
    await expect(bench.files.remove(customerId, one.id)).rejects.toThrow('conflict')
  })

  it.each([
    ['nothing at all', () => ({})],
    ['only blanks', () => ({ text: '  \n' })],
    ['an empty list', () => ({ files: [] })],
    ['the same twice', () => ((id) => ({ files: [id, id] }))(uuidv7())],
    ['too many', () => ({ files: Array.from({ length: 6 }, () => uuidv7()) })],
  ])('%s is refused', async (_name, body) => {
    const customerId = bench.customer()
    const { conversationId } = await bench.ask(customerId)
    expect(await send(customerId, conversationId, body())).toMatchObject({
      status: 422,
      body: { code: 'validation_failed' },
    })
  })

  it('with another customer’s picture is refused as with none, and nothing of it is stored (R2)', async () => {
    const [customerId, other] = [bench.customer(), bench.customer()]
    const { conversationId } = await bench.ask(customerId)
    const [own, foreign] = [await add(customerId), await add(other)]
    const before = await stored(conversationId, customerId)
    for (const files of [[foreign.id], [uuidv7()], [own.id, foreign.id]])
      expect(await send(customerId, conversationId, { text: 'Look', files })).toMatchObject({
        status: 404,
        body: { code: 'file_missing' },
      })
    expect(await stored(conversationId, customerId)).toEqual(before)
    // Neither may one's own picture be brought into somebody else's conversation.
    expect((await send(other, conversationId, { files: [foreign.id] })).body.code).toBe('not_found')
    expect(await bench.files.heldBy(bench.platform.db.read, [conversationId])).toEqual(new Map())
  })

  it('one that is refused takes nobody else’s message with it', async () => {
    const people = [bench.customer(), bench.customer(), bench.customer()]
    const talks = await Promise.all(people.map((id) => bench.ask(id)))
    const answers = await Promise.all(
      people.map(async (id, index) =>
        send(id, talks[index]!.conversationId, {
          text: 'Look',
          files: [index === 1 ? uuidv7() : (await add(id)).id],
        }),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual([200, 404, 200])
  })

  it('over the live connection it is the same frame with files, checked as closely', () => {
    const ids = { clientMessageId: uuidv7(), conversationId: uuidv7() }
    const frame = (more: object) => readFrame(JSON.stringify({ t: 'send', ...ids, text: '', ...more }))
    const files = [uuidv7()]
    expect(frame({ files })).toMatchObject({ text: '', files })
    expect(frame({})).toBeUndefined()
    for (const wrong of [
      [],
      'x',
      [1],
      ['x'],
      [...files, ...files],
      Array.from({ length: 6 }, () => uuidv7()),
    ])
      expect(frame({ files: wrong })).toBeUndefined()
  })
})

describe('an agent looks at a picture', () => {
  it('of the case that gives a reason; the customer reads it in the list, once in the hour', async () => {
    const { customerId, agent, caseId, file } = await sentPicture()
    const before = await looksOf(customerId)
    expect(before.filter(({ field }) => field === 'file')).toEqual([])
    const url = `/api/cases/${caseId}/files/${file.id}`
    for (const _again of [1, 2]) expect((await bench.fileAsAgent(agent, url)).statusCode).toBe(200)
    expect((await looksOf(customerId)).filter(({ field }) => field === 'file')).toHaveLength(1)
    const { headers, rawPayload } = await bench.fileAsAgent(agent, url)
    expect(headers['content-disposition']).toMatch(/^attachment/)
    expect(headers['content-security-policy']).toContain('sandbox')
    expect(rawPayload.length).toBe(file.byteLength)
    const told = await bench.audit.about('customer', customerId)
    expect(told.find(({ action }) => action === 'file.looked_at')?.detail).toMatchObject({ file: file.id })
    // A look at a picture is another one than the look at the money, in the same hour too.
    await bench.later(3_600_000)
    await bench.fileAsAgent(agent, url)
    expect((await looksOf(customerId)).filter(({ field }) => field === 'file')).toHaveLength(2)
  })

  it('without a reason it is refused, the try is recorded, and nothing is shown (R13)', async () => {
    const { customerId, caseId, file } = await sentPicture()
    const other = await bench.agent({ available: false })
    const answer = await bench.fileAsAgent(other, `/api/cases/${caseId}/files/${file.id}`)
    expect(answer.statusCode).toBe(403)
    expect(answer.json()).toMatchObject({ code: 'reason_required' })
    expect((await looksOf(customerId)).filter(({ field }) => field === 'file')).toEqual([])
    const [entry] = await bench.audit.about('customer', customerId)
    expect(entry).toMatchObject({ action: 'look.refused', detail: { wanted: 'file.read' } })
  })

  it('that the case does not hold is none, and no look', async () => {
    const { customerId, agent, caseId } = await sentPicture()
    const unsent = await add(customerId)
    const elsewhere = await sentPicture()
    for (const id of [unsent.id, elsewhere.file.id, uuidv7()])
      expect((await bench.fileAsAgent(agent, `/api/cases/${caseId}/files/${id}`)).statusCode).toBe(404)
    expect((await looksOf(customerId)).filter(({ field }) => field === 'file')).toEqual([])
  })
})

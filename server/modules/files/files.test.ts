import { createHash } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fileLimits, type Attachment } from '#contract/files.ts'
import { uuidv7 } from '#contract/ids.ts'
import { readCookie } from '#platform/cookies.ts'
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { Refusal } from '#platform/refusal.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit, type Audit } from '#modules/audit/index.ts'
import { photographed, pictures, secrets } from '#platform/pictures-for-tests.ts'
import { createFiles, type Files } from './index.ts'

let platform: TestPlatform
let audit: Audit
let files: Files
let app: Face
let customer: string

beforeAll(async () => {
  platform = await createTestPlatform()
  audit = createAudit(platform)
  files = createFiles(platform, {
    audit,
    async authenticateCustomer(request) {
      const customerId = readCookie(request, 'tuntas_session')
      if (!customerId) throw new Refusal('session_expired')
      return { customerId }
    },
  })
  const publicUrl = platform.config.customersUrl
  app = createFace(platform, { name: 'customers', publicUrl })
  await apiScope(
    app,
    { docsPath: '/docs', title: 'files', description: '', caller: 'browser', publicUrl },
    (api) => files.customerRoutes(api),
  )
  await app.ready()
})
afterAll(async () => {
  await app.close()
  await platform.close()
})
beforeEach(() => void (customer = uuidv7()))

async function send(
  bytes: Buffer,
  {
    key = uuidv7(),
    who = customer,
    headers = {},
  }: { key?: string; who?: string; headers?: Record<string, string> } = {},
) {
  const response = await app.inject({
    method: 'POST',
    url: '/api/files',
    headers: { 'x-tuntas-csrf': '1', 'idempotency-key': key, 'content-type': 'image/jpeg', ...headers },
    cookies: who ? { tuntas_session: who } : {},
    payload: bytes,
  })
  return { status: response.statusCode, body: response.json<Attachment & { code?: string }>() }
}
const call = (method: 'GET' | 'DELETE', url: string, who = customer) =>
  app.inject({ method, url, headers: { 'x-tuntas-csrf': '1' }, cookies: { tuntas_session: who } })
const add = async (bytes: Buffer = pictures.jpeg) => (await send(bytes)).body
const count = async (table: 'files' | 'contents' | 'links') =>
  Number((await platform.db.read.one<{ n: bigint }>(`SELECT count(*) AS n FROM files.${table}`)).n)
const link = (
  fileIds: readonly string[],
  subject: string,
  more: { most?: number; customerId?: string; onlyOf?: string } = {},
) =>
  platform.db.transaction((tx) =>
    files.link(tx, {
      customerId: customer,
      who: { kind: 'customer', id: customer },
      subject,
      fileIds,
      most: 5,
      ...more,
    }),
  )
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Refusal ? error.code : String(error)),
  )

describe('adding a file', () => {
  it('keeps the picture without place and camera, and says what it is by its content', async () => {
    const { status, body } = await send(photographed(), { headers: { 'content-type': 'image/png' } })
    expect(status).toBe(200)
    expect(body).toMatchObject({ mediaType: 'image/jpeg', width: 8, height: 12 })
    const back = await call('GET', `/api/files/${body.id}/content`)
    expect(back.rawPayload.length).toBe(body.byteLength)
    expect(secrets.some((secret) => back.rawPayload.includes(secret))).toBe(false)
    expect(createHash('sha256').update(back.rawPayload).digest('hex')).toBe(body.contentHash)
    const [entry] = await audit.about('file', body.id)
    expect(entry).toMatchObject({ action: 'file.added', who_kind: 'customer', who_id: customer })
  })

  it('the same key and bytes answer the same file, other bytes are refused, however they race', async () => {
    const key = uuidv7()
    const before = await count('files')
    const answers = await Promise.all([1, 2, 3, 4].map(() => send(pictures.png, { key })))
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1)
    expect(await count('files')).toBe(before + 1)
    expect((await send(pictures.jpeg, { key })).body.code).toBe('idempotency_conflict')
    // The key is the customer's own: another's is another file.
    expect((await send(pictures.png, { key, who: uuidv7() })).body.id).not.toBe(answers[0]!.body.id)
  })

  it('nothing is kept of what is refused', async () => {
    const before = await count('contents')
    expect(await send(Buffer.from('GIF89a=1;alert(1)//'))).toMatchObject({
      status: 415,
      body: { code: 'file_kind_refused' },
    })
    expect((await send(pictures.jpeg.subarray(0, 90))).body.code).toBe('file_not_understood')
    expect(await send(Buffer.alloc(fileLimits.bytes + 1, 1))).toMatchObject({
      status: 413,
      body: { code: 'file_too_large' },
    })
    expect(await count('contents')).toBe(before)
  })

  it.each([
    ['a content type that runs', { 'content-type': 'image/svg+xml' }, 415, 'media_type_unsupported'],
    ['a page', { 'content-type': 'text/html' }, 415, 'media_type_unsupported'],
    ['a form', { 'content-type': 'multipart/form-data; boundary=x' }, 415, 'media_type_unsupported'],
    ['JSON', { 'content-type': 'application/json' }, 400, 'malformed'],
    ['a wrong length', { 'content-length': '7' }, 400, 'malformed'],
    ['no key', { 'idempotency-key': '' }, 400, 'idempotency_key_missing'],
    ['another page', { origin: 'https://evil.example' }, 403, 'origin_refused'],
    ['no header of ours', { 'x-tuntas-csrf': '' }, 403, 'origin_refused'],
  ])('%s is refused', async (_name, headers, status, code) => {
    expect(await send(pictures.jpeg, { headers })).toMatchObject({ status, body: { code } })
  })

  it('strangers are refused before their bytes are read', async () => {
    expect(await send(Buffer.alloc(fileLimits.bytes + 1), { who: '' })).toMatchObject({
      status: 401,
      body: { code: 'session_expired' },
    })
  })

  it('so many in a day, exactly, and again when the day is over', async () => {
    const answers = await Promise.all(
      Array.from({ length: fileLimits.perDay + 4 }, () => send(pictures.webp)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(fileLimits.perDay)
    expect(answers.filter(({ body }) => body.code === 'file_limit')).toHaveLength(4)
    platform.clock.advance(86_400_000)
    expect((await send(pictures.webp)).status).toBe(200)
  })

  it('so many tries in an hour, whatever comes of them', async () => {
    const limit = 120
    for (let tried = 0; tried < limit; tried += 20)
      await Promise.all(Array.from({ length: 20 }, () => files.mayTry(customer)))
    expect(await send(pictures.jpeg)).toMatchObject({ status: 429, body: { code: 'file_limit' } })
  })
})

describe('reading a file', () => {
  it('is a download that runs nothing, is not guessed about and not kept', async () => {
    const { id } = await add()
    const { headers } = await call('GET', `/api/files/${id}/content`)
    expect(headers).toMatchObject({
      'content-type': 'image/jpeg',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-store',
    })
    expect(headers['content-disposition']).toMatch(/^attachment; filename="tuntas-[0-9a-f]{8}\.jpg"$/)
  })

  it('another customer’s file is answered as none at all (R2)', async () => {
    const { id } = await add()
    const stranger = uuidv7()
    const told = (response: { statusCode: number; json(): { code: string; detail: string } }) => {
      const { code, detail } = response.json()
      return { status: response.statusCode, code, detail }
    }
    const none = told(await call('GET', `/api/files/${uuidv7()}/content`, stranger))
    expect(none).toMatchObject({ status: 404, code: 'not_found' })
    const answer = await call('GET', `/api/files/${id}/content`, stranger)
    expect(answer.statusCode).toBe(404)
    expect(told(answer)).toEqual(none)
    expect(told(await call('DELETE', `/api/files/${id}`, stranger))).toEqual(
      told(await call('DELETE', `/api/files/${uuidv7()}`, stranger)),
    )
    expect((await call('GET', `/api/files/${id}/content`)).statusCode).toBe(200)
  })
})

describe('what holds a file', () => {
  it('only its owner can have it held, all or nothing', async () => {
    const [own, other] = [await add(), (await send(pictures.png, { who: uuidv7() })).body]
    const before = await count('links')
    expect(await codeOf(link([own.id, other.id], 'RF-0000-0001'))).toBe('file_missing')
    expect(await codeOf(link([uuidv7()], 'RF-0000-0001'))).toBe('file_missing')
    expect(await count('links')).toBe(before)
    expect(await link([own.id], 'RF-0000-0001')).toEqual([own])
    expect((await files.heldBy(platform.db.read, ['RF-0000-0001', 'x'])).get('RF-0000-0001')).toEqual([own])
    const entries = await audit.about('file', own.id)
    expect(entries[0]).toMatchObject({ action: 'file.attached', detail: { to: 'RF-0000-0001' } })
  })

  it('no more than may be; the same again is no fault and counts once', async () => {
    const all = await Promise.all([add(), add(), add()])
    const ids = all.map(({ id }) => id)
    await link(ids.slice(0, 2), 'talk', { most: 2 })
    await link(ids.slice(0, 2), 'talk', { most: 2 })
    expect(await codeOf(link(ids, 'talk', { most: 2 }))).toBe('file_limit')
  })

  it('staff may use only what the conversation of their case holds', async () => {
    const [sent, kept] = [await add(), await add()]
    await link([sent.id], 'conversation-of-the-case')
    const asked = (id: string) => link([id], 'RF-0000-0002', { onlyOf: 'conversation-of-the-case' })
    expect(await codeOf(asked(kept.id))).toBe('file_missing')
    expect(await asked(sent.id)).toEqual([sent])
  })

  it('what is held is never removed, and what is kept never changes', async () => {
    const { id } = await add()
    await link([id], 'RF-0000-0003')
    expect((await call('DELETE', `/api/files/${id}`)).json()).toMatchObject({ code: 'conflict' })
    for (const statement of [
      `DELETE FROM files.files WHERE id = '${id}'`,
      `DELETE FROM files.contents WHERE file_id = '${id}'`,
      `UPDATE files.contents SET content = 'x' WHERE file_id = '${id}'`,
      `UPDATE files.files SET content_hash = content_hash WHERE id = '${id}'`,
      `DELETE FROM files.links WHERE file_id = '${id}'`,
    ])
      await expect(platform.db.read.run(statement)).rejects.toThrow()
    expect((await call('GET', `/api/files/${id}/content`)).statusCode).toBe(200)
  })

  it('its fingerprints are of the bytes as they are now', async () => {
    const picture = await add(pictures.webpLossless)
    await link([picture.id], 'RF-0000-0004')
    expect(await files.fingerprints(platform.db.read, 'RF-0000-0004')).toEqual([picture.contentHash])
    // As somebody with the database's keys could.
    await platform.db.transaction(async (tx) => {
      await tx.run('ALTER TABLE files.contents DISABLE TRIGGER contents_not_rewritten')
      await tx.run('UPDATE files.contents SET content = $2 WHERE file_id = $1', [picture.id, pictures.webp])
      await tx.run('ALTER TABLE files.contents ENABLE TRIGGER contents_not_rewritten')
    })
    expect(await files.fingerprints(platform.db.read, 'RF-0000-0004')).not.toEqual([picture.contentHash])
  })
})

describe('what was never sent', () => {
  it('is removed by its owner, or after a day by itself; what is held stays', async () => {
    const [gone, old, held] = [await add(), await add(), await add()]
    expect((await call('DELETE', `/api/files/${gone.id}`)).statusCode).toBe(204)
    expect((await call('GET', `/api/files/${gone.id}/content`)).statusCode).toBe(404)
    await link([held.id], 'talk of yesterday')
    platform.clock.advance(fileLimits.unsentHours * 3_600_000 - 1000)
    await files.removeUnsent()
    expect((await call('GET', `/api/files/${old.id}/content`)).statusCode).toBe(200)
    platform.clock.advance(1000)
    while ((await files.removeUnsent()) > 0);
    expect((await call('GET', `/api/files/${old.id}/content`)).statusCode).toBe(404)
    expect((await call('GET', `/api/files/${held.id}/content`)).statusCode).toBe(200)
    expect((await audit.about('file', old.id))[0]).toMatchObject({
      action: 'file.removed',
      who_kind: 'system',
    })
    expect(await codeOf(link([old.id], 'too late'))).toBe('file_missing')
  })
})

it('describes itself with its bodies and answers', async () => {
  const document = (await app.inject('/docs/json')).json()
  expect(Object.keys(document.paths['/api/files'].post.requestBody.content)).toContain('image/jpeg')
  expect(Object.keys(document.paths['/api/files/{id}/content'].get.responses['200'].content)).toContain(
    'application/pdf',
  )
})

// Pictures as evidence of a refund: whose they may be, who looks at them, and that an approval stands and falls with them.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Attachment } from '#contract/files.ts'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { pictures } from '#platform/pictures-for-tests.ts'
import { agent, createWorld, type World } from './for-tests.ts'

let world: World
let customers: Face
let agents: Face
let customer: string
let merchantId: string
let payment: string
let paymentNumber: bigint

beforeAll(async () => {
  world = await createWorld()
  const { platform, refunds } = world
  const publicUrl = platform.config.customersUrl
  const scope = { title: 'Test', description: '', publicUrl, caller: 'browser' as const }
  customers = createFace(platform, { name: 'customers', publicUrl })
  await apiScope(customers, { ...scope, docsPath: '/docs' }, (api) => refunds.customerRoutes(api))
  agents = createFace(platform, { name: 'agents', publicUrl })
  await apiScope(agents, { ...scope, docsPath: '/docs' }, (api) => refunds.agentRoutes(api))
  await Promise.all([customers.ready(), agents.ready()])
  merchantId = (await world.newShop()).merchantId
})
afterAll(async () => {
  await Promise.all([customers.close(), agents.close()])
  await world.close()
})
beforeEach(async () => {
  customer = await world.newCustomer(2_000_000n)
  paymentNumber = await world.payCredited(customer, merchantId, 900_000n)
  payment = referenceOf('TN', paymentNumber)
  world.signedIn.customerId = customer
  world.signedIn.agent = agent()
  world.signedIn.hasReason = true
  world.looks.length = 0
})

const add = (bytes: Buffer = pictures.jpeg, who = customer) => world.files.add(who, uuidv7(), bytes)
async function call(face: Face, method: 'GET' | 'POST', url: string, body?: object, key = uuidv7()) {
  const answer = await face.inject({
    method,
    url,
    headers: { 'x-tuntas-csrf': '1', 'idempotency-key': key },
    ...(body ? { payload: body } : {}),
  })
  return { status: answer.statusCode, body: answer.json() }
}
const ask = (evidence: readonly string[], key?: string) =>
  call(customers, 'POST', '/api/refunds', { payment, reason: 'not_received', evidence }, key)
const file = (reference: string, id: string) => agents.inject(`/api/refunds/${reference}/files/${id}`)

const looksAtFiles = () => world.looks.filter(({ field }) => field === 'file')

/** Asked for with a picture, refused by the shop, granted above the limit: a second person is asked. */
async function awaitingApproval(): Promise<{ reference: string; number: bigint; picture: Attachment }> {
  const picture = await add(pictures.png)
  const { reference } = (await ask([picture.id])).body as { reference: string }
  const refund = (await world.refundsOf(paymentNumber))[0]!
  await world.refunds.answer(merchantId, refund.number, { answer: 'refuse', note: undefined })
  await world.refunds.decide(agent(), {
    number: refund.number,
    decision: 'grant',
    note: 'as the picture shows',
  })
  return { reference, number: refund.number, picture }
}

describe('asking with evidence', () => {
  it('shows the pictures with the refund, in the order in which they were added', async () => {
    const one = await add()
    world.platform.clock.advance(1)
    const two = await add(pictures.webp)
    const { status, body } = await ask([two.id, one.id])
    expect(status).toBe(200)
    expect(body.refund.evidence).toEqual([one, two])
    // Sent: it is no longer its owner's to remove.
    await expect(world.files.remove(customer, one.id)).rejects.toThrow('conflict')
  })

  it('the same key with other pictures is another request, and refused', async () => {
    const [one, two] = [await add(), await add()]
    const key = uuidv7()
    expect((await ask([one.id], key)).status).toBe(200)
    expect((await ask([one.id], key)).status).toBe(200)
    expect((await ask([two.id], key)).body.code).toBe('idempotency_conflict')
  })

  it('with what is not one’s own nothing is asked for, and the key may ask again', async () => {
    const [own, foreign] = [await add(), await add(pictures.png, uuidv7())]
    const key = uuidv7()
    for (const id of [foreign.id, uuidv7()])
      expect(await ask([own.id, id], key)).toMatchObject({ status: 404, body: { code: 'file_missing' } })
    expect(await world.refundsOf(paymentNumber)).toEqual([])
    expect((await ask([own.id], key)).status).toBe(200)
  })

  it('an agent may only use what the customer sent in the conversation of the case', async () => {
    const [caseId, conversationId] = [uuidv7(), uuidv7()]
    world.cases.set(`${caseId} ${payment}`, { customerId: customer, agentId: undefined, conversationId })
    const [sent, kept] = [await add(), await add()]
    await world.platform.db.transaction((tx) =>
      world.files.link(tx, {
        customerId: customer,
        who: { kind: 'customer', id: customer },
        subject: conversationId,
        fileIds: [sent.id],
        most: 5,
      }),
    )
    const request = (id: string) =>
      call(agents, 'POST', '/api/refunds', { caseId, payment, reason: 'other', note: 'see', evidence: [id] })
    expect((await request(kept.id)).body.code).toBe('file_missing')
    expect((await request(sent.id)).body.refund.evidence).toEqual([sent])
  })
})

describe('looking at evidence', () => {
  it('is for whoever approves, as a download, recorded where the customer reads it', async () => {
    const { reference, picture } = await awaitingApproval()
    world.signedIn.hasReason = false
    world.signedIn.agent = agent('lead')
    const answer = await file(reference, picture.id)
    expect(answer.statusCode).toBe(200)
    expect(answer.headers).toMatchObject({
      'content-type': 'image/png',
      'content-security-policy': "default-src 'none'; sandbox",
    })
    expect(answer.headers['content-disposition']).toMatch(/^attachment/)
    expect(looksAtFiles()).toMatchObject([
      { customerId: customer, field: 'file', reason: 'approval', reference, fileId: picture.id },
    ])
  })

  it('without something to decide and without a case it is refused, and no look is told', async () => {
    const picture = await add()
    const { reference } = (await ask([picture.id])).body as { reference: string }
    world.signedIn.hasReason = false
    expect((await file(reference, picture.id)).json()).toMatchObject({ code: 'reason_required' })
    world.signedIn.agent = agent('agent', customer)
    expect((await file(reference, picture.id)).json()).toMatchObject({ code: 'forbidden' })
    expect(looksAtFiles()).toEqual([])
  })

  it('what the refund does not hold is none', async () => {
    const { reference } = await awaitingApproval()
    const unsent = await add()
    for (const id of [unsent.id, uuidv7()]) expect((await file(reference, id)).statusCode).toBe(404)
    expect(looksAtFiles()).toEqual([])
  })
})

describe('what a second person approves', () => {
  it('names the pictures by the hashes of their bytes; a refund without any says nothing of it', async () => {
    const { reference, number, picture } = await awaitingApproval()
    const { approvalId } = await world.state(number)
    expect(world.fourEyes.open.get(approvalId!)?.payload).toMatchObject({ evidence: picture.contentHash })
    const current = await world.platform.db.transaction((tx) => world.fourEyes.payload(tx, reference))
    expect(current).toEqual(world.fourEyes.open.get(approvalId!)?.payload)
    await world.fourEyes.approve(approvalId!)
    expect((await world.state(number)).state).toBe('paid')
  })

  it('is void when a picture is another by then, whoever changed it (R6)', async () => {
    const { reference, number, picture } = await awaitingApproval()
    const { approvalId } = await world.state(number)
    await world.platform.db.transaction(async (tx) => {
      await tx.run('ALTER TABLE files.contents DISABLE TRIGGER contents_not_rewritten')
      await tx.run('UPDATE files.contents SET content = $2 WHERE file_id = $1', [picture.id, pictures.webp])
      await tx.run('ALTER TABLE files.contents ENABLE TRIGGER contents_not_rewritten')
    })
    const current = await world.platform.db.transaction((tx) => world.fourEyes.payload(tx, reference))
    expect(current?.['evidence']).not.toBe(picture.contentHash)
    await expect(world.fourEyes.approve(approvalId!)).rejects.toMatchObject({ code: 'approval_voided' })
    expect((await world.state(number)).state).toBe('awaiting_approval')
  })

  it('is void when another picture was put beside it', async () => {
    const { reference, number } = await awaitingApproval()
    const more = await add(pictures.webp)
    await world.platform.db.transaction((tx) =>
      world.files.link(tx, {
        customerId: customer,
        who: { kind: 'system' },
        subject: reference,
        fileIds: [more.id],
        most: 5,
      }),
    )
    const { approvalId } = await world.state(number)
    await expect(world.fourEyes.approve(approvalId!)).rejects.toMatchObject({ code: 'approval_voided' })
  })
})

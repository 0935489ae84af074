import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { Refusal } from '#platform/refusal.ts'
import type { StaffSession } from '#modules/staff/index.ts'
import { createWorld, hour } from './for-tests.ts'

let world: Awaited<ReturnType<typeof createWorld>>
let bagus: StaffSession
let dewi: StaffSession
let maya: StaffSession

beforeAll(async () => {
  world = await createWorld()
  bagus = await world.person('agent')
  dewi = await world.person('lead')
  maya = await world.person('lead')
})
afterAll(() => world.close())

const read = async (who: StaffSession, id: string) =>
  (await world.call(who, 'GET', `/api/approvals/${id}`)).body
const failing = (approval: { checks: { key: string; ok: boolean }[] }) =>
  approval.checks.filter(({ ok }) => !ok).map(({ key }) => key)
const looked = 'approval.looked_at'
const audited = (id: string) => world.audit.about('approval', id)
/** What happened to it, without who looked at it. */
const stories = async (id: string) =>
  (await audited(id))
    .map((entry) => entry.action)
    .filter((action) => action !== looked)
    .reverse()

describe('a second person', () => {
  test('sees exactly what will happen and approves it: done once, audited, told to open consoles', async () => {
    const { id, reference } = await world.propose(bagus)
    const shown = await read(dewi, id)
    expect(shown).toMatchObject({
      state: 'waiting',
      kind: 'thing.do',
      amount: { amountMinor: '34900000', currency: 'IDR' },
      customerName: 'Ratna',
      requestedBy: { agentId: bagus.agentId, name: bagus.displayName },
      mayDecide: true,
    })
    expect(shown.number).toMatch(/^AP-1\d{3}$/)
    expect(shown.payload).toEqual([
      { key: 'reference', value: reference },
      { key: 'amountMinor', value: '34900000' },
      { key: 'toAccount', value: 'wallet-1' },
    ])
    expect(failing(shown)).toEqual([])
    expect(shown.customerReads).toEqual({ language: 'id-ID', text: `${reference} selesai` })

    const answer = await world.call(dewi, 'POST', `/api/approvals/${id}/approve`, {
      payloadHash: shown.payloadHash,
    })
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({ state: 'approved', decidedBy: { agentId: dewi.agentId } })
    expect(await world.thing(reference)).toEqual({ done: 1, closed: [] })
    expect(await stories(id)).toEqual(['approval.proposed', 'approval.approved'])
    const events = await world.platform.db.read.rows<{ type: string; live_desk: unknown }>(
      'SELECT type, live_desk FROM platform.outbox WHERE key = $1 ORDER BY batch, ordinal',
      [`approval:${id}`],
    )
    expect(events).toEqual(
      ['approval.proposed', 'approval.approved'].map((type) => ({
        type,
        live_desk: [{ type: 'approval.changed', approvalId: id }],
      })),
    )
  })

  test('declines with a note; the room is told, and nothing is done', async () => {
    const { id, reference } = await world.propose(bagus)
    const body = { note: 'Ask the shop for its log first.' }
    const answer = await world.call(dewi, 'POST', `/api/approvals/${id}/decline`, body)
    expect(answer.body).toMatchObject({ state: 'declined', decisionNote: body.note })
    expect((await world.call(dewi, 'POST', `/api/approvals/${id}/decline`, body)).status).toBe(200)
    expect(await world.thing(reference)).toEqual({ done: 0, closed: ['declined'] })
    expect((await world.approve(dewi, id)).body.code).toBe('conflict')
  })

  test('may say no to what has changed meanwhile', async () => {
    const { id, reference } = await world.propose(bagus)
    await world.platform.db.read.run('UPDATE things.things SET amount_minor = 1 WHERE reference = $1', [
      reference,
    ])
    expect((await world.call(dewi, 'POST', `/api/approvals/${id}/decline`, { note: 'No.' })).status).toBe(200)
  })

  test('lists: what waits, what one had a hand in, what was decided', async () => {
    const { id } = await world.propose(bagus)
    const list = async (who: StaffSession, view: string) =>
      (await world.call(who, 'GET', `/api/approvals?view=${view}`)).body
    const ids = (body: { approvals: { id: string }[] }) => body.approvals.map((approval) => approval.id)
    const [waiting, mine, others] = [
      await list(dewi, 'waiting'),
      await list(bagus, 'mine'),
      await list(dewi, 'mine'),
    ]
    expect(ids(waiting)).toContain(id)
    expect(waiting.counts).toEqual({ waiting: waiting.approvals.length, forMe: waiting.approvals.length })
    expect((await list(bagus, 'waiting')).counts.forMe).toBe(0)
    expect(ids(mine)).toContain(id)
    expect(ids(others)).not.toContain(id)
    world.platform.clock.advance(1)
    await world.approve(dewi, id)
    expect(ids(await list(dewi, 'done'))[0]).toBe(id)
    expect(ids(await list(dewi, 'waiting'))).not.toContain(id)
  })
})

describe('R5 presence: whoever approves types the password again', () => {
  test('no proof, or one that is older than five minutes, approves nothing; a no needs none', async () => {
    const away = await world.person('lead')
    const { id, reference } = await world.propose(bagus)
    const minutesAgo = (count: number) => new Date(world.platform.clock.now().getTime() - count * 60_000)
    away.presentAt = new Date(minutesAgo(5).getTime() - 1)
    const refused = await world.approve(away, id)
    expect(refused).toMatchObject({ status: 403, body: { code: 'presence_required', retry: 'with_proof' } })
    expect(await world.thing(reference)).toEqual({ done: 0, closed: [] })
    expect(await stories(id)).toEqual(['approval.proposed'])
    away.presentAt = minutesAgo(5)
    expect((await world.approve(away, id)).status).toBe(200)
    // Said already: saying it again moves nothing.
    away.presentAt = minutesAgo(60)
    expect((await world.approve(away, id)).status).toBe(200)

    const other = await world.propose(bagus)
    const no = await world.call(away, 'POST', `/api/approvals/${other.id}/decline`, { note: 'No.' })
    expect(no.body).toMatchObject({ state: 'declined' })
  })
})

describe('R13 looking at an approval', () => {
  test('is a look at the receiver’s money, kept with who, why and what; who may not look leaves none', async () => {
    const beneficiaryCustomerId = uuidv7()
    const { id, reference } = await world.propose(bagus, { beneficiaryCustomerId })
    const of = () => world.looks.filter((look) => look.customerId === beneficiaryCustomerId)
    const own = await world.person('lead', { customerId: beneficiaryCustomerId })
    expect((await world.call(own, 'GET', `/api/approvals/${id}`)).body.code).toBe('forbidden')
    expect((await world.call(undefined, 'GET', `/api/approvals/${id}`)).status).toBe(401)
    expect(of()).toEqual([])
    const looks = async () => (await audited(id)).filter(({ action }) => action === looked)
    expect(await looks()).toEqual([])
    await read(dewi, id)
    expect(await looks()).toMatchObject([
      {
        who_kind: 'agent',
        who_id: dewi.agentId,
        detail: { customerId: beneficiaryCustomerId, reference },
      },
    ])
    expect(of()).toEqual([
      expect.objectContaining({
        agent: expect.objectContaining({ agentId: dewi.agentId, displayName: dewi.displayName }),
        field: 'money',
        reason: 'approval',
        reference,
      }),
    ])
  })

  test('says “as the second person” only of who may be it while it waits; everybody else reads how it is decided', async () => {
    const beneficiaryCustomerId = uuidv7()
    const { id } = await world.propose(bagus, { beneficiaryCustomerId })
    const auditor = await world.person('auditor')
    const reasons = (who: StaffSession) =>
      world.looks
        .filter((look) => look.customerId === beneficiaryCustomerId && look.agent.agentId === who.agentId)
        .map(({ reason }) => reason)
    await read(bagus, id)
    await read(auditor, id)
    await read(dewi, id)
    expect([reasons(bagus), reasons(auditor), reasons(dewi)]).toEqual([
      ['follow_up'],
      ['follow_up'],
      ['approval'],
    ])
    await world.approve(dewi, id)
    await read(maya, id)
    await read(bagus, id)
    expect([reasons(maya), reasons(bagus)]).toEqual([['follow_up'], ['follow_up', 'follow_up']])
    // Said by the press itself, before it is done.
    expect(new Set(reasons(dewi))).toEqual(new Set(['approval']))
  })
})

describe('who is no second person', () => {
  test('an agent and an auditor may look, not decide', async () => {
    const { id } = await world.propose(bagus)
    const auditor = await world.person('auditor')
    for (const who of [await world.person('agent'), auditor]) {
      expect(failing(await read(who, id))).toEqual(['may_approve'])
      expect((await world.approve(who, id)).body.code).toBe('forbidden')
      expect((await world.call(who, 'POST', `/api/approvals/${id}/decline`, { note: 'No.' })).status).toBe(
        403,
      )
    }
    expect((await world.call(undefined, 'GET', `/api/approvals/${id}`)).status).toBe(401)
  })

  test('R5 who asked does not approve: not as themselves, not through a second account', async () => {
    const wallet = uuidv7()
    const asker = await world.person('lead', { email: 'joko@tuntas.example', customerId: wallet })
    world.emails.set(wallet, 'joko.private@mail.example')
    const accounts = [
      asker,
      await world.person('lead', { customerId: wallet }),
      await world.person('lead', { email: 'joko+lead@tuntas.example' }),
      await world.person('lead', { email: 'joko.private@mail.example' }),
    ]
    const { id, reference } = await world.propose(asker)
    for (const account of accounts) {
      expect(failing(await read(account, id))).toEqual(['not_requester'])
      expect((await world.approve(account, id)).body.code).toBe('second_person_needed')
      const no = await world.call(account, 'POST', `/api/approvals/${id}/decline`, { note: 'No.' })
      expect(no.body.code).toBe('second_person_needed')
    }
    expect(await world.thing(reference)).toEqual({ done: 0, closed: [] })
    expect((await world.approve(dewi, id)).status).toBe(200)
  })

  test('R5 whoever had a hand in it is no second person either', async () => {
    const { id } = await world.propose(undefined, { alsoInvolved: [dewi.agentId] })
    expect((await world.approve(dewi, id)).body.code).toBe('second_person_needed')
    expect((await world.approve(maya, id)).status).toBe(200)
  })

  test('R12 who receives neither sees nor approves it; nor by the mailbox of that wallet', async () => {
    const wallet = uuidv7()
    world.emails.set(wallet, 'rini@mail.example')
    const owner = await world.person('lead', { customerId: wallet })
    const hidden = await world.person('lead', { email: 'rini@mail.example' })
    const { id, reference } = await world.propose(bagus, { beneficiaryCustomerId: wallet })
    expect((await world.call(owner, 'GET', `/api/approvals/${id}`)).body.code).toBe('forbidden')
    const list = (await world.call(owner, 'GET', '/api/approvals')).body
    expect(list.approvals.map((approval: { id: string }) => approval.id)).not.toContain(id)
    const payloadHash = (await read(dewi, id)).payloadHash
    const press = await world.call(owner, 'POST', `/api/approvals/${id}/approve`, { payloadHash })
    expect(press.body.code).toBe('forbidden')
    expect(failing(await read(hidden, id))).toEqual(['not_receiver'])
    expect((await world.approve(hidden, id)).body.code).toBe('second_person_needed')
    expect((await world.thing(reference)).done).toBe(0)
  })

  test('R5, R12 the person behind an account is known to rooms that let staff decide alone', async () => {
    const wallet = uuidv7()
    world.emails.set(wallet, 'wulan@mail.example')
    const maker = await world.person('agent', { email: 'wulan@tuntas.example' })
    const second = await world.person('agent', { email: 'Wulan+two@tuntas.example' })
    const owner = await world.person('agent', { email: 'wulan@mail.example' })
    const behind = ({ agentId }: StaffSession) =>
      world.approvals.personBehind(world.platform.db.read, agentId, {
        involved: [maker.agentId],
        beneficiaryCustomerId: wallet,
      })
    expect(await behind(second)).toEqual({ isInvolved: true, isReceiver: false })
    expect(await behind(owner)).toEqual({ isInvolved: false, isReceiver: true })
    expect(await behind(bagus)).toEqual({ isInvolved: false, isReceiver: false })
  })
})

describe('R6 what is approved is what was shown', () => {
  test('a change of the thing voids it, with what would have happened instead', async () => {
    const { id, reference } = await world.propose(bagus)
    const shown = await read(dewi, id)
    await world.platform.db.read.run(
      `UPDATE things.things SET to_account = 'wallet-9' WHERE reference = $1`,
      [reference],
    )
    expect(failing(await read(dewi, id))).toEqual(['unchanged'])
    const press = () =>
      world.call(dewi, 'POST', `/api/approvals/${id}/approve`, { payloadHash: shown.payloadHash })
    const answer = await press()
    expect(answer.status).toBe(409)
    expect(answer.body.code).toBe('approval_voided')
    expect(await world.thing(reference)).toEqual({ done: 0, closed: ['voided'] })
    const voided = await read(dewi, id)
    expect(voided.state).toBe('voided')
    expect(voided.foundPayload[2]).toEqual({ key: 'toAccount', value: 'wallet-9' })
    expect((await press()).body.code).toBe('approval_voided')
    expect((await world.thing(reference)).closed).toEqual(['voided'])
    expect(await stories(id)).toEqual(['approval.proposed', 'approval.voided'])
  })

  test('another fingerprint than the one that was proposed does nothing, and it still waits', async () => {
    const { id, reference } = await world.propose(bagus)
    const answer = await world.call(dewi, 'POST', `/api/approvals/${id}/approve`, {
      payloadHash: '0'.repeat(64),
    })
    expect(answer.body.code).toBe('approval_voided')
    expect((await read(dewi, id)).state).toBe('waiting')
    expect((await world.thing(reference)).done).toBe(0)
  })

  test('what the room finds under its own locks voids it too, and nothing of it stays', async () => {
    const { id, reference } = await world.propose(bagus)
    world.room.refuses = new Refusal('approval_voided')
    expect((await world.approve(dewi, id)).body.code).toBe('approval_voided')
    expect(await world.thing(reference)).toEqual({ done: 0, closed: ['voided'] })
    world.room.refuses = undefined
  })

  test('another refusal of the room leaves it waiting', async () => {
    const { id, reference } = await world.propose(bagus)
    world.room.refuses = new Refusal('insufficient_funds')
    expect((await world.approve(dewi, id)).body.code).toBe('insufficient_funds')
    expect(await world.thing(reference)).toEqual({ done: 0, closed: [] })
    world.room.refuses = undefined
    expect((await world.approve(dewi, id)).status).toBe(200)
    expect((await world.thing(reference)).done).toBe(1)
  })

  test('the database itself refuses to rewrite a proposal, to decide again, to delete, and the requester as decider', async () => {
    const { id } = await world.propose(bagus)
    const sql = world.platform.db.read
    const table = 'approvals.approvals'
    await expect(sql.run(`UPDATE ${table} SET payload = '{}' WHERE id = $1`, [id])).rejects.toThrow(
      /never changes/,
    )
    await expect(sql.run(`UPDATE ${table} SET amount_minor = 1 WHERE id = $1`, [id])).rejects.toThrow(
      /never changes/,
    )
    await expect(sql.run(`DELETE FROM ${table} WHERE id = $1`, [id])).rejects.toThrow(/never deleted/)
    const end = `UPDATE ${table} SET state = 'approved', decided_by = $2, decided_by_name = 'x', closed_at = requested_at WHERE id = $1`
    await expect(sql.run(end, [id, bagus.agentId])).rejects.toThrow(/check/)
    await world.approve(dewi, id)
    await expect(sql.run(`UPDATE ${table} SET state = 'waiting' WHERE id = $1`, [id])).rejects.toThrow(
      /is closed/,
    )
  })
})

describe('time', () => {
  test('the job closes what has run out, once; a press afterwards is too late', async () => {
    const { id, reference } = await world.propose(bagus)
    const payloadHash = (await read(dewi, id)).payloadHash
    world.platform.clock.advance(hour - 1)
    await world.approvals.expireDue()
    expect((await read(dewi, id)).state).toBe('waiting')
    world.platform.clock.advance(1)
    await Promise.all([world.approvals.expireDue(), world.approvals.expireDue()])
    expect((await read(dewi, id)).state).toBe('expired')
    const press = await world.call(dewi, 'POST', `/api/approvals/${id}/approve`, { payloadHash })
    expect(press.body.code).toBe('approval_expired')
    expect(await world.thing(reference)).toEqual({ done: 0, closed: ['expired'] })
    expect(await stories(id)).toEqual(['approval.proposed', 'approval.expired'])
  })

  test('a press after the time closes it although the job has not come by', async () => {
    const { id, reference } = await world.propose(bagus)
    world.platform.clock.advance(hour)
    expect(failing(await read(dewi, id))).toEqual(['in_time'])
    expect((await world.approve(dewi, id)).body.code).toBe('approval_expired')
    expect(await world.thing(reference)).toEqual({ done: 0, closed: ['expired'] })
  })

  test('a room that no longer wants it takes it back; who presses then is told, and may be asked again', async () => {
    const { id, reference } = await world.propose(bagus)
    const payloadHash = (await read(dewi, id)).payloadHash
    await world.platform.db.transaction((tx) => world.approvals.cancel(tx, id))
    const press = await world.call(dewi, 'POST', `/api/approvals/${id}/approve`, { payloadHash })
    expect(press.body.code).toBe('approval_voided')
    expect(await world.thing(reference)).toEqual({ done: 0, closed: [] })
    expect(await stories(id)).toEqual(['approval.proposed', 'approval.cancelled'])
  })
})

describe('races on a real database', () => {
  const outcomes = (answers: { status: number; body: { code?: string } }[]) =>
    answers.map(({ status, body }) => body.code ?? status).sort()

  test('the same person presses many times at once: done once, everyone gets the same answer', async () => {
    const { id, reference } = await world.propose(bagus)
    const answers = await Promise.all(Array.from({ length: 12 }, () => world.approve(dewi, id)))
    expect(outcomes(answers)).toEqual(Array(12).fill(200))
    expect((await world.thing(reference)).done).toBe(1)
    expect(await stories(id)).toEqual(['approval.proposed', 'approval.approved'])
  })

  test('a room that forgets its own locks still does it once', async () => {
    world.room.locks = false
    for (let round = 0; round < 10; round++) {
      const { id, reference } = await world.propose(bagus)
      await Promise.all([dewi, maya, dewi, maya].map((who) => world.approve(who, id)))
      expect((await world.thing(reference)).done).toBe(1)
      expect(await stories(id)).toEqual(['approval.proposed', 'approval.approved'])
    }
    world.room.locks = true
  })

  test('×50: a second approver, a no, or the room taking it back at the same moment: it ends once, one way', async () => {
    for (let round = 0; round < 50; round++) {
      const { id, reference } = await world.propose(bagus)
      const { payloadHash } = await read(dewi, id)
      const approve = (who: StaffSession) =>
        world.call(who, 'POST', `/api/approvals/${id}/approve`, { payloadHash })
      const other = [
        () => approve(maya),
        () => world.call(maya, 'POST', `/api/approvals/${id}/decline`, { note: 'No.' }),
        () =>
          world.platform.db.transaction(async (tx) => {
            await tx.run('SELECT FROM things.things WHERE reference = $1 FOR UPDATE', [reference])
            await world.approvals.cancel(tx, id)
          }),
      ][round % 3]!
      await Promise.all(round % 2 ? [approve(dewi), other()] : [other(), approve(dewi)])
      const { state } = await read(dewi, id)
      const thing = await world.thing(reference)
      expect(['approved', 'declined', 'voided']).toContain(state)
      expect(thing).toEqual({
        done: state === 'approved' ? 1 : 0,
        closed: state === 'declined' ? ['declined'] : [],
      })
      expect((await stories(id)).length).toBe(2)
    }
  })
})

// The agents' side of the desk over HTTP. Every route asks who it is and whether they may, each time.
import type { FastifyRequest } from 'fastify'
import { Type, type Static } from 'typebox'
import {
  AgentMessageSchema,
  CaseReferenceParamsSchema,
  CaseViewSchema,
  MoneyOnCaseSchema,
  RevealedSchema,
  RevealSchema,
  SearchQuerySchema,
  WallSchema,
} from '#contract/console.ts'
import { CaseCardSchema, CaseDetailSchema, MessageSchema } from '#contract/desk.ts'
import { isUuid, parseReference, uuidv7 } from '#contract/ids.ts'
import { ReferenceSchema, UuidSchema } from '#contract/schema.ts'
import { dayIn, instantOf } from '#platform/days.ts'
import type { Face } from '#platform/http.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Action, StaffSession } from '#modules/staff/index.ts'
import { presentMessage, type CaseRecord } from './case.ts'
import { AfterQuerySchema, MessagesSchema, pageSize, ReadSchema } from './conversation.routes.ts'
import * as store from './desk.sql.ts'
import type { Desk } from './index.ts'
import { readMessages, saveRead } from './message.sql.ts'
import type { DeskNeeds } from './needs.ts'
import { createViews } from './views.ts'

const tags = ['Cases']
const params = Type.Object({ id: UuidSchema })
const riskMs = 5 * 60_000
const visibleMs = 5 * 60_000

const CaseListSchema = Type.Object({
  cases: Type.Array(CaseCardSchema),
  next: Type.Optional(Type.String()),
  counts: Type.Object({ mine: Type.Integer(), team: Type.Integer(), at_risk: Type.Integer() }),
  asOf: Type.String(),
})
const ListQuerySchema = Type.Object({
  view: Type.Optional(CaseViewSchema),
  after: Type.Optional(Type.String({ maxLength: 120 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
})

function readCursor(text: string | undefined): store.QueueCursor | undefined {
  if (text === undefined) return undefined
  const [part, time, id] = text.split('~')
  const at = new Date(time ?? '')
  if ((part !== 'u' && part !== 'r') || Number.isNaN(at.getTime()) || !isUuid(id))
    throw new Refusal('validation_failed', { field: 'querystring.after' })
  return { unreplied: part === 'u', at, id }
}

function cursorAfter(record: CaseRecord, view: store.CaseView): string {
  const unreplied = view !== 'solved' && record.firstRepliedAt === undefined
  return `${unreplied ? 'u' : 'r'}~${(unreplied ? record.firstReplyDueAt : record.updatedAt).toISOString()}~${record.id}`
}

export function agentRoutes(api: Face, platform: Platform, needs: DeskNeeds, desk: Desk): void {
  const { db, clock } = platform
  const views = createViews(platform, needs)

  async function session(request: FastifyRequest, action: Action): Promise<StaffSession> {
    const found = await needs.staff.authenticate(request)
    needs.staff.require(found, action)
    return found
  }

  /** The case, when this member of staff may do this with it now; with the grant that it gives. */
  async function caseFor(
    request: FastifyRequest,
    id: string,
    action: Action,
  ): Promise<{ record: CaseRecord; agent: StaffSession }> {
    const agent = await needs.staff.authenticate(request)
    const [record] = await store.readCases(db.read, [id])
    if (!record || record.state === 'new') throw new Refusal('not_found')
    const granted = await needs.staff.mayLookAt(agent.agentId, record.customerId)
    needs.staff.require(agent, action, { customerId: record.customerId, assignedTo: record.agentId, granted })
    return { record, agent }
  }

  const present = async (id: string) => views.detail((await store.readCases(db.read, [id]))[0]!)

  api.get(
    '/api/cases',
    {
      schema: { tags, summary: 'The queue', querystring: ListQuerySchema, response: { 200: CaseListSchema } },
    },
    async (request) => {
      const agent = await session(request, 'case.read')
      const view = request.query.view ?? 'mine'
      const limit = request.query.limit ?? 50
      const now = clock.now()
      const [riskBefore, waitsBefore] = [new Date(now.getTime() + riskMs), new Date(now.getTime() - riskMs)]
      const [records, counts] = await Promise.all([
        store.readQueue(db.read, {
          view,
          agentId: agent.agentId,
          exceptCustomer: agent.customerId,
          riskBefore,
          waitsBefore,
          cursor: readCursor(request.query.after),
          limit,
        }),
        store.countViews(db.read, agent.agentId, agent.customerId, riskBefore, waitsBefore),
      ])
      const last = records.at(-1)
      return {
        cases: await views.cards(records),
        ...(last && records.length === limit ? { next: cursorAfter(last, view) } : {}),
        counts,
        asOf: now.toISOString(),
      }
    },
  )

  api.get(
    '/api/cases/:id',
    { schema: { tags, summary: 'One case', params, response: { 200: CaseDetailSchema } } },
    async (request) => {
      const { record } = await caseFor(request, request.params.id, 'case.read')
      return views.detail(record)
    },
  )

  api.get(
    '/api/cases/:id/messages',
    {
      schema: {
        tags,
        summary: 'Messages and notes after a sequence number',
        params,
        querystring: AfterQuerySchema,
        response: { 200: MessagesSchema },
      },
    },
    async (request) => {
      const { record } = await caseFor(request, request.params.id, 'case.read')
      const messages = await readMessages(
        db.read,
        record.conversationId,
        request.query.after ?? 0,
        pageSize,
        true,
      )
      return { messages: messages.map(presentMessage) }
    },
  )

  api.post(
    '/api/cases/:id/messages',
    {
      schema: {
        tags,
        summary: 'Answer the customer, or write a note for colleagues',
        params,
        body: AgentMessageSchema,
        response: { 200: MessageSchema },
      },
    },
    async (request) => {
      const { clientMessageId, kind, text, language } = request.body
      const { record, agent } = await caseFor(
        request,
        request.params.id,
        kind === 'note' ? 'case.note' : 'case.reply',
      )
      return desk.send({
        conversationId: record.conversationId,
        clientMessageId,
        kind,
        text,
        language,
        sender: { kind: 'agent', id: agent.agentId, name: agent.displayName, actor: agent },
      })
    },
  )

  for (const action of ['take', 'release', 'solve'] as const) {
    const summary = {
      take: 'Take a case',
      release: 'Give a case back to the team',
      solve: 'Close a case as solved',
    }[action]
    api.post(
      `/api/cases/:id/${action}`,
      { schema: { tags, summary, params, response: { 200: CaseDetailSchema } } },
      async (request) => {
        const agent = await session(request, `case.${action}`)
        await desk.change(request.params.id, action, agent)
        return present(request.params.id)
      },
    )
  }

  api.post(
    '/api/cases/:id/read',
    {
      schema: { tags, summary: 'Read up to here', params, body: ReadSchema, response: { 204: Type.Null() } },
    },
    async (request, reply) => {
      const { record, agent } = await caseFor(request, request.params.id, 'case.read')
      // Only who serves the case takes its mark of the unread away.
      if (record.agentId === agent.agentId)
        await saveRead(db.read, record.conversationId, 'agent', request.body.sequence)
      return reply.code(204).send(null)
    },
  )

  api.get(
    '/api/cases/:id/money/:reference',
    {
      schema: {
        tags,
        summary: 'Money that the case holds, live from the ledger',
        params: CaseReferenceParamsSchema,
        response: { 200: MoneyOnCaseSchema },
      },
    },
    async (request) => {
      const { record } = await caseFor(request, request.params.id, 'money.read')
      const held = (await store.readReferences(db.read, [record.id])).get(record.id) ?? []
      const detail = held.includes(request.params.reference)
        ? await platform.references.detail(request.params.reference, record.customerId)
        : undefined
      if (!detail) throw new Refusal('not_found')
      return detail
    },
  )

  api.post(
    '/api/cases/:id/references',
    {
      schema: {
        tags,
        summary: 'Attach another movement of the same customer',
        params,
        body: Type.Object({ reference: ReferenceSchema }, { additionalProperties: false }),
        response: { 200: CaseDetailSchema },
      },
    },
    async (request) => {
      const { record, agent } = await caseFor(request, request.params.id, 'money.read')
      const reference = parseReference(request.body.reference)?.reference
      if (!reference || (await platform.references.ownerOf(reference)) !== record.customerId)
        throw new Refusal('not_found')
      const now = clock.now()
      await db.transaction(async (tx) => {
        await store.attachReference(tx, record.id, reference, now)
        await needs.audit.record(tx, [
          {
            who: { kind: 'agent', id: agent.agentId },
            action: 'case.attach',
            resource: { kind: 'case', id: record.id },
            at: now,
            detail: { reference },
          },
        ])
        await publish(
          tx,
          [
            {
              type: 'case.changed',
              key: record.conversationId,
              payload: { caseId: record.id },
              liveDesk: [{ type: 'case.changed', caseId: record.id }],
            },
          ],
          now,
        )
      })
      platform.events.wake()
      return present(record.id)
    },
  )

  api.post(
    '/api/cases/:id/reveal',
    {
      schema: {
        tags,
        summary: 'See a contact for five minutes, for a reason that the customer sees',
        params,
        body: RevealSchema,
        response: { 200: RevealedSchema },
      },
    },
    async (request): Promise<Static<typeof RevealedSchema>> => {
      const { record, agent } = await caseFor(request, request.params.id, 'customer.reveal')
      const { field, reason } = request.body
      const now = clock.now()
      // Recorded before it is seen: a look that is not recorded does not happen.
      await db.transaction(async (tx) => {
        await store.insertLook(tx, {
          id: uuidv7(now.getTime()),
          customerId: record.customerId,
          caseId: record.id,
          agentId: agent.agentId,
          agentName: agent.displayName,
          field,
          reason,
          at: now,
        })
        await needs.audit.record(tx, [
          {
            who: { kind: 'agent', id: agent.agentId },
            action: 'customer.revealed',
            resource: { kind: 'customer', id: record.customerId },
            at: now,
            detail: { field, reason, case: record.id },
          },
        ])
        await publish(
          tx,
          [
            {
              type: 'look.recorded',
              key: record.customerId,
              payload: { caseId: record.id, field },
              customerId: record.customerId,
              liveCustomer: [{ type: 'look.recorded' }],
              liveDesk: [{ type: 'case.changed', caseId: record.id }],
            },
          ],
          now,
        )
      })
      platform.events.wake()
      const value = await needs.contactOf(record.customerId, field)
      if (value === undefined) throw new Refusal('not_found')
      return { field, value, visibleUntil: new Date(now.getTime() + visibleMs).toISOString() }
    },
  )

  api.get(
    '/api/search',
    {
      schema: {
        tags,
        summary: 'Find cases by number, reference or name',
        querystring: SearchQuerySchema,
        response: { 200: Type.Object({ cases: Type.Array(CaseCardSchema) }) },
      },
    },
    async (request) => {
      const agent = await session(request, 'case.read')
      const text = request.query.q.trim()
      const number = /^(?:c-?)?(\d{1,12})$/i.exec(text)?.[1]
      const reference = parseReference(text)?.reference
      const customerIds = number || reference ? [] : await needs.findCustomersByName(db.read, text, 50)
      return {
        cases: await views.cards(
          await store.searchCases(
            db.read,
            {
              number: number ? BigInt(number) : undefined,
              reference,
              customerIds,
              exceptCustomer: agent.customerId,
            },
            30,
          ),
        ),
      }
    },
  )

  api.get(
    '/api/wall',
    { schema: { tags: ['Leads'], summary: 'The figures of now', response: { 200: WallSchema } } },
    async (request) => {
      await session(request, 'wall.read')
      const now = clock.now()
      const zone = platform.config.serviceTimeZone
      const [row, agents] = await Promise.all([
        store.readWall(db.read, now, instantOf(zone, dayIn(zone, now))),
        needs.staff.availableAgents(),
      ])
      return {
        waiting: Number(row.waiting),
        longestWaitSeconds: Math.max(0, Math.round(row.longest_wait ?? 0)),
        overdue: Number(row.overdue),
        open: Number(row.open),
        solvedToday: Number(row.solved_today),
        agentsAvailable: agents.length,
        ...(row.median_first_reply === null
          ? {}
          : { medianFirstReplySeconds: Math.round(row.median_first_reply) }),
        asOf: now.toISOString(),
      }
    },
  )
}

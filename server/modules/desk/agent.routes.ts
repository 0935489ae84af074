// The agents' side of the desk over HTTP. Every route asks who it is and whether they may, each time.
import { Type } from 'typebox'
import { AgentMessageSchema, CaseViewSchema, SolveSchema } from '#contract/console.ts'
import { CaseCardSchema, CaseDetailSchema, MessageSchema } from '#contract/desk.ts'
import { isUuid } from '#contract/ids.ts'
import { UuidSchema } from '#contract/schema.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { createAgentGate } from './agent-gate.ts'
import { presentMessage, type CaseRecord } from './case.ts'
import { caseFileRoutes } from './case-files.routes.ts'
import { caseMoneyRoutes } from './case-money.routes.ts'
import { AfterQuerySchema, MessagesSchema, pageSize, ReadSchema } from './conversation.routes.ts'
import { readCases } from './desk.sql.ts'
import type { Desk } from './index.ts'
import { leadRoutes } from './lead.routes.ts'
import { recordLook } from './look.ts'
import { readMessages, saveRead } from './message.sql.ts'
import type { DeskNeeds } from './needs.ts'
import * as queue from './queue.sql.ts'
import { createViews } from './views.ts'

const tags = ['Cases']
const params = Type.Object({ id: UuidSchema })
const riskMs = 5 * 60_000

const CaseListSchema = Type.Object({
  cases: Type.Array(CaseCardSchema),
  next: Type.Optional(Type.String()),
  counts: Type.Object({
    mine: Type.Integer(),
    team: Type.Integer(),
    at_risk: Type.Integer(),
    escalated: Type.Integer(),
    waiting_money: Type.Integer(),
  }),
  asOf: Type.String(),
})
const ListQuerySchema = Type.Object({
  view: Type.Optional(CaseViewSchema),
  after: Type.Optional(Type.String({ maxLength: 120 })),
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100, default: 50 })),
})

/** Each part of the queue by one letter. */
const letters: Record<queue.QueuePart, string> = { unreplied: 'u', waiting: 'w', moved: 'r' }

function readCursor(text: string | undefined): queue.QueueCursor | undefined {
  if (text === undefined) return undefined
  const [letter, time, id] = text.split('~')
  const part = queue.queueParts.find((each) => letters[each] === letter)
  const at = new Date(time ?? '')
  if (!part || Number.isNaN(at.getTime()) || !isUuid(id))
    throw new Refusal('validation_failed', { field: 'querystring.after' })
  return { part, at, id }
}

function cursorAfter(record: CaseRecord, view: queue.CaseView): string {
  const { part, at } = queue.placeOf(record, view)
  return `${letters[part]}~${at.toISOString()}~${record.id}`
}

export function agentRoutes(api: Face, platform: Platform, needs: DeskNeeds, desk: Desk): void {
  const { db, clock } = platform
  const views = createViews(platform, needs)

  const gate = createAgentGate(platform, needs)
  const { session, caseFor } = gate
  const looked = recordLook(platform, needs)
  const present = async (id: string) => views.detail((await readCases(db.read, [id]))[0]!)

  api.get(
    '/api/cases',
    {
      schema: {
        tags,
        summary: 'The queue',
        description:
          '`waiting_money`: cases whose customer only waits for money; the helper has them and nobody of the staff is asked. The counts are exact at `asOf`.',
        querystring: ListQuerySchema,
        response: { 200: CaseListSchema },
      },
    },
    async (request) => {
      const agent = await session(request, 'case.read')
      const view = request.query.view ?? 'mine'
      const limit = request.query.limit ?? 50
      const now = clock.now()
      const [riskBefore, waitsBefore] = [new Date(now.getTime() + riskMs), new Date(now.getTime() - riskMs)]
      const [records, counts] = await Promise.all([
        queue.readQueue(db.read, {
          view,
          agentId: agent.agentId,
          exceptCustomer: agent.customerId,
          riskBefore,
          waitsBefore,
          cursor: readCursor(request.query.after),
          limit,
        }),
        queue.countViews(db.read, agent.agentId, agent.customerId, riskBefore, waitsBefore),
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
      const { record, agent } = await caseFor(request, request.params.id, 'case.read')
      // Who serves the case reads it by serving; everybody else is a look that the customer sees.
      if (record.agentId !== agent.agentId) await looked({ record, agent, field: 'talk', reason: 'case' })
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

  for (const action of ['take', 'release'] as const) {
    const summary = {
      take: 'Take a case',
      release: 'Give a case back to the team',
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
    '/api/cases/:id/solve',
    {
      schema: {
        tags,
        summary: 'Close a case with its outcome',
        description:
          '`seen`: the sequence of the last message that was read; a case whose customer has written since stays open.',
        params,
        body: SolveSchema,
        response: { 200: CaseDetailSchema },
      },
    },
    async (request) => {
      const agent = await session(request, 'case.solve')
      await desk.change(request.params.id, 'solve', agent, request.body.outcome, request.body.seen)
      return present(request.params.id)
    },
  )

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

  caseMoneyRoutes(api, platform, needs, { ...gate, views })
  caseFileRoutes(api, platform, needs, gate)
  leadRoutes(api, platform, needs, { ...gate, views })
}

// What stands above single cases: the search, the figures of the wall, and the list of looks for auditors.
import { Type } from 'typebox'
import { AuditedLookSchema, SearchQuerySchema, WallSchema } from '#contract/console.ts'
import { CaseCardSchema } from '#contract/desk.ts'
import { isUuid, parseReference } from '#contract/ids.ts'
import { PageQuerySchema } from '#contract/schema.ts'
import { dayIn, instantOf } from '#platform/days.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { AgentGate } from './agent-gate.ts'
import { readAllLooks } from './look.sql.ts'
import type { DeskNeeds } from './needs.ts'
import { readSatisfaction, readWall, searchCases } from './queue.sql.ts'
import { presentLook, type createViews } from './views.ts'

const tags = ['Cases']
/** Satisfaction on the wall counts the ratings of so many days. */
const ratedDays = 7

export function leadRoutes(
  api: Face,
  platform: Platform,
  needs: DeskNeeds,
  { session, views }: AgentGate & { views: ReturnType<typeof createViews> },
): void {
  const { db, clock } = platform

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
          await searchCases(
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
      const [row, agents, satisfaction] = await Promise.all([
        readWall(db.read, now, instantOf(zone, dayIn(zone, now))),
        needs.staff.availableAgents(),
        readSatisfaction(db.read, new Date(now.getTime() - ratedDays * 86_400_000)),
      ])
      return {
        waiting: Number(row.waiting),
        longestWaitSeconds: Math.max(0, Math.round(row.longest_wait ?? 0)),
        overdue: Number(row.overdue),
        open: Number(row.open),
        solvedToday: Number(row.solved_today),
        solvedByHelperToday: Number(row.solved_by_helper_today),
        escalated: Number(row.escalated),
        satisfaction: {
          count: Number(satisfaction.count),
          ...(satisfaction.mean === null ? {} : { mean: Math.round(satisfaction.mean * 100) / 100 }),
          content: Number(satisfaction.content),
        },
        agentsAvailable: agents.length,
        ...(row.median_first_reply === null
          ? {}
          : { medianFirstReplySeconds: Math.round(row.median_first_reply) }),
        asOf: now.toISOString(),
      }
    },
  )

  api.get(
    '/api/looks',
    {
      schema: {
        tags: ['Audit'],
        summary: 'Who of the staff looked at whom, newest first',
        querystring: PageQuerySchema,
        response: {
          200: Type.Object({ looks: Type.Array(AuditedLookSchema), next: Type.Optional(Type.String()) }),
        },
      },
    },
    async (request) => {
      await session(request, 'audit.read')
      const limit = request.query.limit ?? 50
      const rows = await readAllLooks(db.read, readLookCursor(request.query.after), limit)
      const customers = await needs.customers(db.read, [...new Set(rows.map((row) => row.customer_id))])
      const last = rows.at(-1)
      return {
        looks: rows.map((row) => ({
          id: row.id,
          ...presentLook(row),
          agentId: row.agent_id,
          customerId: row.customer_id,
          customerName: customers.get(row.customer_id)?.name ?? '',
        })),
        ...(last && rows.length === limit ? { next: `${last.at.toISOString()}~${last.id}` } : {}),
      }
    },
  )
}

function readLookCursor(text: string | undefined): { at: Date; id: string } | undefined {
  if (text === undefined) return undefined
  const [time, id] = text.split('~')
  const at = new Date(time ?? '')
  if (Number.isNaN(at.getTime()) || !isUuid(id))
    throw new Refusal('validation_failed', { field: 'querystring.after' })
  return { at, id }
}

// What stands above single cases: the search, the figures of the wall, and the list of looks for auditors.
import { Type } from 'typebox'
import { AuditedLookSchema, LookQuerySchema, SearchQuerySchema, WallSchema } from '#contract/console.ts'
import { CaseCardSchema } from '#contract/desk.ts'
import { parseReference } from '#contract/ids.ts'
import { dayIn, instantOf, nextMidnight } from '#platform/days.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { AgentGate } from './agent-gate.ts'
import { nextLook, readLookCursor } from './look-pages.ts'
import { searchLooks, type LookSearch } from './look.sql.ts'
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
      const number = caseNumberIn(text)
      const reference = parseReference(text)?.reference
      const customerIds =
        number !== undefined || reference ? [] : await needs.findCustomersByName(db.read, text, 50)
      return {
        cases: await views.cards(
          await searchCases(
            db.read,
            {
              number,
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
        description:
          'For auditors alone. By agent, by customer, by days (both included, of the service’s zone), or by words: a name, a reference, the number of a case. Pages by `after`.',
        querystring: LookQuerySchema,
        response: {
          200: Type.Object({ looks: Type.Array(AuditedLookSchema), next: Type.Optional(Type.String()) }),
        },
      },
    },
    async (request) => {
      await session(request, 'audit.read')
      const { agent: agentId, customer: customerId, from, to, q, after, limit = 50 } = request.query
      const zone = platform.config.serviceTimeZone
      const rows = await searchLooks(
        db.read,
        {
          before: readLookCursor(after),
          agentId,
          customerId,
          from: from === undefined ? undefined : startOf(zone, from, 'from'),
          until: to === undefined ? undefined : nextMidnight(zone, startOf(zone, to, 'to')),
          text: q?.trim() ? await meantBy(q.trim()) : undefined,
        },
        limit,
      )
      const customers = await needs.customers(db.read, [...new Set(rows.map((row) => row.customer_id))])
      return {
        looks: rows.map((row) => ({
          id: row.id,
          ...presentLook(row),
          agentId: row.agent_id,
          customerId: row.customer_id,
          customerName: customers.get(row.customer_id)?.name ?? '',
        })),
        ...nextLook(rows, limit),
      }
    },
  )

  async function meantBy(text: string): Promise<NonNullable<LookSearch['text']>> {
    const reference = parseReference(text)?.reference
    const caseNumber = caseNumberIn(text)
    const customerIds =
      reference === undefined && caseNumber === undefined
        ? await needs.findCustomersByName(db.read, text, 50)
        : []
    return { name: text, customerIds, reference, caseNumber }
  }
}

/** The number of a case as people write it: C-20001, or its figures alone. */
function caseNumberIn(text: string): bigint | undefined {
  const number = /^(?:c-?)?(\d{1,12})$/i.exec(text)?.[1]
  return number === undefined ? undefined : BigInt(number)
}

/** The first instant of a day. Throws validation_failed for a day that no calendar has. */
function startOf(zone: string, day: string, field: string): Date {
  const midnight = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day)
    throw new Refusal('validation_failed', { field: `querystring.${field}` })
  return instantOf(zone, day)
}

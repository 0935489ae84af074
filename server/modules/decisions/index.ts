// What staff must decide, from all rooms that wait for a person: one list, most urgent first. It decides nothing itself.
import { Type } from 'typebox'
import { DecisionSchema, type Decision } from '#contract/refund.ts'
import { TimeSchema } from '#contract/schema.ts'
import type { Sql } from '#platform/db.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import type { Action, Staff } from '#modules/staff/index.ts'

export interface DecisionSource {
  kind: Decision['kind']
  /** Who may decide these may see them. */
  action: Action
  /** Those that wait now, without any of the reader's own wallet. */
  list(exceptCustomer: string | undefined): Promise<Decision[]>
}

export interface Decisions {
  register(source: DecisionSource): void
  /** GET /api/decisions on the agents' face. */
  routes(api: Face): void
}

const DecisionListSchema = Type.Object({ decisions: Type.Array(DecisionSchema), asOf: TimeSchema })

export function createDecisions(
  platform: Platform,
  needs: {
    staff: Pick<Staff, 'authenticate' | 'require'>
    /** The customer's case about each of these references, where there is one. */
    casesAbout(sql: Sql, references: readonly string[]): Promise<Map<string, string>>
  },
): Decisions {
  const sources: DecisionSource[] = []
  return {
    register(source) {
      if (sources.some((other) => other.kind === source.kind))
        throw new Error(`two rooms list ${source.kind} for decision`)
      sources.push(source)
    },
    routes(api) {
      api.get(
        '/api/decisions',
        {
          schema: {
            tags: ['Decisions'],
            summary: 'What staff must decide, most urgent first',
            description:
              'Refunds in review, payments above the limit whose shop stays silent, payments that go back and wait long for the customer’s wallet, top-ups that are held, pay-outs that a bank refused. Each with its deadline and the case about it, if there is one; nothing of one’s own wallet.',
            response: { 200: DecisionListSchema },
          },
        },
        async (request) => {
          const session = await needs.staff.authenticate(request)
          for (const { action } of sources) needs.staff.require(session, action)
          const lists = await Promise.all(sources.map((source) => source.list(session.customerId)))
          const waiting = lists.flat().sort((one, other) => (one.untilAt < other.untilAt ? -1 : 1))
          const caseless = waiting.filter((decision) => !decision.caseId)
          const cases = await needs.casesAbout(
            platform.db.read,
            caseless.map(({ reference }) => reference),
          )
          return {
            // Who asked about it is answered where they asked, also when the room that waits knows of no case.
            decisions: waiting.map((decision) => {
              const caseId = decision.caseId ?? cases.get(decision.reference)
              return caseId ? { ...decision, caseId } : decision
            }),
            asOf: platform.clock.now().toISOString(),
          }
        },
      )
    },
  }
}

// The helper: not a person, and it moves nothing. It reads the facts of a movement and says what is true and what can be done.
// It knows no money room: everything comes from the registry of references, as its customer may see it.
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { DiagnosisSchema, type Diagnosis } from '#contract/diagnosis.ts'
import { ReferenceSchema } from '#contract/schema.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { diagnose } from './diagnose.rules.ts'

export interface Helper {
  /** The diagnosis of now; undefined when this customer has no such movement. */
  diagnose(reference: string, customerId: string): Promise<Diagnosis | undefined>
  /** On the customers' face. */
  routes(api: Face): void
}

const refundsRead = 3

export function createHelper(
  { references }: Pick<Platform, 'references'>,
  needs: { authenticate(request: FastifyRequest): Promise<{ customerId: string }> },
): Helper {
  const helper: Helper = {
    async diagnose(reference, customerId) {
      const detail = await references.detail(reference, customerId)
      if (!detail) return undefined
      const refunds = await Promise.all(
        (detail.refunds ?? []).slice(0, refundsRead).map((refund) => references.detail(refund, customerId)),
      )
      return diagnose(
        detail,
        refunds.filter((refund) => refund !== undefined),
      )
    },
    routes(api) {
      api.get(
        '/api/transactions/:reference/diagnosis',
        {
          schema: {
            tags: ['Help'],
            summary: 'What is true about a movement now, what comes by itself, and what can be done',
            params: Type.Object({ reference: ReferenceSchema }),
            response: { 200: DiagnosisSchema },
          },
        },
        async (request) => {
          const { customerId } = await needs.authenticate(request)
          const diagnosis = await helper.diagnose(request.params.reference, customerId)
          if (!diagnosis) throw new Refusal('not_found')
          return diagnosis
        },
      )
    },
  }
  return helper
}

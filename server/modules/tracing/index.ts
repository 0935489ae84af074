// The history of a wallet and the trace of each movement, from all money rooms, as the customer sees them.
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { parseReference } from '#contract/ids.ts'
import { PageQuerySchema, ReferenceSchema } from '#contract/schema.ts'
import { TransactionDetailSchema, TransactionSummarySchema } from '#contract/trace.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'

const tags = ['Wallet']

/** A cursor is the last row's time and reference: stable whatever is added meanwhile. */
function readCursor(cursor: string | undefined): { at: Date; reference: string } | undefined {
  if (cursor === undefined) return undefined
  const [time, reference] = cursor.split('~')
  const at = new Date(time ?? '')
  if (!reference || !parseReference(reference) || Number.isNaN(at.getTime()))
    throw new Refusal('validation_failed', { field: 'querystring.after' })
  return { at, reference }
}

export function tracingRoutes(
  api: Face,
  platform: Platform,
  needs: { authenticate(request: FastifyRequest): Promise<{ customerId: string }> },
): void {
  api.get(
    '/api/transactions',
    {
      schema: {
        tags,
        summary: 'History, newest first',
        querystring: PageQuerySchema,
        response: {
          200: Type.Object({
            transactions: Type.Array(TransactionSummarySchema),
            next: Type.Optional(Type.String()),
          }),
        },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticate(request)
      const limit = request.query.limit ?? 30
      const transactions = await platform.references.list(customerId, readCursor(request.query.after), limit)
      const last = transactions.at(-1)
      return {
        transactions,
        ...(transactions.length === limit && last ? { next: `${last.effectiveAt}~${last.reference}` } : {}),
      }
    },
  )
  api.get(
    '/api/transactions/:reference',
    {
      schema: {
        tags,
        summary: 'One movement with its trace, read live',
        params: Type.Object({ reference: ReferenceSchema }),
        response: { 200: TransactionDetailSchema },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticate(request)
      const detail = await platform.references.detail(request.params.reference, customerId)
      if (!detail) throw new Refusal('not_found')
      return detail
    },
  )
}

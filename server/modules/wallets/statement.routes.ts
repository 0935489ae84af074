// The statement over HTTP. Thin: who asks, which period, answer.
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { StatementEntriesSchema, StatementSchema } from '#contract/customer.ts'
import { DaySchema } from '#contract/schema.ts'
import type { Face } from '#platform/http.ts'
import type { Wallets } from './index.ts'

const tags = ['Wallet']
const limit = Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 100 }))

export function statementRoutes(
  api: Face,
  needs: { wallets: Wallets; authenticate(request: FastifyRequest): Promise<{ customerId: string }> },
): void {
  api.get(
    '/api/wallet/statement',
    {
      schema: {
        tags,
        summary: 'Opening, every entry, what is held, closing: recounted',
        description: 'Days of the wallet’s zone, both included, at most one year; entries newest first.',
        querystring: Type.Object({ from: DaySchema, to: DaySchema, limit }),
        response: { 200: StatementSchema },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticate(request)
      const { from, to, limit } = request.query
      return needs.wallets.statement(customerId, from, to, limit ?? 100)
    },
  )
  api.get(
    '/api/wallet/statement/entries',
    {
      schema: {
        tags,
        summary: 'The older entries of a statement',
        querystring: Type.Object({
          after: Type.String({ maxLength: 40, description: 'What the page before called `next`' }),
          limit,
        }),
        response: { 200: StatementEntriesSchema },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticate(request)
      return needs.wallets.olderEntries(customerId, request.query.after, request.query.limit ?? 100)
    },
  )
}

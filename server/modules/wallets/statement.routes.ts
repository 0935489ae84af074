// The statement over HTTP. Thin: who asks, which period, answer.
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import {
  SignedStatementSchema,
  SignStatementSchema,
  StatementCheckSchema,
  StatementCodeSchema,
  StatementEntriesSchema,
  StatementSchema,
} from '#contract/customer.ts'
import { DaySchema } from '#contract/schema.ts'
import type { Face } from '#platform/http.ts'
import type { SignedStatements, Wallets } from './index.ts'

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

/** A year of a busy wallet as a file. */
const largestFileBytes = 8 * 1024 * 1024

/** Signing for the customer; checking for anybody, without an account. */
export function signedStatementRoutes(
  api: Face,
  needs: {
    signed: SignedStatements
    authenticate(request: FastifyRequest): Promise<{ customerId: string }>
  },
): void {
  api.post(
    '/api/wallet/statement/signed',
    {
      schema: {
        tags,
        summary: 'The statement as a signed file',
        description:
          'Ed25519 over `tuntas statement 1\\n` and the canonical JSON of `statement`. The same statement again is the same file.',
        body: SignStatementSchema,
        response: { 200: SignedStatementSchema },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticate(request)
      return needs.signed.sign(customerId, request.body.from, request.body.to)
    },
  )
  api.post(
    '/api/statements/check',
    {
      bodyLimit: largestFileBytes,
      schema: {
        tags,
        summary: 'Is this statement file genuine?',
        body: SignedStatementSchema,
        response: { 200: StatementCheckSchema },
      },
    },
    async (request) => needs.signed.check(request.body),
  )
  api.get(
    '/api/statements/public-key',
    {
      schema: {
        tags,
        summary: 'The public keys of statements, in PEM',
        response: { 200: Type.Object({ pem: Type.String() }) },
      },
    },
    async () => ({ pem: needs.signed.publicKeys() }),
  )
  api.get(
    '/api/statements/:code',
    {
      schema: {
        tags,
        summary: 'What was signed under the code on a paper',
        params: Type.Object({ code: StatementCodeSchema }),
        response: { 200: StatementCheckSchema },
      },
    },
    async (request) => needs.signed.checkCode(request.params.code),
  )
}

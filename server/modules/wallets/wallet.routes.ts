// The customer's wallet over HTTP. Freezing is one tap; opening again needs the password and a code.
import type { FastifyRequest } from 'fastify'
import {
  CodeSentSchema,
  StartUnfreezeSchema,
  UnfreezeSchema,
  WalletSchema,
  type CodeSent,
} from '#contract/customer.ts'
import type { Face } from '#platform/http.ts'
import type { Wallets } from './index.ts'
import { statementRoutes } from './statement.routes.ts'

export interface WalletRoutesNeeds {
  wallets: Wallets
  authenticate(request: FastifyRequest): Promise<{ customerId: string; sessionId: string }>
  /** Sends a code to the customer's registered contact, for the right password only. Throws credentials_wrong, sign_in_locked. */
  startCode(customerId: string, password: string, request: FastifyRequest): Promise<CodeSent>
  /** Whoever froze the wallet stays signed in; everybody else who was is out (A11). */
  endOtherSessions(customerId: string, exceptSessionId: string): Promise<unknown>
  /** Throws credentials_wrong, code_wrong, code_expired …: both proofs must hold. */
  proveOwner(customerId: string, proof: { flowId: string; code: string; password: string }): Promise<void>
}

const tags = ['Wallet']

export function walletRoutes(
  api: Face,
  { wallets, authenticate, startCode, endOtherSessions, proveOwner }: WalletRoutesNeeds,
): void {
  statementRoutes(api, { wallets, authenticate })
  api.get(
    '/api/wallet',
    { schema: { tags, summary: 'Balance, limits and status', response: { 200: WalletSchema } } },
    async (request) => {
      const { customerId } = await authenticate(request)
      return wallets.view(customerId)
    },
  )
  api.post(
    '/api/wallet/freeze',
    { schema: { tags, summary: 'Stop all outgoing money at once', response: { 200: WalletSchema } } },
    async (request) => {
      const { customerId, sessionId } = await authenticate(request)
      const wallet = await wallets.freeze(customerId, { kind: 'customer', id: customerId })
      await endOtherSessions(customerId, sessionId)
      return wallet
    },
  )
  api.post(
    '/api/wallet/unfreeze/start',
    {
      schema: {
        tags,
        summary: 'Ask with the password for the code that opens a frozen wallet',
        body: StartUnfreezeSchema,
        response: { 200: CodeSentSchema },
      },
    },
    async (request) => {
      const { customerId } = await authenticate(request)
      return startCode(customerId, request.body.password, request)
    },
  )
  api.post(
    '/api/wallet/unfreeze',
    {
      schema: {
        tags,
        summary: 'Open a frozen wallet: password and code',
        body: UnfreezeSchema,
        response: { 200: WalletSchema },
      },
    },
    async (request) => {
      const { customerId } = await authenticate(request)
      await proveOwner(customerId, request.body)
      return wallets.unfreeze(customerId)
    },
  )
}

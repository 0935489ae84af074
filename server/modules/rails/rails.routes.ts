// The addresses that banks call: token, inquiry, payment. Bodies are taken as they came, for the signature is over them.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Face } from '#platform/http.ts'
import { receiveCall, type CallContext } from './receive-call.ts'
import {
  isFresh,
  issueToken,
  readStamp,
  sameSignature,
  signTokenRequest,
  tokenLifeSeconds,
} from './signature.ts'
import { answerOf, services, type Service } from './snap.ts'

const tags = ['Bank (SNAP)']

const serviceOf = (url: string): Service =>
  url.includes('/access-token/') ? 'token' : url.includes('/inquiry') ? 'inquiry' : 'payment'

/** ISO 8601 with the service's offset is not asked of us; UTC with zone is valid SNAP. */
const stamp = (nowMs: number) => `${new Date(nowMs).toISOString().slice(0, 19)}+00:00`

export function railsRoutes(api: Face, contextOf: () => CallContext): void {
  api.register(async (bank) => {
    bank.removeAllContentTypeParsers()
    bank.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    bank.addHook('onSend', async (_request, reply) => {
      reply.header('x-timestamp', stamp(contextOf().machineNow())).header('cache-control', 'no-store')
    })
    // Too large, cut off, or anything else before our code: SNAP's form all the same.
    bank.setErrorHandler((error: { statusCode?: number }, request, reply) => {
      const inTheCall = error.statusCode !== undefined && error.statusCode < 500
      const { status, ...body } = answerOf(
        serviceOf(request.url),
        inTheCall ? 'bad_request' : 'internal_error',
      )
      return reply.code(status).send(body)
    })

    bank.post(
      '/rails/bank/v1.0/access-token/b2b',
      { schema: { tags, summary: `SNAP ${services.token}: an access token for the bank`, security: [] } },
      async (request, reply) => {
        const { partner, tokenKey, machineNow } = contextOf()
        const read = (name: string) => {
          const value = request.headers[name]
          return typeof value === 'string' ? value : ''
        }
        const [clientKey, timestamp] = [read('x-client-key'), read('x-timestamp')]
        const sentAt = readStamp(timestamp)
        const isProven =
          sentAt !== undefined &&
          isFresh(sentAt, machineNow()) &&
          clientKey === partner.clientKey &&
          sameSignature(signTokenRequest(partner.secret, clientKey, timestamp), read('x-signature'))
        const { status, ...answer } = answerOf('token', isProven ? 'successful' : 'unauthorized')
        return reply.code(status).send({
          ...answer,
          ...(isProven
            ? {
                accessToken: issueToken(tokenKey, clientKey, machineNow()),
                tokenType: 'Bearer',
                expiresIn: String(tokenLifeSeconds),
              }
            : {}),
        })
      },
    )

    const handle =
      (service: Exclude<Service, 'token'>) => async (request: FastifyRequest, reply: FastifyReply) => {
        const answer = await receiveCall(contextOf(), {
          service,
          method: request.method,
          path: request.url,
          headers: request.headers,
          body: typeof request.body === 'string' ? request.body : '',
        })
        return reply.code(answer.status).send(answer.body)
      }
    bank.post(
      '/rails/bank/v1.0/transfer-va/inquiry',
      { schema: { tags, summary: `SNAP ${services.inquiry}: whose virtual account is this?` } },
      handle('inquiry'),
    )
    bank.post(
      '/rails/bank/v1.0/transfer-va/payment',
      { schema: { tags, summary: `SNAP ${services.payment}: money arrived for a virtual account` } },
      handle('payment'),
    )
  })
}

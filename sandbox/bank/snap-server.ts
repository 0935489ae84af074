// How Bank Melati takes calls of its partner: SNAP's access token and symmetric signature, checked before anything is read.
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { rawBodies } from '../platform/http.ts'

/** The partner's names at this bank. */
const partner = { clientKey: 'tuntas', partnerId: 'tuntas' } as const
const tokenLifeSeconds = 900
const stampWindowMs = 300_000

export type SnapFault = 'unauthorized' | 'invalid_token'

export function createSnapServer(secret: string) {
  // Lost with the process: the partner hears 401 and asks for another.
  const tokens = new Map<string, number>()
  const sign = (text: string) => createHmac('sha512', secret).update(text).digest()
  const header = (request: FastifyRequest, name: string) => {
    const value = request.headers[name]
    return typeof value === 'string' ? value : ''
  }
  const isSigned = (request: FastifyRequest, text: string) => {
    const given = Buffer.from(header(request, 'x-signature'), 'base64')
    const expected = sign(text)
    return given.length === expected.length && timingSafeEqual(given, expected)
  }
  const isFresh = (timestamp: string) => Math.abs(new Date(timestamp).getTime() - Date.now()) <= stampWindowMs

  return {
    /** A new token, or undefined when the call is not the partner's. */
    issueToken(request: FastifyRequest): { accessToken: string; expiresIn: string } | undefined {
      const timestamp = header(request, 'x-timestamp')
      const isPartner = header(request, 'x-client-key') === partner.clientKey
      if (!isPartner || !isFresh(timestamp) || !isSigned(request, `${partner.clientKey}|${timestamp}`))
        return undefined
      const now = Date.now()
      for (const [token, until] of tokens) if (until <= now) tokens.delete(token)
      const accessToken = randomBytes(24).toString('base64url')
      tokens.set(accessToken, now + tokenLifeSeconds * 1000)
      return { accessToken, expiresIn: String(tokenLifeSeconds) }
    },
    /** What is wrong with a call; undefined when it is the partner's own, signed and fresh. */
    faultOf(request: FastifyRequest): SnapFault | undefined {
      const token = /^Bearer (\S+)$/.exec(header(request, 'authorization'))?.[1]
      if (!token || (tokens.get(token) ?? 0) <= Date.now()) return 'invalid_token'
      const timestamp = header(request, 'x-timestamp')
      const bodyHash = createHash('sha256')
        .update(rawBodies.get(request) ?? '')
        .digest('hex')
      const text = ['POST', request.url, token, bodyHash, timestamp].join(':')
      const isPartner = header(request, 'x-partner-id') === partner.partnerId
      const isNumbered = /^[0-9]{1,36}$/.test(header(request, 'x-external-id'))
      return isPartner && isNumbered && isFresh(timestamp) && isSigned(request, text)
        ? undefined
        : 'unauthorized'
    },
  }
}

export type SnapServer = ReturnType<typeof createSnapServer>

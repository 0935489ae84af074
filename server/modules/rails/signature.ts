// SNAP's symmetric signature and its access tokens. Compared in constant time; secrets and signatures are never logged.
// For tokens the standard asks a partner's RSA key; with one shared secret configured, they are asked for by HMAC as well.
import { createHash, createHmac, randomBytes } from 'node:crypto'
import { keyedHash, sameHash } from '#platform/keys.ts'

/** How far a call's stamp may be from our time. */
export const stampWindowMs = 300_000
export const tokenLifeSeconds = 900

/** JSON without the white space between its parts: what SNAP hashes. */
export function minify(json: string): string {
  return json.replace(/("(?:[^"\\]|\\.)*")|\s+/g, '$1')
}

function hmac(secret: string, text: string): Buffer {
  return createHmac('sha512', secret).update(text).digest()
}

export interface SignedCall {
  method: string
  path: string
  accessToken: string
  body: string
  /** As it stands in the header. */
  timestamp: string
}

/** The bytes of `X-SIGNATURE` of a service call. */
export function signCall(secret: string, call: SignedCall): Buffer {
  const bodyHash = createHash('sha256').update(minify(call.body)).digest('hex')
  return hmac(secret, [call.method, call.path, call.accessToken, bodyHash, call.timestamp].join(':'))
}

/** The bytes of `X-SIGNATURE` of a request for an access token. */
export function signTokenRequest(secret: string, clientKey: string, timestamp: string): Buffer {
  return hmac(secret, `${clientKey}|${timestamp}`)
}

export function sameSignature(expected: Buffer, given: string): boolean {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(given) && sameHash(expected, Buffer.from(given, 'base64'))
}

/** The instant of an ISO 8601 stamp with seconds and zone; undefined when it is none. */
export function readStamp(text: string): Date | undefined {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?(Z|[+-]\d\d:\d\d)$/.test(text)) return undefined
  const time = new Date(text)
  return Number.isNaN(time.getTime()) ? undefined : time
}

export function isFresh(stamp: Date, nowMs: number): boolean {
  return Math.abs(nowMs - stamp.getTime()) <= stampWindowMs
}

/** A token that needs no table: client, end and a random part under a keyed hash. Every process can check it. */
export function issueToken(key: Buffer, clientKey: string, nowMs: number): string {
  const content = `${Math.floor(nowMs / 1000) + tokenLifeSeconds}.${randomBytes(16).toString('base64url')}`
  return `${content}.${keyedHash(key, clientKey, content).toString('base64url')}`
}

export function isTokenValid(key: Buffer, clientKey: string, token: string, nowMs: number): boolean {
  const [end, random, mac] = token.split('.')
  if (!end || !random || !mac || !/^[0-9]{1,12}$/.test(end) || Number(end) * 1000 <= nowMs) return false
  return sameHash(keyedHash(key, clientKey, `${end}.${random}`), Buffer.from(mac, 'base64url'))
}

// How shops sign their requests: HMAC-SHA256 over time, method, path, idempotency key and the raw body.
// Compared in constant time; a stamp more than five minutes off is refused, so an old request cannot be sent again.
import { createHmac } from 'node:crypto'
import { sameHash } from '#platform/keys.ts'

export const signatureWindowSeconds = 300

export interface SignedRequest {
  timestamp: string
  method: string
  path: string
  idempotencyKey: string
  body: string
}

/** The value of `Tuntas-Signature`. */
export function signRequest(secret: string, request: SignedRequest): string {
  const text = [request.timestamp, request.method, request.path, request.idempotencyKey, request.body].join(
    '.',
  )
  return `v1,${createHmac('sha256', secret).update(text).digest('base64')}`
}

export function verifyRequest(
  secret: string,
  request: SignedRequest,
  signature: string,
  nowMs: number,
): boolean {
  if (!/^[0-9]{1,12}$/.test(request.timestamp)) return false
  if (Math.abs(nowMs / 1000 - Number(request.timestamp)) > signatureWindowSeconds) return false
  return sameHash(Buffer.from(signRequest(secret, request)), Buffer.from(signature))
}

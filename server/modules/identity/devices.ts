// The browser that a customer has signed in on before, known by a signed cookie. It opens nothing by itself:
// it only keeps a stranger's wrong tries from locking the owner out (OWASP device cookies).
import { uuidv7, isUuid } from '#contract/ids.ts'
import { readCookie, type RequestWithHeaders } from '#platform/cookies.ts'
import { keyedHash, sameHash } from '#platform/keys.ts'

export const deviceCookie = 'tuntas_device'
export const deviceCookieSeconds = 400 * 24 * 3600

/** The device's id when the cookie carries our signature; undefined otherwise. */
export function deviceOf(key: Buffer, request: RequestWithHeaders): string | undefined {
  const [id, signature] = readCookie(request, deviceCookie)?.split('.') ?? []
  if (!isUuid(id) || !signature) return undefined
  return sameHash(Buffer.from(signature, 'base64url'), keyedHash(key, id)) ? id : undefined
}

export function newDeviceId(): string {
  return uuidv7()
}

/** What the cookie carries for this device. */
export function deviceToken(key: Buffer, id: string): string {
  return `${id}.${keyedHash(key, id).toString('base64url')}`
}

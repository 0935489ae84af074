// Reads one cookie of a request: also of the raw request that opens a WebSocket, which no plugin has parsed.

/** Anything with headers: a Fastify request, or Node's own at an upgrade. */
export interface RequestWithHeaders {
  headers: { cookie?: string | undefined }
}

/** The first value of a cookie; undefined when it is absent or longer than any that we set. */
export function readCookie(request: RequestWithHeaders, name: string): string | undefined {
  for (const part of request.headers.cookie?.split(';') ?? []) {
    const equals = part.indexOf('=')
    if (equals > 0 && part.slice(0, equals).trim() === name) {
      const value = part.slice(equals + 1).trim()
      return value !== '' && value.length <= 512 ? value : undefined
    }
  }
  return undefined
}

/** What all our cookies share. Secure wherever the address is https. */
export function cookieOptions(publicUrl: string, sameSite: 'lax' | 'strict', maximumAgeSeconds: number) {
  return {
    path: '/',
    httpOnly: true,
    sameSite,
    secure: publicUrl.startsWith('https:'),
    maxAge: maximumAgeSeconds,
  } as const
}

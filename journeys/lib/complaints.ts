// What the pages of a window complain about: errors in the console, exceptions, requests that fail or are refused.
// A journey says beforehand which of them belong to its story.
import type { BrowserContext } from 'playwright-core'

export interface Complaints {
  /** From now on answers like this are part of the story: a status, and a part of the address. */
  expect(status: number, address: string): void
  /** While `work` runs, the line may be dead: failed requests and sockets are part of the story. */
  whileBroken<Result>(work: () => Promise<Result>): Promise<Result>
  /** What was heard since the last time, without what was expected. */
  take(): string[]
}

export function watch(context: BrowserContext): Complaints {
  let heard: string[] = []
  let broken = 0
  // Asking who is signed in is answered 401 when nobody is: that is how a page finds out.
  const expected: { status: number; address: string }[] = [{ status: 401, address: '/api/me' }]

  context.on('response', (response) => {
    const status = response.status()
    if (status < 400) return
    const address = response.url()
    if (expected.some((entry) => entry.status === status && address.includes(entry.address))) return
    if (broken === 0) heard.push(`${status} ${response.request().method()} ${address}`)
  })
  context.on('requestfailed', (request) => {
    const reason = request.failure()?.errorText ?? ''
    // A page that is left takes its open requests back.
    if (broken === 0 && reason !== 'net::ERR_ABORTED')
      heard.push(`${reason} ${request.method()} ${request.url()}`)
  })
  context.on('weberror', (error) => heard.push(`exception: ${error.error().stack ?? error.error().message}`))
  context.on('console', (message) => {
    if (message.type() !== 'error') return
    const text = message.text()
    // Requests are judged above, where their address and status are known.
    if (text.startsWith('Failed to load resource')) return
    if (broken > 0 && /WebSocket|ERR_/.test(text)) return
    // A live connection that is refused for want of a session is told here only, and in these words.
    const refusedLive = /WebSocket connection to '[^']*(\/live)' failed: HTTP Authentication failed/.exec(
      text,
    )
    if (refusedLive && expected.some((entry) => entry.status === 401 && entry.address === refusedLive[1]))
      return
    heard.push(`console: ${text}`)
  })

  return {
    expect: (status, address) => void expected.push({ status, address }),
    async whileBroken(work) {
      broken++
      try {
        return await work()
      } finally {
        broken--
      }
    },
    take() {
      const taken = heard
      heard = []
      return taken
    },
  }
}

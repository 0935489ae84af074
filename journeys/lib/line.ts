// A window's line to the product, which can be cut like a cable: requests fail, the live socket closes, new ones do not open.
import type { BrowserContext, WebSocketRoute } from 'playwright-core'

export interface Line {
  cut(): Promise<void>
  mend(): Promise<void>
  /** What the product says over the live socket no longer arrives; what the page says still does. Until the socket is a new one. */
  goDeaf(): void
  /** Resolves when the page has said something like this over its live socket. */
  says(pattern: RegExp): Promise<void>
}

/** Call before the window's page opens its live connection. */
export async function lineOf(context: BrowserContext): Promise<Line> {
  const open = new Set<{ near: WebSocketRoute; far: WebSocketRoute; isDeaf: boolean }>()
  const listeners = new Set<(message: string) => void>()
  let dead = false
  await context.routeWebSocket(/\/live$/, (near) => {
    if (dead) return void near.close()
    const far = near.connectToServer()
    const line = { near, far, isDeaf: false }
    far.onMessage((message) => {
      if (!line.isDeaf) near.send(message)
    })
    near.onMessage((message) => {
      far.send(message)
      for (const listener of listeners) listener(String(message))
    })
    open.add(line)
  })
  return {
    async cut() {
      dead = true
      await context.setOffline(true)
      await Promise.all([...open].flatMap(({ near, far }) => [near.close(), far.close()]))
      open.clear()
    },
    goDeaf() {
      for (const line of open) line.isDeaf = true
    },
    says: (pattern) =>
      new Promise((resolve) => {
        const listener = (message: string) => {
          if (!pattern.test(message)) return
          listeners.delete(listener)
          resolve()
        }
        listeners.add(listener)
      }),
    async mend() {
      dead = false
      await context.setOffline(false)
    },
  }
}

// A window's line to the product, which can be cut like a cable: requests fail, the live socket closes, new ones do not open.
import type { BrowserContext, WebSocketRoute } from 'playwright-core'

export interface Line {
  cut(): Promise<void>
  mend(): Promise<void>
}

/** Call before the window's page opens its live connection. */
export async function lineOf(context: BrowserContext): Promise<Line> {
  const open = new Set<{ near: WebSocketRoute; far: WebSocketRoute }>()
  let dead = false
  await context.routeWebSocket(/\/live$/, (near) => {
    if (dead) return void near.close()
    open.add({ near, far: near.connectToServer() })
  })
  return {
    async cut() {
      dead = true
      await context.setOffline(true)
      await Promise.all([...open].flatMap(({ near, far }) => [near.close(), far.close()]))
      open.clear()
    },
    async mend() {
      dead = false
      await context.setOffline(false)
    },
  }
}

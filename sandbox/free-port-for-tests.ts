// For tests only: a port for a program that must be told one beforehand.
import { createServer } from 'node:net'

/**
 * A port that is free now, below those that the system gives to outgoing connections (from 32768): otherwise one of them may
 * have it before it is listened on.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 15_000 + Math.floor(Math.random() * 17_000)
    const server = createServer()
    const isFree = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true))
    })
    if (!isFree) continue
    await new Promise((resolve) => server.close(resolve))
    return port
  }
}

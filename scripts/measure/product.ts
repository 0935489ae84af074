// Starts the product as a person does, and watches it as a person does: through a browser.

import { spawn, type ChildProcess } from 'node:child_process'
import { createServer } from 'node:net'
import { chromium, type Browser } from 'playwright-core'

export const chromiumArguments = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export function openBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: chromiumArguments })
}

export interface Running {
  process: ChildProcess
  /** Resolves with the exit code once it has ended by itself or was stopped. */
  ended: Promise<number>
  stop(): Promise<void>
}

const all = new Set<Running>()

/** Ends everything that was begun and still runs. */
export async function stopEverything(): Promise<void> {
  await Promise.all([...all].map((running) => running.stop()))
}

/** Runs a command line in a process group of its own, its output shown on stderr. */
export function begin(command: string, cwd: string, env: NodeJS.ProcessEnv): Running {
  const child = spawn('/bin/bash', ['-c', command], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.pipe(process.stderr, { end: false })
  child.stderr.pipe(process.stderr, { end: false })
  const ended = new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)))
  const signal = (name: NodeJS.Signals) => {
    try {
      process.kill(-child.pid!, name)
    } catch {
      // Ended by itself.
    }
  }
  const running: Running = {
    process: child,
    ended,
    async stop() {
      signal('SIGINT')
      const timer = setTimeout(() => signal('SIGKILL'), 30_000)
      await ended
      clearTimeout(timer)
    },
  }
  all.add(running)
  void ended.then(() => all.delete(running))
  return running
}

/**
 * Waits until the page at `url` shows a heading with words, and nothing that says loading. Returns that heading.
 * Throws when the product ends, or after `timeoutMs`.
 */
export async function waitForFirstScreen(
  browser: Browser,
  url: string,
  running: Running,
  timeoutMs: number,
): Promise<string> {
  const page = await browser.newPage({ viewport: { width: 390, height: 844 } })
  let exitCode: number | undefined
  void running.ended.then((code) => (exitCode = code))
  const until = performance.now() + timeoutMs
  try {
    while (performance.now() < until) {
      if (exitCode !== undefined)
        throw new Error(`the product ended with ${exitCode} before it showed a screen`)
      const heading = await headingOf()
      if (heading) return heading
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  } finally {
    await page.close()
  }
  throw new Error(`no first screen at ${url} after ${timeoutMs / 1000} s`)

  async function headingOf(): Promise<string | undefined> {
    try {
      // Asked without the browser first: loading pages that nobody serves yet would slow down what is measured.
      if (!(await fetch(url, { signal: AbortSignal.timeout(5000) })).ok) return undefined
      await page.goto(url, { waitUntil: 'commit', timeout: 5000 })
      const heading = page.locator('h1:visible').first()
      await heading.waitFor({ state: 'visible', timeout: 5000 })
      return (await heading.innerText()).trim() || undefined
    } catch {
      return undefined // Nobody listens yet.
    }
  }
}

/** Three ports in a row, and one 25 above the last, that nobody uses now. */
export async function freePorts(): Promise<{ customers: number; agents: number; sandbox: number }> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const first = 20_000 + Math.floor(Math.random() * 20_000)
    const wanted = [first, first + 1, first + 2, first + 27]
    if ((await Promise.all(wanted.map(isFree))).every(Boolean))
      return { customers: first, agents: first + 1, sandbox: first + 2 }
  }
  throw new Error('no free ports found')
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

// `npm run measure -- start`: what a person waits for on a machine that has never seen Tuntas. A clean clone, an empty
// npm cache, the README's commands as they stand; first screen, second start, tests. One line of JSON comes last.

import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { begin, freePorts, openBrowser, stopEverything, waitForFirstScreen, type Running } from './product.ts'
import { needPackages } from '../test/debian.ts'
import { commandsOf } from './readme.ts'

const root = path.resolve(import.meta.dirname, '../..')
const limits = { cloneToScreenS: 120, secondStartS: 4, testS: 600 }

const say = (text: string) => process.stderr.write(`\n== ${text}\n`)
const secondsSince = (start: number) => Math.round((performance.now() - start) / 10) / 100

/** A person's environment: no settings of this product, no folders that npm puts into PATH. */
function cleanEnvironment(cache: string): NodeJS.ProcessEnv {
  const names = Object.keys(process.env).filter(
    (name) => !/^(npm_|TUNTAS_|NODE_|INIT_CWD$|DATABASE_URL$)/i.test(name),
  )
  const env = Object.fromEntries(names.map((name) => [name, process.env[name]]))
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => !/node_modules|node-gyp-bin/.test(folder))
  return { ...env, PATH: folders.join(':'), npm_config_cache: cache }
}

async function finish(command: string, cwd: string, env: NodeJS.ProcessEnv): Promise<string> {
  const running = begin(command, cwd, env)
  let output = ''
  running.process.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exitCode = await running.ended
  if (exitCode !== 0) say(`${command} ended with ${exitCode}`)
  return output
}

function countsOf(output: string): { passed: number; failed: number; skipped: number } {
  const closing = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1)
  if (!closing) return { passed: 0, failed: 1, skipped: 0 }
  return { passed: Number(closing[1]), failed: Number(closing[2]), skipped: Number(closing[3] ?? 0) }
}

async function measure(folder: string) {
  const clone = path.join(folder, 'tuntas')
  const env = cleanEnvironment(path.join(folder, 'npm-cache'))
  const ports = await freePorts()
  const startEnv = {
    ...env,
    TUNTAS_CUSTOMERS_PORT: String(ports.customers),
    TUNTAS_AGENTS_PORT: String(ports.agents),
    TUNTAS_SANDBOX_PORT: String(ports.sandbox),
  }
  const url = `http://localhost:${ports.customers}/`
  const browser = await openBrowser()
  let product: Running | undefined
  try {
    const begun = performance.now()
    execFileSync('git', ['clone', '--quiet', '--no-hardlinks', root, clone])
    const commands = commandsOf(readFileSync(path.join(clone, 'README.md'), 'utf8'), 'start')
    const start = commands.at(-1)!
    for (const command of commands.slice(0, -1)) {
      say(command)
      await finish(command, clone, env)
    }
    say(start)
    product = begin(start, clone, startEnv)
    const heading = await waitForFirstScreen(browser, url, product, 300_000)
    const cloneToScreenS = secondsSince(begun)
    say(`first screen, "${heading}", after ${cloneToScreenS} s`)
    await product.stop()

    const again = performance.now()
    product = begin(start, clone, startEnv)
    await waitForFirstScreen(browser, url, product, 60_000)
    const secondStartS = secondsSince(again)
    say(`second start: ${secondStartS} s`)
    await product.stop()
    product = undefined

    const tests = performance.now()
    const [test] = commandsOf(readFileSync(path.join(clone, 'README.md'), 'utf8'), 'test')
    say(test!)
    const counts = countsOf(await finish(test!, clone, env))
    return { cloneToScreenS, secondStartS, testS: secondsSince(tests), ...counts }
  } finally {
    await product?.stop()
    await browser.close()
  }
}

// A person has a browser; the time it takes to install one is not the product's.
await needPackages(root, 'pages')
const folder = mkdtempSync(path.join(tmpdir(), 'tuntas-measure-'))
// A clone usually lies where others may look.
chmodSync(folder, 0o755)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.on(signal, async () => {
    await stopEverything()
    rmSync(folder, { recursive: true, force: true })
    process.exit(130)
  })

try {
  const dirty = execFileSync('git', ['status', '--porcelain'], { cwd: root, encoding: 'utf8' }).trim()
  if (dirty) say('measured is the last commit; the changes that are not committed are not in it')
  const result = await measure(folder)
  const slow = Object.entries(limits).filter(([name, limit]) => result[name as keyof typeof limits] > limit)
  for (const [name, limit] of slow) say(`${name} is above ${limit}`)
  process.exitCode = slow.length === 0 && result.passed > 0 && result.failed + result.skipped === 0 ? 0 : 1
  console.log(JSON.stringify(result))
} catch (error) {
  say((error as Error).message)
  process.exitCode = 1
} finally {
  rmSync(folder, { recursive: true, force: true })
}

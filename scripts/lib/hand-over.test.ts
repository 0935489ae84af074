import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { repositoryRoot } from './pinned-node.mjs'

// A checkout of its own, with a path with spaces and a main.ts that does what the test wants.
let checkout: string

beforeEach(() => {
  checkout = path.join(mkdtempSync(path.join(tmpdir(), 'tuntas-start-')), 'my checkout')
  mkdirSync(path.join(checkout, 'server'), { recursive: true })
  mkdirSync(path.join(checkout, 'scripts'))
  cpSync(path.join(repositoryRoot, 'scripts/start.mjs'), path.join(checkout, 'scripts/start.mjs'))
  cpSync(path.join(repositoryRoot, 'scripts/lib'), path.join(checkout, 'scripts/lib'), { recursive: true })
  symlinkSync(path.join(repositoryRoot, 'node_modules'), path.join(checkout, 'node_modules'))
})

afterEach(() => rmSync(path.dirname(checkout), { recursive: true }))

/** Starts the product; `line()` answers what it prints next, `ended` its exit code or signal and its complaints. */
function start(main: string, ...args: string[]) {
  writeFileSync(path.join(checkout, 'server/main.ts'), main)
  // Away from the terminal that runs the tests, which would be taken for the sender of a SIGINT.
  const child = spawn(process.execPath, [path.join(checkout, 'scripts/start.mjs'), ...args], {
    detached: true,
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  let complaints = ''
  child.stderr.on('data', (chunk) => (complaints += chunk))
  const ended = new Promise<{ end: unknown; complaints: string }>((resolve) =>
    child.once('close', (code, signal) => resolve({ end: signal ?? code, complaints })),
  )
  return { child, ended, line: async () => (await lines.next()).value as unknown }
}

test('arguments, TypeScript and the exit code pass through', async () => {
  const main =
    'const rest: string[] = process.argv.slice(2); console.log(JSON.stringify(rest)); process.exitCode = 7'
  const { line, ended } = start(main, '--port', '80 90')
  expect(await line()).toBe('["--port","80 90"]')
  expect((await ended).end).toBe(7)
})

test.each<NodeJS.Signals>(['SIGTERM', 'SIGINT', 'SIGHUP'])(
  '%s reaches the product, which ends in its own time',
  async (signal) => {
    const { child, line, ended } = start(`
    process.on('${signal}', () => setTimeout(() => { console.log('shut down'); process.exit(0) }, 50))
    setInterval(() => {}, 1000); console.log('ready')`)
    expect(await line()).toBe('ready')
    child.kill(signal)
    expect(await line()).toBe('shut down')
    expect((await ended).end).toBe(0)
  },
)

test('a product that dies of a signal is reported as such', async () => {
  const { ended } = start(`process.kill(process.pid, 'SIGKILL')`)
  expect((await ended).end).toBe('SIGKILL')
})

test('the product can notice that its launcher was killed', async () => {
  const { child, line } = start(`
    process.on('disconnect', () => { console.log('launcher gone'); process.exit(0) })
    setInterval(() => {}, 1000); console.log('ready')`)
  expect(await line()).toBe('ready')
  child.kill('SIGKILL')
  expect(await line()).toBe('launcher gone')
})

test('the product ends when npm is told to end, although npm tells only its shell', async () => {
  writeFileSync(
    path.join(checkout, 'server/main.ts'),
    `process.on('SIGTERM', () => { console.log('shut down'); process.exit(0) })
    setInterval(() => {}, 1000); console.log('ready')`,
  )
  const command = `"${process.execPath}" scripts/start.mjs; true`
  const shell = spawn('/bin/sh', ['-c', command], {
    cwd: checkout,
    detached: true,
    env: { ...process.env, npm_lifecycle_event: 'start' },
  })
  const lines = createInterface({ input: shell.stdout })[Symbol.asyncIterator]()
  expect((await lines.next()).value).toBe('ready')
  shell.kill('SIGTERM')
  expect((await lines.next()).value).toBe('shut down')
})

test('without dependencies it says npm ci and nothing else', async () => {
  rmSync(path.join(checkout, 'node_modules'))
  const { ended } = start('')
  const { end, complaints } = await ended
  expect(end).toBe(1)
  expect(complaints).toContain('npm ci')
  expect(complaints).not.toContain('    at ')
})

// What a measurement leaves: nothing when it is ended by a signal, and what a killed one left goes with the next start.
import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { isAlive } from '#platform/embedded/processes.ts'
import { openBenchFolder, removeDeadRuns } from './bench-folder.ts'

let within: string
const children: ChildProcess[] = []
beforeEach(() => {
  within = mkdtempSync(path.join(tmpdir(), 'bench-folder-test-'))
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  rmSync(within, { recursive: true, force: true })
})

/** A run of its own process, which has its folder and, in its cluster, a process that stands for PostgreSQL. */
async function startRun(): Promise<{ child: ChildProcess; folder: string; serverPid: number }> {
  const program = `
    import { mkdirSync, writeFileSync } from 'node:fs'
    import { spawn } from 'node:child_process'
    import { openBenchFolder } from ${JSON.stringify(new URL('bench-folder.ts', import.meta.url).href)}
    const place = await openBenchFolder('tuntas-bench-', ${JSON.stringify(within)})
    const cluster = place.dataDir + '/cluster'
    mkdirSync(cluster, { recursive: true })
    const server = spawn('sleep', ['600'], { cwd: cluster, detached: true, stdio: 'ignore' })
    writeFileSync(cluster + '/postmaster.pid', server.pid + '\\n')
    console.log(JSON.stringify({ folder: place.folder, serverPid: server.pid }))
    setInterval(() => undefined, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: path.join(import.meta.dirname, '../..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  children.push(child)
  const line = await new Promise<string>((resolve, reject) => {
    child.stdout!.once('data', (data) => resolve(String(data)))
    child.once('exit', (code) => reject(new Error(`the run ended with ${code}`)))
  })
  return { child, ...(JSON.parse(line) as { folder: string; serverPid: number }) }
}

const ended = (child: ChildProcess, signal: NodeJS.Signals) => {
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  // Twice, as from a terminal: to the group, and passed on by who started it.
  child.kill(signal)
  child.kill(signal)
  return exit
}

it.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s ends the server and leaves nothing', async (signal, code) => {
  const { child, folder, serverPid } = await startRun()
  expect(await ended(child, signal)).toBe(code)
  expect(existsSync(folder)).toBe(false)
  expect(isAlive(serverPid)).toBe(false)
})

it('what a killed run left goes with the next start, its server and what it kept elsewhere too', async () => {
  const { child, folder, serverPid } = await startRun()
  const alive = await startRun()
  await ended(child, 'SIGKILL')
  expect(isAlive(serverPid)).toBe(true)
  const place = await openBenchFolder('tuntas-replay-', within)
  expect(existsSync(folder)).toBe(false)
  expect(isAlive(serverPid)).toBe(false)
  // A run that lives keeps all it has.
  expect(existsSync(alive.folder)).toBe(true)
  expect(isAlive(alive.serverPid)).toBe(true)

  const elsewhere = path.join(within, 'elsewhere')
  mkdirSync(elsewhere)
  mkdirSync(place.dataDir)
  symlinkSync(elsewhere, path.join(place.dataDir, 'kept-elsewhere'))
  place.remove()
  expect([existsSync(place.folder), existsSync(elsewhere)]).toEqual([false, false])
  await ended(alive.child, 'SIGTERM')
})

it('a pid that now is somebody else’s, and a folder that names nobody', async () => {
  const { child, folder, serverPid } = await startRun()
  await ended(child, 'SIGKILL')
  process.kill(serverPid)
  // The cluster names this test process, which works elsewhere: it must not be ended.
  writeFileSync(path.join(folder, 'postgres/cluster/postmaster.pid'), `${process.pid}\n`)
  mkdirSync(path.join(within, 'tuntas-bench-foreign'))
  expect(await removeDeadRuns(within)).toBe(1)
  expect(readdirSync(within)).toEqual(['tuntas-bench-foreign'])
})

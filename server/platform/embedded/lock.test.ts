import { spawnSync } from 'node:child_process'
import { readdirSync, readlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { lockFolder } from './lock.ts'
import { ownIdentity, startTicksOf } from './processes.ts'
import { ask, newFolder, runApp, start, usedDataFolder } from './test-bench.ts'

const nobodyAnswers = () => Promise.resolve(false)

function claim(folder: string, parts: Partial<ReturnType<typeof ownIdentity>>): string {
  const { pid, startTicks, boot, pidNamespace } = { ...ownIdentity(), ...parts }
  const name = `app-${pid}-${startTicks}-${boot}-${pidNamespace}.lock`
  writeFileSync(path.join(folder, name), '')
  return name
}

test('a second start in the same folder is told which process holds it, and the first one is not disturbed', async () => {
  const dataDir = await usedDataFolder()
  const app = await runApp({ dataDir })
  const second = await runApp({ dataDir })
  expect(second.facts).toMatchObject({ code: 'already_running' })
  expect(second.facts.message).toContain(`process ${app.child.pid}`)
  expect(await second.ended).toBe(3)
  expect(await ask(app.facts.connectionString, 'SELECT 1')).toBe(1)
})

test('two starts at the same moment: never two servers, and the folder is usable afterwards', async () => {
  const dataDir = path.join(newFolder(), 'data')
  const apps = await Promise.all([runApp({ dataDir }), runApp({ dataDir }), runApp({ dataDir })])
  const winners = apps.filter((app) => app.facts.code === undefined)
  expect(winners.length).toBeLessThanOrEqual(1)
  for (const app of apps) expect(app.facts.code ?? 'already_running').toBe('already_running')
  for (const app of apps) app.child.kill('SIGTERM')
  await Promise.all(apps.map((app) => app.ended))
  const database = await start(dataDir)
  expect(await ask(database.connectionString, 'SELECT 1')).toBe(1)
})

test('the same process cannot open a folder twice, and may open it again after release', async () => {
  const folder = newFolder()
  const lock = await lockFolder(folder, nobodyAnswers)
  await expect(lockFolder(folder, nobodyAnswers)).rejects.toMatchObject({ code: 'already_running' })
  lock.release()
  const again = await lockFolder(folder, nobodyAnswers)
  again.release()
  expect(readdirSync(folder)).toEqual([])
})

test('claims of dead processes, of reused process ids and of an earlier boot are swept away', async () => {
  const folder = newFolder()
  const dead = spawnSync('true').pid
  claim(folder, { pid: dead, startTicks: '123' })
  claim(folder, { pid: process.ppid, startTicks: '1' })
  claim(folder, { pid: process.ppid, startTicks: startTicksOf(process.ppid)!, boot: '00000000' })
  const lock = await lockFolder(folder, nobodyAnswers)
  expect(readdirSync(folder)).toHaveLength(1)
  lock.release()
})

test('a living claim is respected', async () => {
  const folder = newFolder()
  const name = claim(folder, { pid: process.ppid, startTicks: startTicksOf(process.ppid)! })
  await expect(lockFolder(folder, nobodyAnswers)).rejects.toMatchObject({ code: 'already_running' })
  expect(readdirSync(folder)).toEqual([name])
})

test('a claim from another container counts while its server answers', async () => {
  const folder = newFolder()
  const pidNamespace = String(Number(/\d+/.exec(readlinkSync('/proc/self/ns/pid'))![0]) + 1)
  claim(folder, { pid: 1, startTicks: '5', pidNamespace })
  await expect(lockFolder(folder, () => Promise.resolve(true))).rejects.toMatchObject({
    code: 'already_running',
  })
  const lock = await lockFolder(folder, nobodyAnswers)
  lock.release()
})

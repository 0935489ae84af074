// `npm run verify` as a person runs it: a whole copy ends with 0, a copy that was changed with 1, a question without sense with 2.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createSeals, sealPlaces } from './index.ts'
import { createSealBench, type SealBench } from './seal-for-tests.ts'

let bench: SealBench
let folder: string
beforeAll(async () => {
  bench = await createSealBench()
  folder = mkdtempSync(path.join(tmpdir(), 'tuntas-verify-'))
})
afterAll(async () => {
  await bench.close()
  rmSync(folder, { recursive: true, force: true })
})

function verify(...args: string[]): Promise<{ code: number; output: string }> {
  const script = fileURLToPath(new URL('../../../scripts/verify.ts', import.meta.url))
  return new Promise((resolve) =>
    execFile(process.execPath, [script, ...args], (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
    ),
  )
}

it('proves a copy with what was shipped, and finds what was changed since', async () => {
  const places = sealPlaces(folder)
  const seals = createSeals(bench.platform, places)
  await bench.post(12)
  expect(await seals.seal()).toBe(12)
  expect(await seals.checkpoint()).toMatchObject({ transfers: '12' })
  const args = ['--checkpoints', places.checkpointFolder, '--database', bench.platform.connectionString]

  const whole = await verify(...args)
  expect(whole.output).toContain('12 transfers in 1 seals, 0 not sealed yet, 1 checkpoints: whole')
  expect(whole.output).toContain('5 events of accounts and holds, 0 linked legs, 0 keys.')
  expect(whole.code).toBe(0)

  const { read } = bench.platform.db
  await read.run('ALTER TABLE ledger.accounts DISABLE TRIGGER USER')
  await read.run('UPDATE ledger.accounts SET minimum = -500 WHERE id = $1', [bench.wallets[0]])
  const raised = await verify(...args)
  expect(raised.output).toContain(
    `account_rules_differ: account ${bench.wallets[0]}: minimum is -500, was told as 0`,
  )
  expect(raised.code).toBe(1)
  await read.run('UPDATE ledger.accounts SET minimum = 0 WHERE id = $1', [bench.wallets[0]])

  await read.run('ALTER TABLE ledger.transfers DISABLE TRIGGER USER')
  await read.run("UPDATE ledger.transfers SET reference = 'TN-OTHER' WHERE sequence = 5")
  const changed = await verify(...args, '--json')
  expect(JSON.parse(changed.output)).toMatchObject({ whole: false, findings: [{ kind: 'transfers_differ' }] })
  expect(changed.code).toBe(1)

  expect((await verify('--checkpoints', path.join(folder, 'nowhere'))).code).toBe(2)
  expect((await verify('--everything')).output).toContain('npm run verify --')
})

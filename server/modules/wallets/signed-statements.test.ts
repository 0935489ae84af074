// A statement that was signed can be proven by anybody, and nothing that was not signed can: not one figure, name or day of it.
import { generateKeyPairSync } from 'node:crypto'
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import type { SignedStatement, StatementDocument } from '#contract/customer.ts'
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { Refusal } from '#platform/refusal.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createAudit } from '#modules/audit/index.ts'
import { createLedger, readPublicKeys } from '#modules/ledger/index.ts'
import {
  createSignedStatements,
  createWallets,
  judgeSigned,
  signedStatementRoutes,
  statementPlaces,
  type SignedStatements,
} from './index.ts'
import { signStatement } from './statement-seal.ts'

let platform: TestPlatform
let signed: SignedStatements
let face: Face
let customerId: string
let folder: string
let pay: (amountMinor: bigint) => Promise<void>

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'statement-seal-'))
  platform = await createTestPlatform('2026-11-02T06:00:00.000Z')
  const audit = createAudit(platform)
  const ledger = createLedger(platform)
  const wallets = createWallets(platform, { ledger, audit })
  signed = createSignedStatements(platform, {
    statements: wallets,
    audit,
    nameOf: async () => 'Ratna Dewi Lestari',
    places: statementPlaces(folder),
  })
  customerId = uuidv7()
  let number = 0n
  await platform.db.transaction((tx) => wallets.open(tx, [{ customerId }]))
  const { accountId } = (await wallets.readWallets(platform.db.read, [customerId])).get(customerId)!
  pay = (amountMinor) =>
    platform.db.transaction(async (tx) => {
      const bank = await ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency: 'IDR' })
      await ledger.post(tx, [
        {
          id: uuidv7(),
          debitAccountId: bank,
          creditAccountId: accountId,
          amountMinor,
          currency: 'IDR',
          kind: 'top_up',
          reference: referenceOf('TP', ++number),
          effectiveAt: platform.clock.now(),
        },
      ])
    })
  await pay(5_000_000n)
  await pay(1_250_000n)
  const publicUrl = platform.config.customersUrl
  face = createFace(platform, { name: 'customers', publicUrl })
  await apiScope(
    face,
    { docsPath: '/docs/customer', title: 'Statements', description: '', caller: 'browser', publicUrl },
    (api) =>
      signedStatementRoutes(api, {
        signed,
        async authenticate(request) {
          if (request.headers['x-test-customer'] !== customerId) throw new Refusal('session_expired')
          return { customerId }
        },
      }),
  )
  await face.ready()
})
afterAll(async () => {
  await face.close()
  await platform.close()
  rmSync(folder, { recursive: true })
})

const november = () => signed.sign(customerId, '2026-11-01', '2026-11-30')
async function call(method: 'GET' | 'POST', url: string, payload?: unknown, customer?: string) {
  const answer = await face.inject({
    method,
    url,
    headers: { 'x-tuntas-csrf': '1', ...(customer ? { 'x-test-customer': customer } : {}) },
    ...(payload === undefined ? {} : { payload: payload as object }),
  })
  return { status: answer.statusCode, body: answer.json() }
}

it('is signed once for one content; every entry is in it, oldest first', async () => {
  const first = await november()
  expect(await november()).toEqual(first)
  expect(await Promise.all(Array.from({ length: 8 }, november))).toEqual(
    Array.from({ length: 8 }, () => first),
  )
  expect(first.statement).toMatchObject({
    format: 'tuntas-statement-1',
    holder: 'Ratna Dewi Lestari',
    opening: { amountMinor: '0' },
    incomingMinor: '6250000',
    closing: { amountMinor: '6250000' },
    heldMinor: '0',
    signedAt: '2026-11-02T06:00:00.000Z',
  })
  expect(first.statement.entries.map(({ entry, amountMinor }) => [entry, amountMinor])).toEqual([
    ['1', '5000000'],
    ['2', '1250000'],
  ])
  expect((await november()).code).toMatch(/^[0-9A-HJKMNP-TV-Z]{20}$/)
  const records = await platform.db.read.rows("SELECT 1 FROM audit.entries WHERE action = 'statement.signed'")
  expect(records.length).toBe(1)
})

it('anybody proves it: by the file, by the printed code, and without us by the public key', async () => {
  const file = await november()
  const told = {
    genuine: true,
    signed: {
      code: file.code,
      holder: 'Ratna Dewi Lestari',
      from: '2026-11-01',
      to: '2026-11-30',
      closing: { amountMinor: '6250000', currency: 'IDR' },
      entries: 2,
    },
  }
  expect((await call('POST', '/api/statements/check', file)).body).toMatchObject(told)
  // The order of members says nothing: a file that went through another program is still the same.
  const { statement, ...rest } = file
  const reordered = { ...rest, statement: Object.fromEntries(Object.entries(statement).toReversed()) }
  expect((await call('POST', '/api/statements/check', reordered)).body).toMatchObject(told)
  expect((await call('GET', `/api/statements/${file.code}`)).body).toMatchObject(told)
  const { pem } = (await call('GET', '/api/statements/public-key')).body
  expect(judgeSigned(file, readPublicKeys(pem))).toBe('genuine')
})

it.each<[string, (statement: StatementDocument) => unknown]>([
  ['the closing balance', (each) => ({ ...each, closing: { ...each.closing, amountMinor: '96250000' } })],
  ['the holder', (each) => ({ ...each, holder: 'Somebody Else' })],
  ['the period', (each) => ({ ...each, from: '2026-10-01' })],
  [
    'an entry',
    (each) => ({ ...each, entries: [{ ...each.entries[0]!, amountMinor: '1' }, each.entries[1]!] }),
  ],
  ['an entry left out', (each) => ({ ...each, entries: each.entries.slice(1) })],
  ['when it was signed', (each) => ({ ...each, signedAt: '2026-11-02T06:00:00.001Z' })],
])('a change is found: %s', async (_what, change) => {
  const file = await november()
  const forged = { ...file, statement: change(file.statement) as StatementDocument }
  expect(signed.check(forged)).toEqual({ genuine: false, why: 'changed' })
})

it('another key, another code and another document under our key are not ours', async () => {
  const file = await november()
  const { privateKey } = generateKeyPairSync('ed25519')
  const foreign: SignedStatement = signStatement(file.statement, { id: '0123456789abcdef', privateKey })
  expect(signed.check(foreign)).toEqual({ genuine: false, why: 'unknown_key' })
  // Under the name of our key.
  expect(signed.check({ ...foreign, keyId: file.keyId })).toEqual({ genuine: false, why: 'changed' })
  expect(signed.check({ ...file, code: '0'.repeat(20) })).toEqual({ genuine: false, why: 'changed' })
  expect((await call('GET', `/api/statements/${'0'.repeat(20)}`)).body).toEqual({
    genuine: false,
    why: 'unknown_code',
  })
  expect((await call('POST', '/api/statements/check', { anything: 1 })).status).toBe(422)
})

it('only who is signed in has one signed, of their own wallet; what was signed is never changed', async () => {
  const body = { from: '2026-11-01', to: '2026-11-30' }
  expect((await call('POST', '/api/wallet/statement/signed', body)).status).toBe(401)
  expect((await call('POST', '/api/wallet/statement/signed', body, customerId)).status).toBe(200)
  const before = await november()
  await pay(100n)
  const after = await november()
  expect(after.code).not.toBe(before.code)
  expect((await signed.checkCode(before.code)).signed?.closing.amountMinor).toBe('6250000')
  await expect(platform.db.read.run('UPDATE wallets.signed_statements SET closing = 0')).rejects.toThrow(
    'what was signed stays',
  )
})

it('`npm run verify -- --statement` tells a genuine file, a changed one, and what is none', async () => {
  const script = fileURLToPath(new URL('../../../scripts/verify.ts', import.meta.url))
  const { publicKeyFile } = statementPlaces(folder)
  const verify = (name: string, content: unknown): Promise<{ code: number; output: string }> => {
    const file = path.join(folder, name)
    writeFileSync(file, JSON.stringify(content))
    return new Promise((resolve) =>
      execFile(
        process.execPath,
        [script, '--statement', file, '--key', publicKeyFile],
        (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, output: stdout + stderr }),
      ),
    )
  }
  const file = await november()
  const forged = { ...file, statement: { ...file.statement, holder: 'Somebody Else' } }
  const [genuine, changed, none] = await Promise.all([
    verify('a.json', file),
    verify('b.json', forged),
    verify('c.json', { anything: 1 }),
  ])
  expect(genuine).toMatchObject({ code: 0, output: expect.stringContaining('GENUINE') })
  expect(changed).toMatchObject({ code: 1, output: expect.stringContaining('NOT GENUINE') })
  expect(none.code).toBe(2)
})

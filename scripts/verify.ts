// `npm run verify -- --checkpoints DIR [--key FILE] [--database URL]`: proves a copy of the ledger against signed
// checkpoints. `npm run verify -- --statement FILE [--key FILE]`: proves a customer's statement, without any database.
// Reads only, in one snapshot. Ends with 0 when the copy is whole, 1 when it is not, 2 when it cannot tell.

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { createDatabase } from '#platform/db.ts'
import { startEmbedded } from '#platform/embedded/index.ts'
import { folderStore, readPublicKeys, sealPlaces, type Checkpoint } from '#modules/ledger/index.ts'
import { verifyLedger, type VerifyReport } from '#modules/ledger/index.ts'
import { Value } from 'typebox/value'
import { SignedStatementSchema, type SignedStatement } from '#contract/customer.ts'
import { judgeSigned, statementPlaces } from '#modules/wallets/index.ts'

const usage = `npm run verify -- [--checkpoints DIR] [--key FILE] [--database URL] [--json]

  --checkpoints  the folder that checkpoints were shipped to (without it: that of the data folder)
  --key          public keys in PEM that are trusted (without it: public-key.pem in that folder)
  --database     postgres://…, the copy to prove (without it: DATABASE_URL, or the embedded database, which must not run)
  --statement    a statement's file: is it what this house signed? (--key: without it that of the data folder)
  --json         one line of JSON`

class CannotTell extends Error {}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        checkpoints: { type: 'string' },
        key: { type: 'string' },
        database: { type: 'string' },
        statement: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new CannotTell(`${(error as Error).message}\n\n${usage}`)
  }
}

const dataFolder = path.resolve(import.meta.dirname, '..', process.env['TUNTAS_DATA']?.trim() || 'data')

function readKeys(file: string) {
  if (!existsSync(file)) throw new CannotTell(`There is no public key ${file}.\n\n${usage}`)
  const keys = readPublicKeys(readFileSync(file, 'utf8'))
  if (keys.size === 0) throw new CannotTell(`${file} holds no public key in PEM.`)
  return keys
}

/** Says whether a statement is genuine; answers whether it is. */
function verifyStatement(file: string, keyFile: string, json: boolean): boolean {
  const keys = readKeys(keyFile)
  let signed: SignedStatement
  try {
    signed = JSON.parse(readFileSync(file, 'utf8')) as SignedStatement
  } catch (error) {
    throw new CannotTell(`${file} cannot be read as JSON: ${(error as Error).message}`)
  }
  if (!Value.Check(SignedStatementSchema, signed)) throw new CannotTell(`${file} is no statement of Tuntas.`)
  const verdict = judgeSigned(signed, keys)
  const { statement, code } = signed
  const words = {
    genuine: `Statement ${code} of ${statement.holder}, ${statement.from} to ${statement.to}, closing ${statement.closing.amountMinor} (minor units of ${statement.currency}), is what was signed at ${statement.signedAt}: GENUINE`,
    changed: 'The content is not what was signed: NOT GENUINE',
    unknown_key: `No key here has the id ${signed.keyId}: NOT GENUINE by these keys`,
  }
  console.log(json ? JSON.stringify({ verdict, code, keyId: signed.keyId }) : words[verdict])
  return verdict === 'genuine'
}

async function verify(
  options: ReturnType<typeof readOptions>,
): Promise<{ report: VerifyReport; json: boolean }> {
  const folder = path.resolve(options.checkpoints ?? sealPlaces(dataFolder).checkpointFolder)
  const keyFile = path.resolve(options.key ?? path.join(folder, 'public-key.pem'))
  if (!existsSync(folder)) throw new CannotTell(`There is no folder ${folder}.\n\n${usage}`)
  const keys = readKeys(keyFile)
  const store = folderStore(folder)
  const checkpoints: Checkpoint[] = []
  for (const name of await store.list()) checkpoints.push(JSON.parse(await store.get(name)) as Checkpoint)

  const url = options.database ?? process.env['DATABASE_URL']
  if (!url && !existsSync(path.join(dataFolder, 'postgres')))
    throw new CannotTell(`There is no database in ${dataFolder}: name one with --database.`)
  const embedded = url
    ? undefined
    : await startEmbedded({ dataDir: path.join(dataFolder, 'postgres'), log: () => undefined })
  const db = createDatabase({ connectionString: url ?? embedded!.connectionString, maximumConnections: 1 })
  try {
    const report = await db.transaction(async (tx) => {
      await tx.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY')
      return verifyLedger(tx, checkpoints, keys)
    })
    return { report, json: options.json }
  } finally {
    await db.close()
    await embedded?.stop()
  }
}

function tell({ report, json }: { report: VerifyReport; json: boolean }): void {
  if (json) {
    console.log(
      JSON.stringify(report, (_name, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
    )
    return
  }
  for (const { kind, detail } of report.findings) console.log(`${kind}: ${detail}`)
  const { provenUpTo, parts } = report
  console.log(
    provenUpTo
      ? `${provenUpTo.transfers} transfers up to seal ${provenUpTo.seal} are those that were signed at ${provenUpTo.signedAt}.`
      : 'No checkpoint speaks for this copy.',
  )
  const counted = (name: 'events' | 'links' | 'keys', words: string) =>
    `${parts[name].sealed} ${words}${parts[name].unsealed > 0n ? ` (${parts[name].unsealed} not sealed yet)` : ''}`
  console.log(
    report.partsCovered
      ? `Beside the transfers: ${counted('events', 'events of accounts and holds')}, ${counted('links', 'linked legs')}, ${counted('keys', 'keys')}.`
      : 'This copy is of a version that sealed transfers alone: holds, limits, links, exchanges and keys are not proven.',
  )
  console.log(
    `${report.transfers} transfers in ${report.seals} seals, ${report.unsealed} not sealed yet, ${report.checkpoints} checkpoints: ${report.whole ? 'whole' : 'NOT WHOLE'}`,
  )
}

try {
  const options = readOptions()
  if (options.statement) {
    const keyFile = path.resolve(options.key ?? statementPlaces(dataFolder).publicKeyFile)
    process.exitCode = verifyStatement(path.resolve(options.statement), keyFile, options.json) ? 0 : 1
  } else {
    const result = await verify(options)
    tell(result)
    process.exitCode = result.report.whole ? 0 : 1
  }
} catch (error) {
  console.error(error instanceof CannotTell ? error.message : String((error as Error).stack ?? error))
  process.exitCode = 2
}

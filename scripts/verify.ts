// `npm run verify -- --checkpoints DIR [--key FILE] [--database URL]`: proves a copy of the ledger against signed
// checkpoints. Reads only, in one snapshot. Ends with 0 when the copy is whole, 1 when it is not, 2 when it cannot tell.

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { createDatabase } from '#platform/db.ts'
import { startEmbedded } from '#platform/embedded/index.ts'
import { folderStore, readPublicKeys, sealPlaces, type Checkpoint } from '#modules/ledger/index.ts'
import { verifyLedger, type VerifyReport } from '#modules/ledger/index.ts'

const usage = `npm run verify -- [--checkpoints DIR] [--key FILE] [--database URL] [--json]

  --checkpoints  the folder that checkpoints were shipped to (without it: that of the data folder)
  --key          public keys in PEM that are trusted (without it: public-key.pem in that folder)
  --database     postgres://…, the copy to prove (without it: DATABASE_URL, or the embedded database, which must not run)
  --json         one line of JSON`

class CannotTell extends Error {}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        checkpoints: { type: 'string' },
        key: { type: 'string' },
        database: { type: 'string' },
        json: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    throw new CannotTell(`${(error as Error).message}\n\n${usage}`)
  }
}

const dataFolder = path.resolve(import.meta.dirname, '..', process.env['TUNTAS_DATA']?.trim() || 'data')

async function verify(): Promise<{ report: VerifyReport; json: boolean }> {
  const options = readOptions()
  const folder = path.resolve(options.checkpoints ?? sealPlaces(dataFolder).checkpointFolder)
  const keyFile = path.resolve(options.key ?? path.join(folder, 'public-key.pem'))
  if (!existsSync(folder)) throw new CannotTell(`There is no folder ${folder}.\n\n${usage}`)
  if (!existsSync(keyFile)) throw new CannotTell(`There is no public key ${keyFile}.\n\n${usage}`)
  const keys = readPublicKeys(readFileSync(keyFile, 'utf8'))
  if (keys.size === 0) throw new CannotTell(`${keyFile} holds no public key in PEM.`)
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
  const { provenUpTo } = report
  console.log(
    provenUpTo
      ? `${provenUpTo.transfers} transfers up to seal ${provenUpTo.seal} are those that were signed at ${provenUpTo.signedAt}.`
      : 'No checkpoint speaks for this copy.',
  )
  console.log(
    `${report.transfers} transfers in ${report.seals} seals, ${report.unsealed} not sealed yet, ${report.checkpoints} checkpoints: ${report.whole ? 'whole' : 'NOT WHOLE'}`,
  )
}

try {
  const result = await verify()
  tell(result)
  process.exitCode = result.report.whole ? 0 : 1
} catch (error) {
  console.error(error instanceof CannotTell ? error.message : String((error as Error).stack ?? error))
  process.exitCode = 2
}

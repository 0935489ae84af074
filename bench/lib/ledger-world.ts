// The ledger that is measured: 100,000 funded wallets and a bank, in a fresh database, made by the ledger itself.
// Accounts have ids that follow from their number, so that every process knows them without asking.
import { createLedger } from '#modules/ledger/index.ts'
import { systemClock } from '#platform/clock.ts'
import { createDatabase, type Database } from '#platform/db.ts'
import { migrate } from '#platform/migrate.ts'

export const accountCount = 100_000
/** Enough that no measurement ends for lack of money. */
const fundsMinor = 1_000_000_000_000n
export const currency = 'IDR' as const
/** What funding is called; everything else in ledger.transfers was asked for by callers. */
export const fundingKind = 'funding'

/** A UUIDv7 with the number of the account at its end, in order like those of real accounts. */
export const accountId = (number: number): string =>
  `01930000-0000-7000-8000-${number.toString(16).padStart(12, '0')}`

const migrations = new URL('../../migrations/', import.meta.url)
const pageLength = 1000

/** Creates the database `name` on the server of `adminUrl`, with its schema, and funds every account. */
export async function prepareWorld(adminUrl: string, name: string): Promise<string> {
  const admin = createDatabase({ connectionString: adminUrl, maximumConnections: 1 })
  await admin.read.run(`CREATE DATABASE ${name}`)
  await admin.close()
  // An address of a socket has no host, which URL refuses.
  const connectionString = adminUrl.replace(/\/[^/?@]+\?/, `/${name}?`)
  const db = createDatabase({ connectionString, maximumConnections: 2 })
  try {
    await migrate(db, migrations)
    await fund(db)
    await db.read.run('VACUUM (ANALYZE)')
  } finally {
    await db.close()
  }
  return connectionString
}

async function fund(db: Database): Promise<void> {
  const ledger = createLedger({ clock: systemClock })
  const bank = await db.transaction((tx) =>
    ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency }),
  )
  const effectiveAt = systemClock.now()
  for (let from = 0; from < accountCount; from += pageLength) {
    const ids = Array.from({ length: pageLength }, (_, index) => accountId(from + index))
    await db.transaction(async (tx) => {
      await ledger.openAccounts(
        tx,
        ids.map((id) => ({ id, kind: 'customer_wallet' as const, ownerId: id, currency, minimumMinor: 0n })),
      )
      await ledger.post(
        tx,
        ids.map((id) => ({
          id: id.replace(/^01930000/, '01930001'),
          debitAccountId: bank,
          creditAccountId: id,
          amountMinor: fundsMinor,
          currency,
          kind: fundingKind,
          reference: 'TP-0000-0000',
          effectiveAt,
        })),
      )
    })
  }
}

// For tests and measurements: commands on the ledger alone, with a key each, committed in groups: what a room with nothing but transfers would do.
// A key answers for ever what it answered first; the same key with another body is refused.
import { hash } from 'node:crypto'
import type { Database, DedicatedConnection, Transaction } from '#platform/db.ts'
import { createGroupCommit, type GroupCommit } from '#platform/group-commit.ts'
import { afterTransfer, judgeTransfer } from './account.rules.ts'
import type { AccountState, Ledger, LockedAccounts, TransferRequest, TransferVerdict } from './index.ts'
import { insertKeys, readKeys } from './commands-for-tests.sql.ts'

export interface LedgerCommand {
  ownerId: string
  key: string
  /** Legs that succeed or fail together. */
  transfers?: readonly TransferRequest[]
  /** Posts the whole of a hold between these accounts. */
  hold?: { holdId: string; transferId: string; accountIds: readonly [string, string] }
}

/** `posted`, or the code of a refusal. */
export type Outcome = string

export interface CommandOptions {
  maximumSize?: number
  lanes?: number
  /** Stands between the group commit and its connections: a crash test puts its faults here. */
  wrap?: (connection: DedicatedConnection) => DedicatedConnection
}

export function createCommands(
  db: Database,
  ledger: Ledger,
  options: CommandOptions = {},
): GroupCommit<LedgerCommand, Outcome> {
  const { maximumSize, lanes, wrap = (connection) => connection } = options
  return createGroupCommit<LedgerCommand, Outcome>({
    db: { ...db, dedicated: async () => wrap(await db.dedicated()) },
    ...(maximumSize === undefined ? {} : { maximumSize }),
    ...(lanes === undefined ? {} : { lanes }),
    run: (tx, commands) => decide(tx, ledger, commands),
  })
}

function bodyHash({ transfers, hold }: LedgerCommand): Buffer {
  const parts = (transfers ?? []).map((leg) =>
    [
      leg.id,
      leg.debitAccountId,
      leg.creditAccountId,
      leg.amountMinor,
      leg.currency,
      leg.kind,
      leg.reference,
    ].join(),
  )
  return hash('sha256', hold ? `${hold.holdId},${hold.transferId}` : parts.join(';'), 'buffer')
}

/** The verdict on linked legs: each sees what the legs before it would do; the first that may not be posted decides for all. */
function judgeLegs(legs: readonly TransferRequest[], accounts: LockedAccounts): TransferVerdict {
  const after = new Map<string, AccountState>()
  const now = (id: string) => after.get(id) ?? accounts.get(id)
  for (const leg of legs) {
    const [debit, credit] = [now(leg.debitAccountId), now(leg.creditAccountId)]
    const verdict = judgeTransfer(leg, debit, credit)
    if (verdict !== 'posted') return verdict
    for (const account of afterTransfer(leg, debit!, credit!)) after.set(account.id, account)
  }
  return 'posted'
}

/** Locks for all, looks the keys up under the locks, decides each in turn, writes all. */
async function decide(
  tx: Transaction,
  ledger: Ledger,
  commands: readonly LedgerCommand[],
): Promise<Outcome[]> {
  const [accounts, stored] = await Promise.all([
    ledger.lockAccounts(
      tx,
      commands.flatMap(({ transfers, hold }) => [
        ...(transfers ?? []).flatMap((leg) => [leg.debitAccountId, leg.creditAccountId]),
        ...(hold?.accountIds ?? []),
      ]),
    ),
    readKeys(
      tx,
      commands.map(({ ownerId }) => ownerId),
      commands.map(({ key }) => key),
    ),
  ])
  const known = new Map(stored.map((row) => [row.key, { bodyHash: row.body_hash, outcome: row.outcome }]))
  const fresh: { ownerId: string; key: string; bodyHash: Buffer; outcome: Outcome }[] = []
  const outcomes: Outcome[] = []
  for (const command of commands) {
    const hashed = bodyHash(command)
    const before = known.get(command.key)
    if (before) {
      outcomes.push(before.bodyHash.equals(hashed) ? before.outcome : 'idempotency_conflict')
      continue
    }
    const outcome = judgeLegs(command.transfers ?? [], accounts)
    if (outcome === 'posted') for (const leg of command.transfers ?? []) accounts.apply(leg)
    if (command.hold)
      await ledger.postHold(tx, {
        holdId: command.hold.holdId,
        transferId: command.hold.transferId,
        kind: 'hold_posted',
        effectiveAt: new Date(),
      })
    const row = { ownerId: command.ownerId, key: command.key, bodyHash: hashed, outcome }
    known.set(command.key, row)
    fresh.push(row)
    outcomes.push(outcome)
  }
  await Promise.all([accounts.write(new Date()), insertKeys(tx, fresh)])
  return outcomes
}

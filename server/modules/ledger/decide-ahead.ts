// Decides commands ahead of the locks: on accounts as they are committed and as the batches on their way leave them. Nothing
// is true because it stands here. Each posting is proven by the database when it is written: balances, entry numbers and all
// guards are checked in the rows, and a batch that was decided on anything else is withdrawn whole.
// Must never happen: a refusal given from here. What looks refused, or failed, is decided again under the locks.
import type { Uuid } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { lockAccountRows, readAccountRows } from './accounts.sql.ts'
import { insertKeys, movingNotice, readKeys, takeTurn } from './keys.sql.ts'
import { accountsInHand } from './locked-accounts.ts'
import type { AccountState } from './ledger.ts'
import { accountsOf, sortOut, type Decided, type TransferCommand } from './transfer-commands.ts'

/** Accounts in mind at most; beyond it the memory is emptied between two batches. */
const mostAccounts = 150_000
/** After a withdrawn batch the locks are used for a while, twice as long each time until this many in a row went well. */
const calmAfter = 20
const longestRestMs = 5000

export interface DecideAhead {
  /** The batch step, for commands of transfers that are no reversals. Answers `undefined` for commands that need the locks. Throws when the database disagrees. */
  run(tx: Transaction, commands: readonly TransferCommand[]): Promise<Decided[]>
  /** False for a while after somebody else wrote to the same accounts. */
  isCalm(): boolean
  /** Somebody moved these accounts under the locks: they are read again. */
  forget(accountIds: Iterable<Uuid>): void
}

export function createDecideAhead(clock: { now(): Date }): DecideAhead {
  const accounts = new Map<Uuid, AccountState>()
  const keysOnTheirWay = new Set<string>()
  const onTheirWay = new Set<Promise<unknown>>()
  const seen = new WeakSet<readonly TransferCommand[]>()
  let cleared: Promise<unknown> = Promise.resolve()
  let previousTurn: Promise<unknown> = Promise.resolve()
  let withdrawn = 0
  let wentWell = 0
  let restsUntil = 0

  /** Nothing more is decided until every batch on its way has ended: what they leave is then read. */
  function startAnew(): void {
    accounts.clear()
    cleared = Promise.allSettled(onTheirWay)
  }

  async function decide(tx: Transaction, commands: readonly TransferCommand[]): Promise<Decided[]> {
    const missing = new Set<Uuid>()
    for (const command of commands)
      for (const id of accountsOf(command)) if (!accounts.has(id)) missing.add(id)
    const [stored, rows] = await Promise.all([
      readKeys(tx, commands),
      missing.size > 0 ? readAccountRows(tx, [...missing], clock.now()) : [],
    ])
    // From here to the turn nothing waits: batches are written in the order in which they were decided.
    const now = clock.now()
    for (const row of rows) if (!accounts.has(row.id)) accounts.set(row.id, row)
    const batch = accountsInHand(tx, accounts)
    const wallets = new Set<Uuid>()
    let onlyWallets = true
    const { outcomes, fresh } = sortOut(commands, stored, (command, place) => {
      if (keysOnTheirWay.has(place)) return undefined
      if (batch.applyLinked(command.transfers!) !== 'posted') return undefined
      for (const id of accountsOf(command))
        if (accounts.get(id)!.kind === 'customer_wallet') wallets.add(id)
        else onlyWallets = false
      return 'posted'
    })
    if (fresh.length === 0) return outcomes
    for (const { place } of fresh) keysOnTheirWay.add(place)
    const before = previousTurn
    let pass = (): void => undefined
    previousTurn = new Promise<void>((resolve) => (pass = resolve))
    try {
      // Keys first, while the batch before still writes. Who waits for one of ours may hold accounts that we then want: in its
      // turn this batch gives way. By key, so that two processes with the same keys wait for each other in one order.
      const keys = insertKeys(
        tx,
        fresh.toSorted((one, other) => (one.key < other.key ? -1 : 1)),
      )
      // What fails here is heard at the end.
      keys.catch(() => undefined)
      await before
      // Rows are written while the batch before moves its balances, never while it writes its rows: sequences follow the order.
      const moving = tx.heard(movingNotice)
      const turn = takeTurn(tx, onlyWallets ? 'whenMoving' : 'now')
      // The posting locks by id: where others than wallets are moved, the wallets must be locked before them.
      const locks = onlyWallets ? undefined : lockAccountRows(tx, [...wallets], now)
      const writing = batch.write(now)
      Promise.race([moving, writing]).then(pass, pass)
      await tx.commitAfter([keys, turn, locks, writing].filter((sent) => sent !== undefined))
      return outcomes
    } finally {
      pass()
      for (const { place } of fresh) keysOnTheirWay.delete(place)
    }
  }

  return {
    async run(tx, commands) {
      // Tried again by the database's wish: what was in mind then is void.
      if (seen.has(commands)) throw new Error('decided ahead once')
      seen.add(commands)
      await cleared
      const work = decide(tx, commands)
      onTheirWay.add(work)
      try {
        const outcomes = await work
        if (++wentWell >= calmAfter) withdrawn = 0
        return outcomes
      } catch (error) {
        startAnew()
        wentWell = 0
        restsUntil = performance.now() + Math.min(longestRestMs, 10 * 2 ** withdrawn++)
        throw error
      } finally {
        onTheirWay.delete(work)
        if (accounts.size > mostAccounts) startAnew()
      }
    },
    isCalm: () => performance.now() >= restsUntil,
    forget(accountIds) {
      for (const id of accountIds) accounts.delete(id)
    },
  }
}

// The ledger: the only writer of money. Everything here runs inside the caller's transaction, so that what guards a
// movement (limits, counters, the payment's own row) commits with it or not at all.
import { uuidv7, type Uuid } from '#contract/ids.ts'
import { isCurrency, type Currency } from '#contract/money.ts'
import type { ErrorCode } from '#contract/errors.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { TransferVerdict } from './account.rules.ts'
import { createHolds, type Holds } from './holds.ts'
import type {
  AccountKind,
  AccountState,
  Entry,
  Hold,
  NewAccount,
  PostableTransfer,
  PostedTransfer,
} from './ledger.ts'
import {
  checkAccount,
  checkId,
  checkLimit,
  checkMoment,
  checkPlace,
  checkReversal,
  checkText,
  checkTransfer,
} from './input.ts'
import { lockedAccounts, type LockedAccounts } from './locked-accounts.ts'
import { lockedReversals, reversalOf, type Reversal } from './locked-reversals.ts'
import * as accountStore from './accounts.sql.ts'
import * as entryStore from './entries.sql.ts'
import { readHoldsAt } from './holds-at.sql.ts'
import * as store from './ledger.sql.ts'
import { exchange, type ExchangeOrder } from './exchange.ts'
import { readOrigins, readReversedMinor } from './reversals.sql.ts'
import { collect, readStatement, type AccountStatement, type PagedStatement } from './statement.ts'

export type {
  AccountKind,
  AccountState,
  Entry,
  Hold,
  NewAccount,
  NewHold,
  PostableTransfer,
  PostedTransfer,
  TransferRequest,
} from './ledger.ts'
export type { TransferVerdict } from './account.rules.ts'
export type { LockedAccounts } from './locked-accounts.ts'
export { availableMinor, roomMinor, stops } from './account.rules.ts'
export { accountKinds } from './ledger.ts'
export type { Reversal } from './locked-reversals.ts'
export type { AccountStatement, PagedStatement, StatementFigures } from './statement.ts'
export type { ExchangeOrder } from './exchange.ts'
export {
  createTransferQueue,
  type Keyed,
  type KeyedAnswer,
  type TransferCommand,
  type TransferOutcome,
  type TransferQueue,
} from './transfer-queue.ts'
export { createSeals, sealPlaces, type SealPlaces, type Seals } from './seal-job.ts'
export {
  folderStore,
  LedgerWentBack,
  readOrMakeSealKey,
  readPublicKeys,
  type Checkpoint,
  type SealKey,
} from './seal-checkpoints.ts'
export { verifyLedger, type Finding, type FindingKind, type VerifyReport } from './seal-verify.ts'

/**
 * Everything that writes throws Refusal `validation_failed` for what is not what its type says (an amount that is no bigint, not
 * above zero or above int8, an id that is no UUID), `duplicate_reference` for an id that is taken; nothing is done then.
 */
export interface Ledger extends Holds {
  /** Accounts that exist (by id, or by owner, kind and currency) stay as they are. Bounds must leave room for an empty account. */
  openAccounts(tx: Transaction, accounts: readonly NewAccount[]): Promise<void>
  /** The id of the one account of this kind (and owner) in this currency; opened when missing. Unbounded unless told. */
  ensureSystemAccount(
    tx: Transaction,
    account: { kind: AccountKind; currency: Currency; ownerId?: Uuid | undefined; minimumMinor?: bigint },
  ): Promise<Uuid>
  /** Locks the accounts in the one order (customers' wallets first, then by id) and reads them. Decide on the answer, then `write`. */
  lockAccounts(tx: Transaction, ids: readonly Uuid[]): Promise<LockedAccounts>
  /** The same for the wallets' accounts of customers, known by their owners: in one round trip with other locks. */
  lockWalletAccounts(tx: Transaction, ownerIds: readonly Uuid[]): Promise<LockedAccounts>
  /** Locks, decides and posts all or none: throws a Refusal with the first verdict that is not `posted`. */
  post(tx: Transaction, transfers: readonly PostableTransfer[]): Promise<PostedTransfer[]>
  /** The same for legs that belong together, n to m: recorded as linked by the id of the first. */
  postLinked(tx: Transaction, legs: readonly PostableTransfer[]): Promise<PostedTransfer[]>
  /** The legs of linked transfers, in order. */
  linked(sql: Sql, linkId: Uuid): Promise<store.TransferRow[]>
  /** Changes money of one currency into another through the position accounts; the rate is recorded with the linked legs. */
  exchange(tx: Transaction, order: ExchangeOrder): Promise<{ linkId: Uuid; boughtMinor: bigint }>
  /** Stops what goes out, what comes in, or both; undefined stops nothing. Holds can still be given free. */
  freeze(tx: Transaction, accountId: Uuid, frozen: 'debits' | 'credits' | 'both' | undefined): Promise<void>
  /** Closes an empty account for ever. Throws conflict when it is not empty. */
  close(tx: Transaction, accountId: Uuid): Promise<void>
  /**
   * The stream of what was committed, in ledger order, from any point: transfers above `after` up to where nothing can be
   * inserted any more. Go on from `upTo`.
   */
  changes(sql: Sql, after: bigint, limit: number): Promise<{ changes: store.ChangeRow[]; upTo: bigint }>
  /**
   * Gives back `amountMinor` of a posted transfer, in the opposite direction. All reversals of one transfer together never
   * exceed it, whatever keys or processes were used: refund_not_allowed.
   */
  reverse(tx: Transaction, reversal: Reversal): Promise<PostedTransfer>
  accounts(sql: Sql, ids: readonly Uuid[]): Promise<Map<Uuid, AccountState>>
  /** Entries newest first; `before` is the entry number to go on below. */
  history(
    sql: Sql,
    accountId: Uuid,
    options: { before?: bigint | undefined; limit: number },
  ): Promise<Entry[]>
  /** In ledger order, by index: `after` is the sequence to go on above. A page that is full may have another one after it. */
  transfersByReference(
    sql: Sql,
    reference: string,
    options: { after?: bigint | undefined; limit: number },
  ): Promise<store.TransferRow[]>
  /** The balance of a moment: as the books knew it then (`recorded`), or as it turned out to be (`effective`). */
  balanceAt(sql: Sql, accountId: Uuid, at: Date, timeline?: 'recorded' | 'effective'): Promise<bigint>
  /** What was held at a moment, as it was then; at the present moment the same as `openHolds`. */
  holdsAt(sql: Sql, accountId: Uuid, at: Date): Promise<Hold[]>
  /**
   * Opening, every entry, what is held at both ends, closing; both moments included. Throws when it does not add up. All of it
   * in memory: for the period of one customer. What may be longer is read by `statementInPages`.
   */
  statement(sql: Sql, accountId: Uuid, from: Date, to: Date): Promise<AccountStatement>
  /** The same with its entries page by page, each proven before it is given. Pages may be read after the transaction. */
  statementInPages(
    sql: Sql,
    accountId: Uuid,
    from: Date,
    to: Date,
    pageLength?: number,
  ): Promise<PagedStatement>
  trialBalance(sql: Sql): Promise<store.TrialBalanceRow[]>
  /** Reads everything again: sums per currency must be zero, balances and holds must follow from the entries. */
  check(sql: Sql): Promise<{ sumsPerCurrency: Record<string, bigint>; brokenAccounts: string[] }>
}

const refusals = {
  amount_invalid: 'validation_failed',
  same_account: 'validation_failed',
  account_unknown: 'recipient_unknown',
  currency_mismatch: 'currency_not_supported',
  insufficient_funds: 'insufficient_funds',
  balance_limit: 'balance_limit',
  monthly_incoming_limit: 'monthly_incoming_limit',
  account_frozen: 'account_frozen',
  account_closed: 'account_inactive',
} as const satisfies Record<Exclude<TransferVerdict, 'posted'>, ErrorCode>

export function refusalOf(verdict: Exclude<TransferVerdict, 'posted'>): Refusal {
  return new Refusal(refusals[verdict], undefined, `ledger: ${verdict}`)
}

export function createLedger(platform: Pick<Platform, 'clock'>): Ledger {
  const { clock } = platform

  function checkNewAccount(account: NewAccount): void {
    if (!isCurrency(account.currency)) throw refusalOf('currency_mismatch')
    checkAccount(account)
  }

  async function lockAccounts(tx: Transaction, ids: readonly Uuid[]): Promise<LockedAccounts> {
    return lockedAccounts(tx, await accountStore.lockAccountRows(tx, [...new Set(ids)], clock.now()))
  }

  async function post(tx: Transaction, transfers: readonly PostableTransfer[]): Promise<PostedTransfer[]> {
    for (const transfer of transfers) checkTransfer(transfer)
    const accounts = await lockAccounts(
      tx,
      transfers.flatMap((transfer) => [transfer.debitAccountId, transfer.creditAccountId]),
    )
    for (const transfer of transfers) {
      const verdict = accounts.apply(transfer)
      if (verdict !== 'posted') throw refusalOf(verdict)
    }
    return accounts.write(clock.now())
  }

  const ledger: Ledger = {
    ...createHolds(clock, { lockAccounts, refusalOf }),
    lockAccounts,
    lockWalletAccounts: async (tx, ownerIds) =>
      lockedAccounts(tx, await accountStore.lockWalletAccountRows(tx, [...new Set(ownerIds)], clock.now())),
    post,
    async openAccounts(tx, accounts) {
      accounts.forEach(checkNewAccount)
      await accountStore.insertAccounts(tx, accounts, clock.now())
    },
    async ensureSystemAccount(tx, { kind, currency, ownerId, minimumMinor }) {
      const found = await accountStore.findAccount(tx, kind, ownerId, currency)
      if (found) return found
      await ledger.openAccounts(tx, [{ id: uuidv7(), kind, currency, ownerId, minimumMinor }])
      const id = await accountStore.findAccount(tx, kind, ownerId, currency)
      if (!id) throw new Error('an account that was just opened must be found')
      return id
    },
    async reverse(tx, reversal) {
      checkReversal(reversal)
      const [origin] = await readOrigins(tx, [reversal.transferId])
      if (!origin) throw new Refusal('refund_not_allowed', undefined, 'no such transfer')
      const transfer = reversalOf(origin, reversal)
      const accounts = await lockAccounts(tx, [transfer.debitAccountId, transfer.creditAccountId])
      // Under the locks of both accounts: what was reversed cannot change before this commits.
      const reversed = await readReversedMinor(tx, [origin.id])
      if (!lockedReversals(new Map([[origin.id, origin]]), reversed).fit([transfer]))
        throw new Refusal('refund_not_allowed', undefined, 'more than the transfer moved')
      const verdict = accounts.apply(transfer)
      if (verdict !== 'posted') throw refusalOf(verdict)
      // The database counts it with the transfer.
      return (await accounts.write(clock.now()))[0]!
    },
    async accounts(sql, ids) {
      const rows = await accountStore.readAccountRows(sql, ids, clock.now())
      return new Map(rows.map((account) => [account.id, account]))
    },
    async freeze(tx, accountId, frozen) {
      if (frozen !== undefined && !['debits', 'credits', 'both'].includes(frozen))
        throw new Refusal('validation_failed', { field: 'frozen' })
      if (!(await lockAccounts(tx, [accountId])).get(accountId)) throw refusalOf('account_unknown')
      await accountStore.saveFrozen(tx, accountId, frozen)
    },
    async close(tx, accountId) {
      const account = (await lockAccounts(tx, [accountId])).get(accountId)
      if (!account) throw refusalOf('account_unknown')
      if (account.balanceMinor !== 0n || account.heldMinor !== 0n)
        throw new Refusal('conflict', undefined, 'an account is closed when it is empty')
      await accountStore.saveClosed(tx, accountId, clock.now())
    },
    async postLinked(tx, legs) {
      for (const leg of legs) checkTransfer(leg)
      const accounts = await lockAccounts(
        tx,
        legs.flatMap((leg) => [leg.debitAccountId, leg.creditAccountId]),
      )
      const verdict = accounts.applyLinked(legs)
      if (verdict !== 'posted') throw refusalOf(verdict)
      return accounts.write(clock.now())
    },
    exchange: (tx, order) => exchange(tx, ledger, order, clock.now()),
    linked: store.readLinked,
    async changes(sql, after, limit) {
      checkPlace(after, 'after')
      checkLimit(limit)
      return store.readChanges(sql, after, limit)
    },
    async holdsAt(sql, accountId, at) {
      checkId(accountId, 'accountId')
      checkMoment(at, 'at')
      return readHoldsAt(sql, accountId, at)
    },
    async history(sql, accountId, { before, limit }) {
      checkId(accountId, 'accountId')
      checkPlace(before, 'before')
      checkLimit(limit)
      return entryStore.readEntries(sql, accountId, before, limit)
    },
    async transfersByReference(sql, reference, { after, limit }) {
      checkText(reference, 'reference')
      checkPlace(after, 'after')
      checkLimit(limit)
      return store.readTransfersByReference(sql, reference, after ?? 0n, limit)
    },
    async balanceAt(sql, accountId, at, timeline = 'recorded') {
      checkId(accountId, 'accountId')
      checkMoment(at, 'at')
      const entry = await entryStore.readEntryNumberAt(sql, accountId, at)
      const recorded = await entryStore.readBalanceAfter(sql, accountId, entry)
      return timeline === 'recorded'
        ? recorded
        : recorded + (await entryStore.readDatedDifference(sql, accountId, at))
    },
    async statementInPages(sql, accountId, from, to, pageLength) {
      const statement = await readStatement(sql, accountId, from, to, pageLength)
      if (!statement) throw refusalOf('account_unknown')
      return statement
    },
    statement: async (sql, accountId, from, to) =>
      collect(await ledger.statementInPages(sql, accountId, from, to)),
    trialBalance: store.readTrialBalance,
    async check(sql) {
      const sums: Record<string, bigint> = {}
      for (const row of await store.readTrialBalance(sql))
        sums[row.currency] = (sums[row.currency] ?? 0n) + row.balance
      return { sumsPerCurrency: sums, brokenAccounts: await store.findBrokenAccounts(sql) }
    },
  }
  return ledger
}

// Wallets: what a customer may spend and keep, and the freeze. The money itself stands in the ledger.
import { uuidv7 } from '#contract/ids.ts'
import { money, type Currency } from '#contract/money.ts'
import type { Wallet } from '#contract/customer.ts'
import { dayIn, nextMidnight } from '#platform/days.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Ledger } from '#modules/ledger/index.ts'
import type { Audit } from '#modules/audit/index.ts'
import { createStatements, type Statements } from './statement.ts'
import { usedToday, type WalletState } from './wallet.rules.ts'
import * as store from './wallet.sql.ts'

export { afterSpend, judgeSpend, usedToday } from './wallet.rules.ts'
export type { SpendVerdict, WalletState, WalletStatus } from './wallet.rules.ts'

export interface Wallets extends Statements {
  /** Opens wallets with their ledger accounts, in the caller's transaction. `verified` customers get the higher limits. */
  open(
    tx: Transaction,
    customers: readonly { customerId: string; verified?: boolean; currency?: Currency }[],
  ): Promise<void>
  /** Locked in the order of the customers' ids: take these locks before any other of a spend. */
  lockWallets(tx: Transaction, customerIds: readonly string[]): Promise<Map<string, WalletState>>
  readWallets(sql: Sql, customerIds: readonly string[]): Promise<Map<string, WalletState>>
  saveSpending(tx: Transaction, wallets: readonly WalletState[]): Promise<void>
  /** The day that limits count by. */
  today(): string
  resetsAt(): Date
  /** Everything a wallet page shows, read from the ledger at `asOf`. */
  view(customerId: string): Promise<Wallet>
  freeze(customerId: string, by: { kind: 'customer' | 'agent'; id: string }): Promise<Wallet>
  unfreeze(customerId: string): Promise<Wallet>
  /** Called inside the transaction that freezes a wallet or opens it again. */
  onStatusChanged(handler: StatusHandler): void
}

export type StatusHandler = (
  tx: Transaction,
  change: { customerId: string; to: 'active' | 'frozen' },
) => Promise<void>

export function createWallets(platform: Platform, rooms: { ledger: Ledger; audit: Audit }): Wallets {
  const { clock, db, config } = platform
  const zone = config.serviceTimeZone
  const today = () => dayIn(zone, clock.now())
  const byCustomer = (rows: readonly WalletState[]) => new Map(rows.map((row) => [row.customerId, row]))

  async function view(customerId: string): Promise<Wallet> {
    const [wallet] = await store.readWalletRows(db.read, [customerId])
    if (!wallet) throw new Refusal('not_found')
    const account = (await rooms.ledger.accounts(db.read, [wallet.accountId])).get(wallet.accountId)!
    const inCurrency = (amountMinor: bigint) => money(amountMinor, wallet.currency)
    return {
      currency: wallet.currency,
      balance: inCurrency(account.balanceMinor),
      held: inCurrency(account.heldMinor),
      spendable: inCurrency(account.balanceMinor - account.heldMinor),
      status: wallet.status,
      ...(wallet.frozenAt ? { frozenAt: wallet.frozenAt.toISOString() } : {}),
      limits: {
        perTransaction: inCurrency(wallet.perTransactionMinor),
        perDay: inCurrency(wallet.perDayMinor),
        usedToday: inCurrency(usedToday(wallet, today()).minor),
        resetsAt: nextMidnight(zone, clock.now()).toISOString(),
        maximumBalance: inCurrency(wallet.maximumBalanceMinor),
      },
      asOf: clock.now().toISOString(),
    }
  }

  const statusChanged: StatusHandler[] = []

  async function setStatus(
    customerId: string,
    to: 'active' | 'frozen',
    by: { kind: 'customer' | 'agent'; id: string },
  ): Promise<Wallet> {
    await db.transaction(async (tx) => {
      const [wallet] = await store.lockWalletRows(tx, [customerId])
      if (!wallet) throw new Refusal('not_found')
      if (wallet.status === to) return
      // Only what was frozen is opened again: a restriction is not the customer's to lift, nor to cover with a freeze.
      if (wallet.status === 'restricted' || wallet.status === 'inactive')
        throw new Refusal(`account_${wallet.status}`)
      const now = clock.now()
      await store.saveStatus(tx, customerId, to, to === 'frozen' ? now : undefined)
      const action = to === 'frozen' ? 'wallet.freeze' : 'wallet.unfreeze'
      await rooms.audit.record(tx, [
        { who: by, action, resource: { kind: 'customer', id: customerId }, at: now },
      ])
      await publish(
        tx,
        [
          {
            type: `wallet.${to}`,
            key: customerId,
            payload: {},
            customerId,
            liveCustomer: [{ type: 'wallet.changed' }],
          },
        ],
        now,
      )
      for (const handle of statusChanged) await handle(tx, { customerId, to })
    })
    platform.events.wake()
    return view(customerId)
  }

  return {
    ...createStatements(platform, rooms.ledger),
    async open(tx, customers) {
      const wallets = customers.map(({ customerId, verified, currency }) => ({
        customerId,
        accountId: uuidv7(),
        currency: currency ?? ('IDR' as const),
        limitSet: verified ? 'verified' : 'basic',
      }))
      const maximum = new Map<string, bigint>()
      for (const name of new Set(wallets.map((wallet) => wallet.limitSet)))
        maximum.set(name, await store.readMaximumBalance(tx, name))
      await rooms.ledger.openAccounts(
        tx,
        wallets.map((wallet) => ({
          id: wallet.accountId,
          kind: 'customer_wallet' as const,
          ownerId: wallet.customerId,
          currency: wallet.currency,
          minimumMinor: 0n,
          maximumMinor: maximum.get(wallet.limitSet)!,
        })),
      )
      await store.insertWallets(tx, wallets, clock.now())
    },
    lockWallets: async (tx, customerIds) => byCustomer(await store.lockWalletRows(tx, customerIds)),
    readWallets: async (sql, customerIds) => byCustomer(await store.readWalletRows(sql, customerIds)),
    saveSpending: store.saveSpending,
    today,
    resetsAt: () => nextMidnight(zone, clock.now()),
    view,
    freeze: (customerId, by) => setStatus(customerId, 'frozen', by),
    onStatusChanged: (handler) => void statusChanged.push(handler),
    unfreeze: (customerId) => setStatus(customerId, 'active', { kind: 'customer', id: customerId }),
  }
}
export { walletRoutes } from './wallet.routes.ts'
export { signedStatementRoutes } from './statement.routes.ts'
export {
  createSignedStatements,
  presentSigned,
  statementPlaces,
  type SignedStatements,
} from './signed-statements.ts'
export { judgeSigned } from './statement-seal.ts'

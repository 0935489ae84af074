// Decides a batch of commands under the locks of all that they touch: first what never changes is looked up (between which
// accounts a hold is, what a reversal gives back), then accounts, then holds; each command is decided in turn on what those before
// it left, and all is written with the commit. Batches of plain transfers ask for nothing more than accounts and keys.
import type { Uuid } from '#contract/ids.ts'
import type { Currency } from '#contract/money.ts'
import type { Transaction } from '#platform/db.ts'
import { exchangeLegs } from './exchange.ts'
import { findPositions, insertExchanges, type RecordedExchange } from './exchange.sql.ts'
import { readHoldAccounts } from './holds.sql.ts'
import type { Ledger } from './index.ts'
import { insertKeys, readKeys } from './keys.sql.ts'
import { lockedReversals, reversalOf, type Origin } from './locked-reversals.ts'
import { readOrigins, readReversedMinor } from './reversals.sql.ts'
import { accountsOf, sortOut, type AnyCommand } from './transfer-commands.ts'

/** What commands mean without naming it. */
interface Found {
  /** By the id of the hold: between which accounts it is. */
  holds: ReadonlyMap<Uuid, readonly Uuid[]>
  origins: ReadonlyMap<Uuid, Origin>
  positions: ReadonlyMap<Currency, Uuid>
}

export interface DecideUnderLocks {
  /** The batch step: one answer for each command, as it is kept. */
  run(tx: Transaction, commands: readonly AnyCommand[]): Promise<string[]>
  /** The accounts that commands touched, once their batch is committed. */
  touchedBy(commands: readonly AnyCommand[]): Uuid[]
}

export function createDecideUnderLocks(ledger: Ledger, clock: { now(): Date }): DecideUnderLocks {
  /** Accounts beyond those that a command names itself. */
  const meant = new WeakMap<AnyCommand, readonly Uuid[]>()

  async function find(tx: Transaction, commands: readonly AnyCommand[]): Promise<Found> {
    const holdIds = commands.flatMap(({ voidedHoldId }) => voidedHoldId ?? [])
    const originIds = commands.flatMap(originsOf)
    const currencies = new Set(
      commands.flatMap(({ order }) => (order ? [order.sold.currency, order.boughtCurrency] : [])),
    )
    const [holds, origins, positions] = await Promise.all([
      holdIds.length > 0 ? readHoldAccounts(tx, holdIds) : [],
      originIds.length > 0 ? readOrigins(tx, originIds) : [],
      currencies.size > 0 ? positionsOf(tx, currencies) : new Map<Currency, Uuid>(),
    ])
    return {
      holds: new Map(holds.map((row) => [row.id, [row.debit_account_id, row.credit_account_id]])),
      origins: new Map(origins.map((origin) => [origin.id, origin])),
      positions,
    }
  }

  async function positionsOf(
    tx: Transaction,
    currencies: ReadonlySet<Currency>,
  ): Promise<Map<Currency, Uuid>> {
    const found = new Map((await findPositions(tx, [...currencies])).map((row) => [row.currency, row.id]))
    // In one order, so that two batches that open the same ones never wait for each other in a circle.
    for (const currency of [...currencies].toSorted())
      if (!found.has(currency))
        found.set(currency, await ledger.ensureSystemAccount(tx, { kind: 'exchange_position', currency }))
    return found
  }

  function meantBy({ voidedHoldId, reversal, order }: AnyCommand, found: Found): readonly Uuid[] {
    if (voidedHoldId !== undefined) return found.holds.get(voidedHoldId) ?? []
    if (order) return [found.positions.get(order.sold.currency)!, found.positions.get(order.boughtCurrency)!]
    const origin = reversal && found.origins.get(reversal.transferId)
    return origin ? [reversal.from ?? origin.creditAccountId, origin.debitAccountId] : []
  }

  return {
    touchedBy: (commands) =>
      commands.flatMap((command) => [...accountsOf(command), ...(meant.get(command) ?? [])]),

    async run(tx, commands) {
      const found = commands.some(meansMore) ? await find(tx, commands) : undefined
      if (found)
        for (const command of commands) if (meansMore(command)) meant.set(command, meantBy(command, found))
      const holdIds = commands.flatMap(({ hold, voidedHoldId }) => hold?.holdId ?? voidedHoldId ?? [])
      const [accounts, stored, holds, reversed] = await Promise.all([
        ledger.lockAccounts(
          tx,
          commands.flatMap((command) => [...accountsOf(command), ...(meant.get(command) ?? [])]),
        ),
        readKeys(tx, commands),
        holdIds.length > 0 ? ledger.lockHolds(tx, holdIds) : undefined,
        found && found.origins.size > 0 ? readReversedMinor(tx, [...found.origins.keys()]) : undefined,
      ])
      // After the locks: an account's entries stand in the order of their times.
      const now = clock.now()
      const exchanges: RecordedExchange[] = []
      const reversals = found && lockedReversals(found.origins, reversed ?? new Map())

      function decide(command: AnyCommand): string {
        const { hold, newHold, voidedHoldId, reversal, order } = command
        if (hold) return holds!.post(accounts, hold, now)
        if (newHold) {
          const verdict = accounts.applyHold(newHold)
          return verdict === 'posted' ? `held ${newHold.id}` : verdict
        }
        if (voidedHoldId !== undefined) {
          const voided = holds!.get(voidedHoldId)
          if (!voided) return 'hold_unknown'
          if (!holds!.end(voidedHoldId, 'voided')) return 'hold_closed'
          accounts.release(voided.debitAccountId, voided.remainingMinor)
          return 'voided'
        }
        if (order) {
          const { legs, recorded } = exchangeLegs(order, {
            sold: found!.positions.get(order.sold.currency)!,
            bought: found!.positions.get(order.boughtCurrency)!,
          })
          const verdict = accounts.applyLinked(legs)
          if (verdict !== 'posted') return verdict
          exchanges.push(recorded)
          return `posted ${recorded.linkId} ${recorded.bought.amountMinor}`
        }
        const origin = reversal && found!.origins.get(reversal.transferId)
        if (reversal && !origin) return 'refund_not_allowed'
        const transfers = origin ? [reversalOf(origin, reversal)] : command.transfers!
        if (reversals && !reversals.fit(transfers)) return 'refund_not_allowed'
        const verdict = accounts.applyLinked(transfers)
        if (verdict !== 'posted') return verdict
        reversals?.take(transfers)
        return reversal ? `posted ${reversal.id}` : verdict
      }

      const { outcomes, fresh } = sortOut(commands, stored, decide)
      await tx.commitAfter([
        // First the holds: what they give free is there when the transfers take it.
        holds ? holds.write(now) : Promise.resolve(),
        accounts.write(now),
        exchanges.length > 0 ? insertExchanges(tx, exchanges, now) : Promise.resolve(),
        insertKeys(tx, fresh),
      ])
      return outcomes as string[]
    },
  }
}

const originsOf = ({ transfers, reversal }: AnyCommand): Uuid[] =>
  reversal ? [reversal.transferId] : (transfers ?? []).flatMap(({ reversalOf: origin }) => origin ?? [])

/** Must something be looked up before it is known what to lock? */
const meansMore = (command: AnyCommand): boolean =>
  command.voidedHoldId !== undefined || command.order !== undefined || originsOf(command).length > 0

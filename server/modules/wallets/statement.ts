// The statement of a wallet: opening, every entry in words, what is held, closing. It is recounted from every entry
// before it is answered. When it does not add up the customer is told the difference; it must never be hidden.
import { parseReference } from '#contract/ids.ts'
import type { Statement, StatementDocument, StatementEntries, StatementEntry } from '#contract/customer.ts'
import { money, type Currency } from '#contract/money.ts'
import { instantOf } from '#platform/days.ts'
import type { Sql, Transaction } from '#platform/db.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { AccountStatement, Entry, Hold, Ledger } from '#modules/ledger/index.ts'
import { dayAfter, judgePeriod, recount } from './statement.rules.ts'
import * as store from './wallet.sql.ts'

export interface Statements {
  /** A period of days, both included. Throws validation_failed for a period that is none, not_found without a wallet. */
  statement(customerId: string, from: string, to: string, limit: number): Promise<Statement>
  /** The entries below a cursor of a statement. */
  olderEntries(customerId: string, after: string, limit: number): Promise<StatementEntries>
  /** The whole of a statement as it is signed. Throws as `statement` does, and system_error when it does not add up. */
  statementDocument(customerId: string, from: string, to: string): Promise<StatementBody>
}

/** A statement without whose it is and when it was signed. */
export type StatementBody = Omit<StatementDocument, 'holder' | 'signedAt'>

/** How many entries one look at the ledger brings when a broken period is read entry by entry. */
const slice = 500

export function createStatements(platform: Platform, ledger: Ledger): Statements {
  const { clock, config, db, log, references } = platform
  const zone = config.serviceTimeZone

  async function walletOf(sql: Sql, customerId: string) {
    const [wallet] = await store.readWalletRows(sql, [customerId])
    if (!wallet) throw new Refusal('not_found')
    return wallet
  }

  /** Everything of the period, oldest first, also when the ledger refuses to call it a statement. */
  async function readPeriod(
    tx: Transaction,
    accountId: string,
    start: Date,
    end: Date,
  ): Promise<
    Pick<AccountStatement, 'openingMinor' | 'closingMinor' | 'entries' | 'closingHolds' | 'closingHeldMinor'>
  > {
    try {
      return await ledger.statement(tx, accountId, start, end)
    } catch (error) {
      if (error instanceof Refusal) throw error
      log.error({ error, accountId }, 'a statement does not add up')
      const entries: Entry[] = []
      for (let before: bigint | undefined; ; before = entries.at(-1)!.entry) {
        const page = await ledger.history(tx, accountId, { before, limit: slice })
        entries.push(...page)
        if (page.length < slice || page.at(-1)!.recordedAt < start) break
      }
      const [openingMinor, closingMinor] = [
        await ledger.balanceAt(tx, accountId, new Date(start.getTime() - 1)),
        await ledger.balanceAt(tx, accountId, end),
      ]
      const inPeriod = entries.filter(({ recordedAt }) => recordedAt >= start && recordedAt <= end).reverse()
      if (recount(openingMinor, inPeriod, closingMinor).addsUp) throw error
      const closingHolds = await ledger.holdsAt(tx, accountId, end)
      const closingHeldMinor = closingHolds.reduce((sum, hold) => sum + hold.remainingMinor, 0n)
      return { openingMinor, closingMinor, entries: inPeriod, closingHolds, closingHeldMinor }
    }
  }

  /** Who the money came from or went to, and for a refund the payment that it gives back. */
  async function present(
    customerId: string,
    currency: Currency,
    entries: readonly Entry[],
  ): Promise<StatementEntry[]> {
    const summaries = await references.summaries(
      [...new Set(entries.map(({ reference }) => reference))],
      customerId,
    )
    const paymentOf = new Map<string, string>()
    for (const { reference } of entries) {
      if (parseReference(reference)?.prefix !== 'RF' || paymentOf.has(reference)) continue
      const payment = (await references.detail(reference, customerId))?.refund?.payment
      if (payment) paymentOf.set(reference, payment)
    }
    return entries.map((entry) => {
      const party = summaries.get(entry.reference)?.party.name
      const isPayment = parseReference(entry.reference)?.prefix === 'TN'
      const givesBack = isPayment && entry.amountMinor > 0n ? entry.reference : paymentOf.get(entry.reference)
      return {
        entry: entry.entry.toString(),
        kind: entry.kind,
        reference: entry.reference,
        ...(givesBack ? { givesBack } : {}),
        ...(party ? { party } : {}),
        amount: money(entry.amountMinor, currency),
        balanceAfter: money(entry.balanceAfterMinor, currency),
        recordedAt: entry.recordedAt.toISOString(),
        effectiveAt: entry.effectiveAt.toISOString(),
      }
    })
  }

  async function nameHeld(holds: readonly Hold[], customerId: string) {
    const summaries = await references.summaries(
      holds.map(({ reference }) => reference),
      customerId,
    )
    return holds.map((hold) => ({ ...hold, party: summaries.get(hold.reference)?.party.name }))
  }

  /** Everything of a period as of one moment: a payment that comes meanwhile is in all figures or in none. */
  async function readWhole(customerId: string, from: string, to: string) {
    const wrong = judgePeriod(from, to)
    if (wrong) throw new Refusal('validation_failed', { field: wrong })
    const start = instantOf(zone, from)
    return db.transaction(async (tx) => {
      await tx.run('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
      const { accountId, currency } = await walletOf(tx, customerId)
      const now = clock.now()
      if (start > now) throw new Refusal('validation_failed', { field: 'from' })
      const over = new Date(instantOf(zone, dayAfter(to)).getTime() - 1)
      const end = over < now ? over : now
      const period = await readPeriod(tx, accountId, start, end)
      const held = await nameHeld(period.closingHolds, customerId)
      return { accountId, currency, now, start, end, period, held }
    })
  }

  return {
    async statement(customerId, from, to, limit) {
      const { currency, now, start, end, period, held } = await readWhole(customerId, from, to)
      const count = recount(period.openingMinor, period.entries, period.closingMinor)
      const inCurrency = (amountMinor: bigint) => money(amountMinor, currency)
      const shown = period.entries.toReversed().slice(0, limit)
      const oldest = shown.at(-1)
      return {
        from,
        to,
        timeZone: zone,
        opening: { amount: inCurrency(period.openingMinor), at: start.toISOString() },
        incoming: { amount: inCurrency(count.incomingMinor), entries: count.incomingEntries },
        outgoing: { amount: inCurrency(count.outgoingMinor), entries: count.outgoingEntries },
        closing: { amount: inCurrency(period.closingMinor), at: end.toISOString() },
        standing: presentStanding(held, period, currency),
        addsUp: count.addsUp,
        ...(count.differenceMinor === 0n ? {} : { difference: inCurrency(count.differenceMinor) }),
        entries: await present(customerId, currency, shown),
        ...(oldest && shown.length < period.entries.length
          ? { next: `${oldest.entry}~${period.entries[0]!.entry}` }
          : {}),
        asOf: now.toISOString(),
      }
    },

    async statementDocument(customerId, from, to) {
      const { accountId, currency, start, end, period, held } = await readWhole(customerId, from, to)
      const count = recount(period.openingMinor, period.entries, period.closingMinor)
      // What does not add up is shown with its difference, and never signed.
      if (!count.addsUp) throw new Refusal('system_error', undefined, 'a statement that does not add up')
      const entries = await present(customerId, currency, period.entries)
      return {
        format: 'tuntas-statement-1',
        account: accountId,
        currency,
        from,
        to,
        timeZone: zone,
        opening: { amountMinor: period.openingMinor.toString(), at: start.toISOString() },
        incomingMinor: count.incomingMinor.toString(),
        outgoingMinor: count.outgoingMinor.toString(),
        closing: { amountMinor: period.closingMinor.toString(), at: end.toISOString() },
        heldMinor: period.closingHeldMinor.toString(),
        holds: held.map(({ reference, party, remainingMinor, expiresAt }) => ({
          reference,
          ...(party ? { party } : {}),
          amountMinor: remainingMinor.toString(),
          ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
        })),
        entries: entries.map((entry) => ({
          entry: entry.entry,
          kind: entry.kind,
          reference: entry.reference,
          ...(entry.party ? { party: entry.party } : {}),
          amountMinor: entry.amount.amountMinor,
          balanceAfterMinor: entry.balanceAfter.amountMinor,
          recordedAt: entry.recordedAt,
          effectiveAt: entry.effectiveAt,
        })),
      }
    },

    async olderEntries(customerId, after, limit) {
      // A cursor is the last entry seen and the first of the period; both are of the customer's own account.
      const match = /^([1-9][0-9]{0,17})~([1-9][0-9]{0,17})$/.exec(after)
      if (!match) throw new Refusal('validation_failed', { field: 'querystring.after' })
      const [before, first] = [BigInt(match[1]!), BigInt(match[2]!)]
      const { accountId, currency } = await walletOf(db.read, customerId)
      const page = await ledger.history(db.read, accountId, { before, limit })
      const entries = page.filter(({ entry }) => entry >= first)
      const oldest = entries.at(-1)
      return {
        entries: await present(customerId, currency, entries),
        ...(oldest && oldest.entry > first ? { next: `${oldest.entry}~${first}` } : {}),
      }
    },
  }
}

type Held = (Hold & { party: string | undefined })[]

function presentStanding(
  holds: Held,
  { closingMinor, closingHeldMinor }: { closingMinor: bigint; closingHeldMinor: bigint },
  currency: Currency,
): Statement['standing'] {
  return {
    held: money(closingHeldMinor, currency),
    spendable: money(closingMinor - closingHeldMinor, currency),
    holds: holds.map(({ reference, party, remainingMinor, expiresAt }) => ({
      reference,
      ...(party ? { party } : {}),
      amount: money(remainingMinor, currency),
      ...(expiresAt ? { expiresAt: expiresAt.toISOString() } : {}),
    })),
  }
}

// A pay-out is due: what the shop is owed becomes one settlement, and its money is held, in one transaction under the locks of
// the shop's terms and accounts. Nothing is sent to the bank here; a shop and day have at most one settlement.
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import { dayIn } from '#platform/days.ts'
import type { Transaction } from '#platform/db.ts'
import { readHolidays } from '#platform/holidays.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import type { Audit } from '#modules/audit/index.ts'
import { availableMinor, type Entry, type Ledger } from '#modules/ledger/index.ts'
import { isWorkingDay, nextPayOutAt, releasableMinor } from './charges.rules.ts'
import type { Settlement, StoredTerms } from './settlement.ts'
import * as store from './settlement.sql.ts'
import { linesOf, movedMinor, sumsOf } from './sums.rules.ts'
import * as terms from './terms.sql.ts'

export interface SettlementRooms {
  ledger: Ledger
  audit: Audit
}

const pageSize = 2000

/** The entries of an account after `from`, oldest first. The caller holds the account's lock, so there is an end. */
export async function entriesAfter(
  tx: Transaction,
  ledger: Ledger,
  accountId: string,
  from: bigint,
): Promise<Entry[]> {
  const entries: Entry[] = []
  for (let before: bigint | undefined; ;) {
    const page = await ledger.history(tx, accountId, { before, limit: pageSize })
    const wanted = page.filter((entry) => entry.entry > from)
    entries.push(...wanted)
    if (wanted.length < pageSize) return entries.reverse()
    before = wanted.at(-1)!.entry
  }
}

/** Makes the settlements that are due; returns how many shops were looked at. Safe in several processes. */
export async function makeDueSettlements(platform: Platform, rooms: SettlementRooms): Promise<number> {
  let looked = 0
  while (
    await platform.db.transaction(async (tx) => {
      const due = await terms.lockDueTerms(tx, platform.clock.now())
      if (due) await makeOne(tx, platform, rooms, due)
      return due !== undefined
    })
  )
    looked++
  return looked
}

async function makeOne(
  tx: Transaction,
  platform: Platform,
  { ledger, audit }: SettlementRooms,
  due: StoredTerms,
): Promise<void> {
  const now = platform.clock.now()
  const { merchantId, currency, payableAccountId, reserveAccountId } = due
  const holidays = await readHolidays(tx, due.calendar)
  const day = dayIn(due.zone, now)
  await terms.saveNextDue(tx, merchantId, nextPayOutAt(due, now, holidays))
  // We may have slept past the day, or the terms have changed since today's.
  if (!isWorkingDay(day, holidays) || (await store.hasSettlementOf(tx, merchantId, day))) return

  // An earlier pay-out of this shop is not posted meanwhile: it would hold the clearing account, which we lock last.
  await store.lockPaying(tx, merchantId)
  const accounts = await ledger.lockAccounts(tx, [payableAccountId, reserveAccountId])
  const payable = accounts.get(payableAccountId)!
  const releasedMinor = releasableMinor(
    availableMinor(accounts.get(reserveAccountId)!)!,
    await terms.readNotDue(tx, merchantId, day),
  )
  const netMinor = availableMinor(payable)! + releasedMinor
  if (netMinor < due.minimumPayOutMinor) return

  const number = (await store.takeNumbers(tx, 1))[0]!
  const reference = referenceOf('ST', number)
  if (releasedMinor > 0n) {
    const verdict = accounts.apply({
      id: uuidv7(),
      debitAccountId: reserveAccountId,
      creditAccountId: payableAccountId,
      amountMinor: releasedMinor,
      currency,
      kind: 'shop_reserve_released',
      reference,
      effectiveAt: now,
    })
    if (verdict !== 'posted')
      throw new Error(`the ledger does not release the reserve of ${reference}: ${verdict}`)
    await accounts.write(now)
  }
  const entries = await entriesAfter(tx, ledger, payableAccountId, due.settledEntry)
  const lines = linesOf(entries)
  const sums = sumsOf(lines)
  const entryTo = entries.at(-1)?.entry ?? due.settledEntry
  const settlement: Settlement = {
    ...sums,
    number,
    merchantId,
    currency,
    day,
    periodFrom: due.settledAt,
    periodTo: now,
    entryFrom: due.settledEntry,
    entryTo,
    carriedMinor: netMinor - movedMinor(sums),
    netMinor,
    bank: due.bank,
    state: 'paying',
    partnerReference: reference.replaceAll('-', ''),
    holdId: uuidv7(),
    transferId: uuidv7(),
    calls: 0,
    nextCallAt: now,
    bankReference: undefined,
    refusal: undefined,
    closedAt: undefined,
  }
  await store.insertSettlements(tx, [settlement])
  await store.insertLines(
    tx,
    lines.map((line, index) => ({ ...line, settlement: number, place: index + 1 })),
  )
  await terms.saveSettledUpTo(tx, merchantId, entryTo, now)
  await record(tx, audit, settlement, 'settlement.made', now)
  // Last, and so short: every top-up needs the clearing account too.
  await ledger.placeHolds(tx, [
    {
      id: settlement.holdId!,
      debitAccountId: payableAccountId,
      creditAccountId: await ledger.ensureSystemAccount(tx, { kind: 'bank_clearing', currency }),
      amountMinor: netMinor,
      currency,
      reference,
    },
  ])
}

/** Audit and event of a settlement's step. */
export async function record(
  tx: Transaction,
  audit: Audit,
  settlement: Settlement,
  what: 'settlement.made' | 'settlement.paid' | 'settlement.refused',
  at: Date,
  detail: Record<string, string> = {},
): Promise<void> {
  const reference = referenceOf('ST', settlement.number)
  const facts = { amountMinor: settlement.netMinor.toString(), currency: settlement.currency, ...detail }
  await audit.record(tx, [
    {
      who: { kind: 'system' },
      action: what,
      resource: { kind: 'settlement', id: reference },
      at,
      detail: facts,
    },
  ])
  await publish(
    tx,
    [
      {
        type: what,
        key: settlement.merchantId,
        payload: { reference, ...facts },
        merchantId: settlement.merchantId,
      },
    ],
    at,
  )
}

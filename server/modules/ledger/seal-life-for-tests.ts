// For tests only: one of everything that a seal covers happens to a small ledger, always the same.
import { uuidv7 } from '#contract/ids.ts'
import { createTransferQueue } from './index.ts'
import type { SealBench } from './seal-for-tests.ts'

/**
 * Twelve transfers: five under keys, three linked, a reversal, two of an exchange, parts of a hold. Two keys are
 * refusals. One hold is open with a part posted, one was posted whole, one voided, one expired. One account is frozen, one
 * closed, one has a cap.
 */
export async function liveThrough(bench: SealBench): Promise<void> {
  const { ledger, platform, wallets, bank } = bench
  const { db, clock } = platform
  const [first, second, third, fourth] = wallets as [string, string, string, string]
  const common = () => ({
    id: uuidv7(),
    currency: 'IDR' as const,
    kind: 'test',
    reference: 'TN-LIFE|0001',
    effectiveAt: clock.now(),
  })
  const move = (debitAccountId: string, creditAccountId: string, amountMinor: bigint) => ({
    ...common(),
    debitAccountId,
    creditAccountId,
    amountMinor,
  })

  const queue = createTransferQueue(platform, ledger, { maximumSize: 2 })
  for (const amountMinor of [5n, 6n, 7n, 1_000_000_000n, 8n, 2_000_000_000n])
    await queue.submit({ ownerId: first, key: uuidv7(), transfers: [move(first, second, amountMinor)] })
  await queue.close()

  const dollars = uuidv7()
  const capped = uuidv7()
  const closed = uuidv7()
  await db.transaction((tx) =>
    ledger.openAccounts(tx, [
      { id: dollars, kind: 'customer_wallet', ownerId: uuidv7(), currency: 'SGD', minimumMinor: 0n },
      { id: capped, kind: 'customer_wallet', ownerId: uuidv7(), currency: 'IDR', monthlyCapMinor: 1000n },
      { id: closed, kind: 'fees', ownerId: uuidv7(), currency: 'IDR', maximumMinor: 5000n },
    ]),
  )
  const legs = [move(first, second, 3n), move(second, third, 2n), move(third, capped, 1n)]
  await db.transaction((tx) => ledger.postLinked(tx, legs))
  await db.transaction((tx) =>
    ledger.reverse(tx, { ...common(), transferId: legs[0]!.id, amountMinor: 2n, kind: 'reversal' }),
  )
  await db.transaction((tx) =>
    ledger.exchange(tx, {
      fromAccountId: fourth,
      toAccountId: dollars,
      sold: { amountMinor: 24_301n, currency: 'IDR' },
      boughtCurrency: 'SGD',
      rate: { numerator: 2n, denominator: 24_301n, source: 'test|rate' },
      kind: 'exchange',
      reference: 'TN-LIFE-0002',
      effectiveAt: clock.now(),
    }),
  )

  const hold = (amountMinor: bigint, expiresAt?: Date) => ({
    id: uuidv7(),
    debitAccountId: third,
    creditAccountId: bank,
    amountMinor,
    currency: 'IDR' as const,
    reference: 'TN-LIFE-0003',
    expiresAt,
  })
  const holds = [hold(100n), hold(20n), hold(30n), hold(40n, new Date(clock.now().getTime() + 1000))]
  await db.transaction((tx) => ledger.placeHolds(tx, holds))
  const post = (holdId: string, amountMinor?: bigint) =>
    db.transaction((tx) =>
      ledger.postHold(tx, {
        holdId,
        transferId: uuidv7(),
        kind: 'hold_posted',
        ...(amountMinor ? { amountMinor } : {}),
      }),
    )
  await post(holds[0]!.id, 60n)
  await post(holds[1]!.id)
  await db.transaction((tx) => ledger.voidHold(tx, holds[2]!.id))
  clock.advance(2000)
  await db.transaction((tx) => ledger.expireHolds(tx, 10))
  await db.transaction((tx) => ledger.freeze(tx, capped, 'debits'))
  await db.transaction((tx) => ledger.close(tx, closed))
}

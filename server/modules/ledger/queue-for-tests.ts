// Two queues on one ledger, as in two processes, and two accounts that are new for every test.
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import {
  createLedger,
  createTransferQueue,
  type Ledger,
  type TransferCommand,
  type TransferQueue,
  type TransferRequest,
} from './index.ts'

export let platform: TestPlatform
export let ledger: Ledger
export let queue: TransferQueue
/** As in a second process. */
export let other: TransferQueue
export let bank: string
/** Holds 0 to 100. */
export let wallet: string

/** Call it at the top of a test file: what stands above is there in each of its tests. */
export function useQueues(): void {
  beforeAll(async () => {
    platform = await createTestPlatform()
    ledger = createLedger(platform)
    queue = createTransferQueue(platform, ledger)
    other = createTransferQueue(platform, ledger, { maximumSize: 8 })
  })
  afterAll(async () => {
    await Promise.all([queue.close(), other.close()])
    await platform.close()
  })
  beforeEach(async () => {
    bank = uuidv7()
    wallet = uuidv7()
    await platform.db.transaction((tx) =>
      ledger.openAccounts(tx, [
        { id: bank, kind: 'customer_wallet', ownerId: bank, currency: 'IDR' },
        {
          id: wallet,
          kind: 'customer_wallet',
          ownerId: wallet,
          currency: 'IDR',
          minimumMinor: 0n,
          maximumMinor: 100n,
        },
      ]),
    )
  })
}

export const transfer = (from: string, to: string, amountMinor: bigint): TransferRequest => ({
  id: uuidv7(),
  debitAccountId: from,
  creditAccountId: to,
  amountMinor,
  currency: 'IDR',
  kind: 'test',
  reference: 'TN-TEST-0001',
  effectiveAt: platform.clock.now(),
})
export const command = (key: string, ...transfers: TransferRequest[]): TransferCommand => ({
  ownerId: wallet,
  key,
  transfers,
})
export const balance = async (id: string) =>
  (await ledger.accounts(platform.db.read, [id])).get(id)!.balanceMinor

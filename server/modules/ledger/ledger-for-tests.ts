// A ledger on a database of its own for a test file, and a bank that is new for every test.
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { uuidv7 } from '#contract/ids.ts'
import { createTestPlatform, type TestPlatform } from '#platform/testing.ts'
import { createLedger, type Ledger, type NewAccount, type TransferRequest } from './index.ts'

export let platform: TestPlatform
export let ledger: Ledger
/** Without bounds. */
export let bank: string

/** Call it at the top of a test file: what stands here is there in each of its tests. */
export function useLedger(start?: string): void {
  beforeAll(async () => {
    platform = await createTestPlatform(start)
    ledger = createLedger(platform)
  })
  afterAll(() => platform.close())
  beforeEach(async () => void (bank = await open()))
}

export async function open(more: Partial<NewAccount> = {}): Promise<string> {
  const id = uuidv7()
  await platform.db.transaction((tx) =>
    ledger.openAccounts(tx, [{ id, kind: 'customer_wallet', ownerId: uuidv7(), currency: 'IDR', ...more }]),
  )
  return id
}

export const transfer = (
  debitAccountId: string,
  creditAccountId: string,
  amountMinor: bigint,
  more: Partial<TransferRequest> = {},
): TransferRequest => ({
  id: uuidv7(),
  debitAccountId,
  creditAccountId,
  amountMinor,
  currency: 'IDR',
  kind: 'test',
  reference: 'TN-TEST-0001',
  effectiveAt: platform.clock.now(),
  ...more,
})
export const post = (...transfers: TransferRequest[]) =>
  platform.db.transaction((tx) => ledger.post(tx, transfers))
export const read = async (id: string) => (await ledger.accounts(platform.db.read, [id])).get(id)!
export const balance = async (id: string) => (await read(id)).balanceMinor

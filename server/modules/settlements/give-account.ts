// A shop gives another bank account by its own signed request. It is kept, and nothing else: only two people of ours take it up.
import { uuidv7 } from '#contract/ids.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Audit } from '#modules/audit/index.ts'
import { maskAccount } from '#modules/rails/index.ts'
import * as refused from './refused.sql.ts'
import type { BankAccount } from './settlement.ts'
import { readTerms } from './terms.sql.ts'

const isSame = (one: BankAccount, other: BankAccount) =>
  one.bankCode === other.bankCode &&
  one.accountNumber === other.accountNumber &&
  one.accountName === other.accountName

/** The same account again is no fault; another replaces it. Throws not_found for a shop without terms. */
export function giveAccount(
  platform: Pick<Platform, 'db' | 'clock' | 'events'>,
  needs: { audit: Pick<Audit, 'record'> },
) {
  const { db, clock } = platform
  return async (merchantId: string, { bankCode, accountNumber, accountName }: BankAccount): Promise<void> => {
    await db.transaction(async (tx) => {
      if (!(await readTerms(tx, [merchantId])).has(merchantId)) throw new Refusal('not_found')
      await refused.lockHold(tx, merchantId)
      const wanted = { bankCode, accountNumber, accountName }
      const before = await refused.readGiven(tx, merchantId)
      if (before && isSame(before, wanted)) return
      const now = clock.now()
      if (before) await refused.closeGiven(tx, before.id, false, now)
      await refused.insertGiven(tx, merchantId, { ...wanted, id: uuidv7(), givenAt: now })
      await needs.audit.record(tx, [
        {
          who: { kind: 'merchant', id: merchantId },
          action: 'settlement.account_given',
          resource: { kind: 'merchant', id: merchantId },
          at: now,
          detail: { bankCode, account: maskAccount(accountNumber), name: accountName },
        },
      ])
      await publish(tx, [{ type: 'settlement.account_given', key: merchantId, payload: {}, merchantId }], now)
    })
    platform.events.wake()
  }
}

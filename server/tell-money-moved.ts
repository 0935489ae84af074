// Tells a customer who chose to wait that their money has moved: in their language, everywhere they are reached.
import type { Transaction } from '#platform/db.ts'
import type { MoneyMoved } from '#modules/desk/index.ts'
import type { Identity } from '#modules/identity/index.ts'
import type { Notices } from '#modules/notices/index.ts'
import { moneyFor } from './tell-refund.ts'

export function tellMoneyMoved(rooms: { identity: Identity; notices: Notices }) {
  return async (tx: Transaction, { customerId, what, detail }: MoneyMoved): Promise<void> => {
    const customer = (await rooms.identity.customersByIds(tx, [customerId])).get(customerId)
    if (!customer) return
    const { phone, email, locale } = customer
    const values = {
      amount: moneyFor(locale, {
        amountMinor: detail.amount.amountMinor.replace('-', ''),
        currency: detail.amount.currency,
      }),
      party: detail.party.name,
      reference: detail.reference,
    }
    const template = `waited_${what}` as const
    await rooms.notices.enqueue(tx, [
      ...(phone ? [{ customerId, to: phone, channel: 'sms' as const, template, locale, values }] : []),
      ...(email ? [{ customerId, to: email, channel: 'email' as const, template, locale, values }] : []),
    ])
    rooms.notices.wake()
  }
}

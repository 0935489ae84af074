// Tells a customer of a top-up that could not be credited at once: in their language, everywhere they are reached.
import type { TellCustomer } from '#modules/funding/index.ts'
import type { Identity } from '#modules/identity/index.ts'
import type { Notices } from '#modules/notices/index.ts'
import { moneyFor } from './tell-refund.ts'

export function tellTopUp(rooms: { identity: Identity; notices: Notices }): TellCustomer {
  return async (tx, { customerId, what, amount, bankName, reference }) => {
    const customer = (await rooms.identity.customersByIds(tx, [customerId])).get(customerId)
    if (!customer) return
    const { phone, email, locale } = customer
    const values = { amount: moneyFor(locale, amount), bank: bankName, reference }
    const template = `top_up_${what}` as const
    await rooms.notices.enqueue(tx, [
      ...(phone ? [{ customerId, to: phone, channel: 'sms' as const, template, locale, values }] : []),
      ...(email ? [{ customerId, to: email, channel: 'email' as const, template, locale, values }] : []),
    ])
    rooms.notices.wake()
  }
}

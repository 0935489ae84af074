// Tells a customer of a top-up that could not be credited at once: in their language, everywhere they are reached.
import type { TellCustomer } from '#modules/funding/index.ts'
import { tellCustomer, type TellingRooms } from './tell-customer.ts'
import { moneyFor } from './tell-refund.ts'

export function tellTopUp(rooms: TellingRooms): TellCustomer {
  return async (tx, { customerId, what, amount, bankName, reference }) => {
    await tellCustomer(tx, rooms, customerId, (locale) => ({
      template: `top_up_${what}` as const,
      values: { amount: moneyFor(locale, amount), bank: bankName, reference },
    }))
    rooms.notices.wake()
  }
}

// Tells a customer that a payment has moved: that the shop has it, when they chose to wait for that, and that it is back, always.
// In their language, everywhere they are reached, in the commit of what it tells.
import type { Money } from '#contract/money.ts'
import type { Transaction } from '#platform/db.ts'
import type { MoneyMoved } from '#modules/desk/index.ts'
import type { Identity } from '#modules/identity/index.ts'
import type { Merchants } from '#modules/merchants/index.ts'
import type { Notices } from '#modules/notices/index.ts'
import type { ReturnedHandler } from '#modules/payments/index.ts'
import { moneyFor } from './tell-refund.ts'

interface Rooms {
  identity: Identity
  notices: Notices
}

interface Moved {
  customerId: string
  amount: Money
  party: string
  reference: string
}

async function tell(
  tx: Transaction,
  rooms: Rooms,
  template: 'waited_shop_has_it' | 'payment_returned',
  { customerId, amount, party, reference }: Moved,
): Promise<void> {
  const customer = (await rooms.identity.customersByIds(tx, [customerId])).get(customerId)
  if (!customer) return
  const { phone, email, locale } = customer
  const values = { amount: moneyFor(locale, amount), party, reference }
  await rooms.notices.enqueue(tx, [
    ...(phone ? [{ customerId, to: phone, channel: 'sms' as const, template, locale, values }] : []),
    ...(email ? [{ customerId, to: email, channel: 'email' as const, template, locale, values }] : []),
  ])
  rooms.notices.wake()
}

export function tellMoneyMoved(rooms: Rooms) {
  return (tx: Transaction, { customerId, what, detail }: MoneyMoved): Promise<void> =>
    tell(tx, rooms, `waited_${what}`, {
      customerId,
      amount: {
        amountMinor: detail.amount.amountMinor.replace('-', ''),
        currency: detail.amount.currency,
      },
      party: detail.party.name,
      reference: detail.reference,
    })
}

/** Of a payment whose shop never took it. A refund that was open for it ended with this; it has no notice of its own. */
export function tellReturned(
  rooms: Rooms & { merchants: Pick<Merchants, 'readMerchants'> },
): ReturnedHandler {
  return async (tx, { customerId, merchantId, amount, reference }) => {
    const shop = (await rooms.merchants.readMerchants(tx, [merchantId])).get(merchantId)
    await tell(tx, rooms, 'payment_returned', { customerId, amount, party: shop?.name ?? '', reference })
  }
}

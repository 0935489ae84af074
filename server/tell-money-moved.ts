// Tells a customer that a payment has moved: that the shop has it, when they chose to wait for that, and that it is back, always.
// Also that it comes back later, and why. In their language, everywhere they are reached, in the commit of what it tells.
import type { Money } from '#contract/money.ts'
import type { Transaction } from '#platform/db.ts'
import type { MoneyMoved } from '#modules/desk/index.ts'
import type { Merchants } from '#modules/merchants/index.ts'
import type { ReturnedHandler, ReturnWaitsHandler } from '#modules/payments/index.ts'
import { tellCustomer, type TellingRooms } from './tell-customer.ts'
import { moneyFor } from './tell-refund.ts'

interface Moved {
  customerId: string
  amount: Money
  party: string
  reference: string
}

async function tell(
  tx: Transaction,
  rooms: TellingRooms,
  template: 'waited_shop_has_it' | 'payment_returned' | 'payment_return_no_room' | 'payment_return_stopped',
  { customerId, amount, ...values }: Moved,
): Promise<void> {
  await tellCustomer(tx, rooms, customerId, (locale) => ({
    template,
    values: { ...values, amount: moneyFor(locale, amount) },
  }))
  rooms.notices.wake()
}

export function tellMoneyMoved(rooms: TellingRooms) {
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
  rooms: TellingRooms & { merchants: Pick<Merchants, 'readMerchants'> },
): ReturnedHandler {
  return async (tx, { customerId, merchantId, amount, reference }) => {
    const shop = (await rooms.merchants.readMerchants(tx, [merchantId])).get(merchantId)
    await tell(tx, rooms, 'payment_returned', { customerId, amount, party: shop?.name ?? '', reference })
  }
}

/** Of such a payment that the wallet cannot take back yet: why, and what ends the wait. Once for each reason. */
export function tellReturnWaits(
  rooms: TellingRooms & { merchants: Pick<Merchants, 'readMerchants'> },
): ReturnWaitsHandler {
  return async (tx, { customerId, merchantId, amount, reference, waitsFor }) => {
    const shop = (await rooms.merchants.readMerchants(tx, [merchantId])).get(merchantId)
    const template = waitsFor === 'wallet_room' ? 'payment_return_no_room' : 'payment_return_stopped'
    await tell(tx, rooms, template, { customerId, amount, party: shop?.name ?? '', reference })
  }
}

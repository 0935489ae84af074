// What an order must be before it is taken, and whether it may still be paid. Pure.
import type { Currency } from '#contract/money.ts'
import type { OrderRecord } from './order.ts'

export type OrderFault =
  'total_is_not_the_sum' | 'currencies_differ' | 'amount_invalid' | 'url_invalid' | 'currency_of_the_shop'

interface WantedOrder {
  total: { amountMinor: string; currency: string }
  lines: readonly { amount: { amountMinor: string; currency: string } }[]
  returnUrl?: string | undefined
  cancelUrl?: string | undefined
}

/** The total is the sum of the lines, in the shop's currency; addresses are http(s) and carry no credentials. */
export function findOrderFault(wanted: WantedOrder, shopCurrency: Currency): OrderFault | undefined {
  if (wanted.lines.some((line) => line.amount.currency !== wanted.total.currency)) return 'currencies_differ'
  if (wanted.total.currency !== shopCurrency) return 'currency_of_the_shop'
  const totalMinor = BigInt(wanted.total.amountMinor)
  if (totalMinor <= 0n || totalMinor > 10n ** 15n) return 'amount_invalid'
  if (wanted.lines.reduce((sum, line) => sum + BigInt(line.amount.amountMinor), 0n) !== totalMinor)
    return 'total_is_not_the_sum'
  for (const url of [wanted.returnUrl, wanted.cancelUrl])
    if (url !== undefined && !isWebAddress(url)) return 'url_invalid'
  return undefined
}

function isWebAddress(text: string): boolean {
  if (!URL.canParse(text)) return false
  const url = new URL(text)
  return (url.protocol === 'https:' || url.protocol === 'http:') && url.username === '' && url.password === ''
}

export type PayableVerdict =
  'payable' | 'order_paid' | 'order_cancelled' | 'order_expired' | 'amount_mismatch'

/** May this order be paid now, with the total that the customer saw? */
export function judgeOrder(
  order: Pick<OrderRecord, 'state' | 'expiresAt' | 'totalMinor' | 'currency'>,
  now: Date,
  expected: { amountMinor: bigint; currency: string },
): PayableVerdict {
  if (order.state === 'paid') return 'order_paid'
  if (order.state === 'cancelled') return 'order_cancelled'
  if (order.state === 'expired' || order.expiresAt <= now) return 'order_expired'
  if (order.totalMinor !== expected.amountMinor || order.currency !== expected.currency)
    return 'amount_mismatch'
  return 'payable'
}

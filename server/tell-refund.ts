// Puts a refund's notice into a customer's words: their language, their way of writing money and days, everywhere they are reached.
import { toDecimalAmount, type Money } from '#contract/money.ts'
import type { Locale } from '#contract/schema.ts'
import type { References } from '#platform/references.ts'
import type { ApprovalNeeds } from '#modules/approvals/index.ts'
import type { Identity } from '#modules/identity/index.ts'
import { renderNotice, type Notices } from '#modules/notices/index.ts'
import type { RefundNeeds } from '#modules/refunds/index.ts'
import { tellCustomer } from './tell-customer.ts'

/** Money as people write it; whole units without decimals. */
export function moneyFor(locale: Locale, { amountMinor, currency }: Money): string {
  const decimal = toDecimalAmount(BigInt(amountMinor), currency)
  // Rupiah are written the Indonesian way in every language: customer, agent and receipt say one string.
  return new Intl.NumberFormat(currency === 'IDR' ? 'id-ID' : locale, {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    ...(/\.0+$/.test(decimal) ? { maximumFractionDigits: 0 } : {}),
  })
    .format(decimal as Intl.StringNumericLiteral)
    .replace(/\s/g, ' ')
}

/** As the pages write it: `1 December`, `1 Desember`, `12月1日`. */
const dayFor = (locale: Locale, at: Date, timeZone: string): string =>
  new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, {
    timeZone,
    day: 'numeric',
    month: 'long',
  }).format(at)

export function tellRefund(
  rooms: { identity: Identity; notices: Notices },
  timeZone: string,
): RefundNeeds['tellCustomer'] {
  return (tx, notice) =>
    tellCustomer(tx, rooms, notice.customerId, (locale) => ({
      template: `refund_${notice.kind}` as const,
      values: {
        amount: moneyFor(locale, notice.amount),
        shop: notice.shopName,
        day: dayFor(locale, notice.by, timeZone),
      },
    }))
}

const topUpTemplates = { 'top_up.credit': 'top_up_credited', 'top_up.return': 'top_up_returned' } as const

/** What the customer will read when it is done: the words that are sent then. */
export function readsWhenPaid(
  identity: Pick<Identity, 'customersByIds'>,
  references: References,
): ApprovalNeeds['customerReads'] {
  return async (sql, { kind, reference, amount, beneficiaryCustomerId }) => {
    const topUp = (topUpTemplates as Partial<Record<string, 'top_up_credited' | 'top_up_returned'>>)[kind]
    if (kind !== 'refund.pay' && !topUp) return undefined
    const customer = (await identity.customersByIds(sql, [beneficiaryCustomerId])).get(beneficiaryCustomerId)
    const summary = await references.summary(reference, beneficiaryCustomerId)
    if (!customer || !summary) return undefined
    const { locale } = customer
    if (topUp) {
      const values = { amount: moneyFor(locale, amount), bank: summary.party.name, reference }
      return { language: locale, text: renderNotice(topUp, locale, values).text }
    }
    const values = { amount: moneyFor(locale, amount), shop: summary.party.name }
    return { language: locale, text: renderNotice('refund_paid', locale, values).text }
  }
}

// What asking for a payment's money back would mean if it were done now: how much is left, the dates that would be promised,
// and above which amounts two people must agree. Also the days off that a promise leaves out. Nothing here decides: the request is judged when it comes.
import type { TransactionDetail } from '#contract/trace.ts'
import { money } from '#contract/money.ts'
import { dayIn } from '#platform/days.ts'
import { readHolidays } from '#platform/holidays.ts'
import type { Sql } from '#platform/db.ts'
import type { PaymentRecord } from '#modules/payments/index.ts'
import type { RefundRecord } from './refund.ts'
import { secondPersonAbove, sumsOfOthers } from './refund.rules.ts'
import * as store from './refund.sql.ts'
import { addWorkingDays, endOfWorkingDay } from './working-days.rules.ts'

export async function termsOf(
  sql: Sql,
  payment: PaymentRecord,
  refunds: readonly RefundRecord[],
  zone: string,
  now: Date,
): Promise<NonNullable<TransactionDetail['refundTerms']>> {
  const [rules, holidays] = [await store.readRules(sql, payment.currency), await readHolidays(sql)]
  const minimum = secondPersonAbove(rules, sumsOfOthers(refunds))
  return {
    left: money(payment.amountMinor - (payment.refundedMinor ?? 0n), payment.currency),
    shopAnswersBy: addWorkingDays(zone, now, rules.shopAnswerDays, holidays).toISOString(),
    resultBy: endOfWorkingDay(zone, now, rules.promiseDays, holidays).toISOString(),
    secondPersonAbove: {
      granted: money(minimum.grantedMinor, payment.currency),
      agreed: money(minimum.agreedMinor, payment.currency),
    },
  }
}

/** Days off (`YYYY-MM-DD`) between asking and the promised day, besides weekends. */
export async function holidaysOf(sql: Sql, refund: RefundRecord, zone: string): Promise<string[]> {
  const [from, to] = [dayIn(zone, refund.askedAt), dayIn(zone, refund.promisedBy)]
  return [...(await readHolidays(sql))].filter((day) => day >= from && day <= to).sort()
}

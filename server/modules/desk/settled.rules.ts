// Whether the money that a case waits for has come to rest, how that ends the case, and who must act on it meanwhile. Pure.
import type { CaseCard, CaseOutcome } from '#contract/desk.ts'
import type { TransactionDetail } from '#contract/trace.ts'

const openRefunds: ReadonlySet<string> = new Set([
  'asking_shop',
  'in_review',
  'awaiting_approval',
  'waiting_for_funds',
])

const openHop = (detail: TransactionDetail) =>
  detail.hops.find((hop) => hop.state === 'stuck' || hop.state === 'now')
const isDone = (detail: TransactionDetail, key: string) =>
  detail.hops.some((hop) => hop.key === key && hop.state === 'done')

const moves = (detail: TransactionDetail) =>
  openHop(detail) !== undefined || (detail.refund !== undefined && openRefunds.has(detail.refund.state))

/** How a case that only waits for this money ends; undefined while something of it still moves. Newest first. */
export function outcomeOf(details: readonly TransactionDetail[]): CaseOutcome | undefined {
  if (details.length === 0 || details.some(moves)) return undefined
  const refunds = details.flatMap(({ refund }) => refund ?? [])
  if (refunds.some(({ state }) => state === 'paid')) return 'money_returned'
  if (details.some((detail) => isDone(detail, 'returned') || isDone(detail, 'sent_back')))
    return 'money_returned'
  if (refunds.some(({ state }) => state === 'declined')) return 'not_possible'
  if (refunds.some(({ state }) => state === 'withdrawn')) return 'withdrawn'
  if (details.some((detail) => isDone(detail, 'shop_credited'))) return 'shop_delivered'
  return details.some((detail) => detail.kind === 'top_up' && isDone(detail, 'credited'))
    ? 'solved'
    : undefined
}

const others: readonly string[] = ['shop', 'bank', 'second_person'] satisfies CaseCard['waitsOn'][]

/** Who outside the service must act first, when it is somebody. */
export function waitsOn(details: readonly TransactionDetail[]): CaseCard['waitsOn'] {
  const owner = details.map((detail) => openHop(detail)?.owner).find((each) => each && others.includes(each))
  return owner as CaseCard['waitsOn']
}

// What all diagnoses are made of: facts with values, and how a trace is read. Pure.
import type { Diagnosis } from '#contract/diagnosis.ts'
import type { Hop, TransactionDetail } from '#contract/trace.ts'

export type Fact = Diagnosis['facts'][number]
export type Values = NonNullable<Fact['values']>

export const fact = (key: string, values?: Values): Fact => (values ? { key, values } : { key })

/** What moved, without its sign. */
export const amountOf = ({ amount }: Pick<TransactionDetail, 'amount'>) => ({
  amountMinor: amount.amountMinor.replace('-', ''),
  currency: amount.currency,
})

export const hopOf = (detail: TransactionDetail, key: Hop['key']) =>
  detail.hops.find((hop) => hop.key === key)
export const isDone = (hop: Hop | undefined): boolean => hop?.state === 'done'

/** The hop that everything waits for. */
export const openHop = (detail: TransactionDetail): Hop | undefined =>
  detail.hops.find((hop) => hop.state === 'stuck' || hop.state === 'now')

/** A time that is still to come when the facts were read; what is over is not promised. */
export const ahead = (time: string | undefined, asOf: string): string | undefined =>
  time !== undefined && Date.parse(time) > Date.parse(asOf) ? time : undefined

const closedRefunds: ReadonlySet<string> = new Set(['paid', 'declined', 'withdrawn', 'overtaken'])
export const isOpenRefund = (detail: TransactionDetail): boolean =>
  detail.refund !== undefined && !closedRefunds.has(detail.refund.state)

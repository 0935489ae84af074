// For tests only: the ledger as a person would keep it on paper: no SQL, no locks, no triggers. Values in, a changed model out.
// Whatever is refused throws No; who calls throws the changed copy away.
import type { Uuid } from '#contract/ids.ts'
import {
  largest,
  type Asked,
  type Frozen,
  type Model,
  type ModelAccount,
  type ModelHold,
  type Move,
} from './model-world-for-tests.ts'

export class No extends Error {
  readonly verdict: string
  constructor(verdict: string) {
    super(verdict)
    this.verdict = verdict
  }
}

/** What was never an amount is refused before anything is looked at, and not remembered under a key. */
function amounts(...given: readonly (bigint | undefined)[]): void {
  for (const amount of given)
    if (amount !== undefined && (amount <= 0n || amount > largest)) throw new No('amount_invalid')
}

/** What a caller reads when a transfer is refused in his own transaction. */
const codes: Record<string, string> = {
  amount_invalid: 'validation_failed',
  same_account: 'validation_failed',
  currency_mismatch: 'currency_not_supported',
  account_closed: 'account_inactive',
  not_empty: 'conflict',
  hold_closed: 'conflict',
  hold_expired: 'conflict',
  hold_exceeded: 'conflict',
}
export const codeOf = (verdict: string): string => codes[verdict] ?? verdict

// Months are counted in Jakarta, seven hours ahead.
const monthOf = (now: number) => new Date(now + 7 * 3_600_000).toISOString().slice(0, 7)

const isStopped = (account: ModelAccount, side: 'debits' | 'credits') =>
  account.frozen === side || account.frozen === 'both'

function between(accounts: ModelAccount[], { debit, credit, amount }: Move) {
  const [from, to] = [accounts[debit]!, accounts[credit]!]
  amounts(amount)
  if (debit === credit) throw new No('same_account')
  if (from.currency !== to.currency) throw new No('currency_mismatch')
  if (from.isClosed || to.isClosed) throw new No('account_closed')
  if (isStopped(from, 'debits')) throw new No('account_frozen')
  return { from, to }
}

function move(
  accounts: ModelAccount[],
  { id, ...wanted }: Move & { id: Uuid },
  now: number,
  released = 0n,
  givesBack = false,
): void {
  const { from, to } = between(accounts, wanted)
  const { amount } = wanted
  if (isStopped(to, 'credits')) throw new No('account_frozen')
  if (from.minimum !== undefined && from.balance - from.held + released - amount < from.minimum)
    throw new No('insufficient_funds')
  if (to.maximum !== undefined && to.balance + amount > to.maximum) throw new No('balance_limit')
  const cameIn = to.month === monthOf(now) ? to.incoming : 0n
  if (to.cap !== undefined && !givesBack && cameIn + amount > to.cap) throw new No('monthly_incoming_limit')
  if (from.balance - amount < -largest) throw new No('insufficient_funds')
  if (to.balance + amount > largest) throw new No('balance_limit')
  to.incoming = cameIn + (givesBack ? 0n : amount)
  to.month = monthOf(now)
  from.held -= released
  const happenedAt = wanted.happenedAt ?? now
  for (const [account, change] of [
    [from, -amount],
    [to, amount],
  ] as const) {
    account.balance += change
    account.entries.push({ transferId: id, amount: change, after: account.balance, at: now, happenedAt })
  }
}

export function post(model: Model, moves: readonly Move[], ids: readonly Uuid[], now: number): void {
  amounts(...moves.map(({ amount }) => amount))
  moves.forEach((each, index) => {
    const id = ids[index]!
    move(model.accounts, { ...each, id }, now)
    model.transfers.push({ ...each, id, reversed: 0n })
  })
}

export function freeze(model: Model, which: number, frozen: Frozen): void {
  model.accounts[which]!.frozen = frozen
}

export function close(model: Model, which: number): void {
  const account = model.accounts[which]!
  if (account.balance !== 0n || account.held !== 0n) throw new No('not_empty')
  account.isClosed = true
}

export function place(
  model: Model,
  holds: readonly (Move & { id: Uuid; expiresAt: number | undefined })[],
): void {
  amounts(...holds.map(({ amount }) => amount))
  for (const hold of holds) {
    const { from } = between(model.accounts, hold)
    if (from.minimum !== undefined && from.balance - from.held - hold.amount < from.minimum)
      throw new No('insufficient_funds')
    if (from.held + hold.amount > largest) throw new No('insufficient_funds')
    from.held += hold.amount
    model.holds.push({ ...hold, posted: 0n, remaining: hold.amount, state: 'open' })
  }
}

export function postHold(
  model: Model,
  { which, part, last }: NonNullable<Asked['hold']>,
  id: Uuid,
  now: number,
): void {
  amounts(part)
  const hold = model.holds[which]!
  if (hold.state !== 'open') throw new No('hold_closed')
  if (isOver(hold, now)) throw new No('hold_expired')
  const amount = part ?? hold.remaining
  if (amount > hold.remaining) throw new No('hold_exceeded')
  const remaining = last ? 0n : hold.remaining - amount
  const each = { debit: hold.debit, credit: hold.credit, amount }
  move(model.accounts, { ...each, id }, now, hold.remaining - remaining)
  model.transfers.push({ ...each, id, reversed: 0n })
  hold.posted += amount
  hold.remaining = remaining
  if (remaining === 0n) hold.state = 'posted'
}

export const isOver = (hold: ModelHold, now: number): boolean =>
  hold.expiresAt !== undefined && hold.expiresAt <= now

export function endHold(model: Model, hold: ModelHold, state: 'voided' | 'expired'): void {
  if (hold.state !== 'open') throw new No('hold_closed')
  model.accounts[hold.debit]!.held -= hold.remaining
  hold.remaining = 0n
  hold.state = state
}

/** How many were given free. */
export function expire(model: Model, now: number): number {
  const over = model.holds.filter((hold) => hold.state === 'open' && isOver(hold, now))
  for (const hold of over) endHold(model, hold, 'expired')
  return over.length
}

export function reverse(
  model: Model,
  { which, amount, from, id }: { which: number; amount: bigint; from: number | undefined; id: Uuid },
  now: number,
): void {
  const origin = model.transfers[which]!
  const back = { debit: from ?? origin.credit, credit: origin.debit, amount }
  amounts(amount)
  if (origin.reversed + amount > origin.amount) throw new No('refund_not_allowed')
  move(model.accounts, { ...back, id }, now, 0n, true)
  origin.reversed += amount
  model.transfers.push({ ...back, id, reversed: 0n })
}

/** Through both positions, rounded down; what was bought. */
export function exchange(
  model: Model,
  { from, to, amount, rate }: NonNullable<Asked['exchange']>,
  ids: readonly Uuid[],
  now: number,
): bigint {
  amounts(amount)
  const [sold, bought] = [model.accounts[from]!.currency, model.accounts[to]!.currency]
  if (sold === bought) throw new No('currency_mismatch')
  const gets = (amount * rate.numerator) / rate.denominator
  amounts(gets)
  const legs = [
    { debit: from, credit: model.positions.get(sold)!, amount },
    { debit: model.positions.get(bought)!, credit: to, amount: gets },
  ]
  legs.forEach((leg, index) => {
    const id = ids[index]!
    move(model.accounts, { ...leg, id }, now)
    model.transfers.push({ ...leg, id, reversed: 0n })
  })
  return gets
}

/** Under a key: the first answer stays, refusals included; with another body nothing is done. What is none is not remembered. */
export function submit(model: Model, place: string, asked: Asked, ids: readonly Uuid[], now: number): string {
  const { exchange: order } = asked
  amounts(...(asked.moves ?? []).map(({ amount }) => amount), asked.hold?.part)
  amounts(asked.place?.amount, asked.reverse?.amount, order?.amount)
  if (order && model.accounts[order.from]!.currency === model.accounts[order.to]!.currency)
    throw new No('currency_mismatch')
  if (order) amounts((order.amount * order.rate.numerator) / order.rate.denominator)
  const body = bodyOf(asked)
  const before = model.keys.get(place)
  if (before) return before.body === body ? before.outcome : 'idempotency_conflict'
  let outcome: string
  const next = structuredClone(model)
  try {
    outcome = done(next, asked, ids, now)
    Object.assign(model, next)
  } catch (error) {
    if (!(error instanceof No)) throw error
    outcome = error.verdict
  }
  model.keys.set(place, { body, outcome })
  return outcome
}

function done(model: Model, asked: Asked, ids: readonly Uuid[], now: number): string {
  const { hold, place: wanted, voids, reverse: back, exchange: order } = asked
  if (hold) postHold(model, hold, ids[0]!, now)
  else if (wanted) place(model, [{ ...wanted, id: ids[0]!, expiresAt: wanted.expiresAt }])
  else if (voids) endHold(model, model.holds[voids.which]!, 'voided')
  else if (back) reverse(model, { ...back, id: ids[0]! }, now)
  else if (order) return `posted ${ids[0]} ${exchange(model, order, ids, now)}`
  else post(model, asked.moves!, ids, now)
  return wanted ? `held ${ids[0]}` : voids ? 'voided' : back ? `posted ${ids[0]}` : 'posted'
}

/** When it is said to have happened is not part of it. */
const bodyOf = (asked: Asked): string =>
  JSON.stringify(asked, (name, value: unknown) =>
    name === 'datedSeconds' || name === 'happenedAt' || name === 'lastsSeconds'
      ? undefined
      : typeof value === 'bigint'
        ? String(value)
        : value,
  )

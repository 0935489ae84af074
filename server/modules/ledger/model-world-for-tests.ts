// For tests only: the words of the model: accounts, holds and transfers as a person would write them down, and what can be done.
import type { Uuid } from '#contract/ids.ts'
import type { Currency } from '#contract/money.ts'
import type { Ledger } from './index.ts'

export interface Move {
  debit: number
  credit: number
  amount: bigint
}

export type Frozen = 'debits' | 'credits' | 'both' | undefined

export interface ModelAccount {
  id: Uuid
  currency: Currency
  minimum: bigint | undefined
  maximum: bigint | undefined
  /** What may come in within one month; `incoming` came in `month`. */
  cap: bigint | undefined
  month: string
  incoming: bigint
  frozen: Frozen
  balance: bigint
  held: bigint
  entries: { amount: bigint; after: bigint; at: number }[]
}

export interface ModelHold extends Move {
  id: Uuid
  posted: bigint
  remaining: bigint
  state: 'open' | 'posted' | 'voided' | 'expired'
  expiresAt: number | undefined
}

export interface Model {
  accounts: ModelAccount[]
  holds: ModelHold[]
  transfers: (Move & { id: Uuid; reversed: bigint })[]
}

/** One sequence's accounts. Each method does one thing in both, and fails when answer or figures differ. */
export interface World {
  post(moves: readonly Move[]): Promise<void>
  postLinked(moves: readonly Move[]): Promise<void>
  freeze(which: number, frozen: Frozen): Promise<void>
  place(wanted: readonly (Move & { lastsSeconds: number | undefined })[]): Promise<void>
  postHold(which: number, part: bigint | undefined, last: boolean): Promise<void>
  voidHold(which: number): Promise<void>
  expire(): Promise<void>
  reverse(which: number, amount: bigint, from: number | undefined): Promise<void>
  wait(seconds: number): Promise<void>
  /** Seconds since the world began. */
  statement(of: number, from: number, to: number): Promise<void>
  /** Statement, history and open holds of the two accounts with the narrowest bounds. */
  readEverything(): Promise<void>
  /** Leaves no hold behind that could expire in another world. */
  end(): Promise<void>
}

export interface ModelBench {
  newWorld(): Promise<World>
  check(): ReturnType<Ledger['check']>
  /** All answers that the worlds got, each once. */
  reached(): string[]
  close(): Promise<void>
}

export const shapes: [Currency, bigint | undefined, bigint | undefined, cap?: bigint][] = [
  ['IDR', undefined, undefined],
  ['IDR', 0n, 100n],
  ['IDR', 0n, undefined],
  ['IDR', -20n, 60n],
  ['USD', undefined, undefined],
  ['USD', 0n, 50n],
  ['IDR', 0n, undefined, 90n],
]
export const largest = 2n ** 63n - 1n

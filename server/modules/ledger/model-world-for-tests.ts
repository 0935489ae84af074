// For tests only: the words of the model: accounts, holds, transfers and keys as a person would write them down, and what can
// be done with them, one after the other or at once.
import type { Uuid } from '#contract/ids.ts'
import type { Currency } from '#contract/money.ts'
import type { Ledger } from './index.ts'

export interface Move {
  debit: number
  credit: number
  amount: bigint
  /** Seconds by which it happened before (or after) it is asked for; left out: it happens when it is recorded. */
  datedSeconds?: number | undefined
  /** The same as a moment, in milliseconds. */
  happenedAt?: number | undefined
}

export type Frozen = 'debits' | 'credits' | 'both' | undefined

export interface ModelEntry {
  transferId: Uuid
  amount: bigint
  after: bigint
  /** Milliseconds: when it was recorded, and when it happened. */
  at: number
  happenedAt: number
}

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
  isClosed: boolean
  balance: bigint
  held: bigint
  entries: ModelEntry[]
  /** Of a position account, which all worlds share: how it stood when this one began, whose entries alone are followed. */
  before?: { balance: bigint; entryCount: bigint }
}

export interface ModelHold extends Move {
  id: Uuid
  posted: bigint
  remaining: bigint
  state: 'open' | 'posted' | 'voided' | 'expired'
  expiresAt: number | undefined
}

/** Units bought for one sold. */
export interface Rate {
  numerator: bigint
  denominator: bigint
}

/** What is asked under a key: one of these. Holds and transfers are meant by their numbers. */
export interface Asked {
  moves?: readonly Move[]
  hold?: { which: number; part: bigint | undefined; last: boolean }
  place?: WantedHold & { expiresAt?: number | undefined }
  voids?: { which: number }
  reverse?: { which: number; amount: bigint; from: number | undefined }
  exchange?: { from: number; to: number; amount: bigint; rate: Rate }
}

export interface Model {
  accounts: ModelAccount[]
  holds: ModelHold[]
  transfers: (Move & { id: Uuid; reversed: bigint })[]
  /** The first answer to each owner's key, with what was asked. */
  keys: Map<string, { body: string; outcome: string }>
  /** The number of the position account of each currency. */
  positions: Map<Currency, number>
}

/** One thing that is done, in the model and in the ledger; both say how it went. */
export interface Act {
  name: string
  /** Throws No; then nothing of it counts. */
  inModel(model: Model, now: number): string
  inLedger(): Promise<string>
}

/** The number of a key of the world, whose it is, and what is asked; `again`: an earlier command, once more. */
export interface KeyedAsk extends Asked {
  owner: number
  key: number
  again?: number | undefined
}

export interface WantedHold extends Move {
  lastsSeconds?: number | undefined
}

/** One sequence's accounts. What it makes are acts; `inTurn` and `atOnce` do them and compare. */
export interface World {
  post(moves: readonly Move[]): Act
  postLinked(moves: readonly Move[]): Act
  freeze(which: number, frozen: Frozen): Act
  close(which: number): Act
  place(wanted: readonly WantedHold[]): Act
  postHold(which: number, part: bigint | undefined, last: boolean): Act | undefined
  voidHold(which: number): Act | undefined
  expire(): Act
  reverse(which: number, amount: bigint, from: number | undefined): Act | undefined
  exchange(asked: NonNullable<Asked['exchange']>): Act
  submit(asked: KeyedAsk): Act | undefined
  /** The number of the hold that was placed last; 0 when there is none. */
  newestHold(): number
  /** Empties an account as far as it may be, for one that shall be closed. */
  empty(which: number): Act | undefined

  inTurn(act: Act | undefined): Promise<void>
  /** All start together; `movesClockMs`: the clock moves while they are under way. Some order must explain the answers. */
  atOnce(acts: readonly (Act | undefined)[], movesClockMs?: number): Promise<void>
  /** Posts, voids and expires one hold at once, at the moment when it ends or just before, with the clock moving or not. */
  raceHold(which: number, beforeMs: number, movesClockMs: number, key: number): Promise<void>
  /** Commands that come to one queue at once: each is decided on its own, in some order. */
  batch(asked: readonly KeyedAsk[]): Promise<void>
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
  /** Reads every figure again, seals everything and verifies the chain. */
  check(): Promise<Awaited<ReturnType<Ledger['check']>> & { findings: string[]; unsealed: bigint }>
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

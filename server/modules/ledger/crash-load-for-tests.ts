// For tests only: what the callers of the crash test ask for: transfers, linked legs, holds that are placed, posted in parts, voided and
// run out, and some commands whose id is taken. Remembers every answer, for the proof.
import { uuidv7, type Uuid } from '#contract/ids.ts'
import { systemClock } from '#platform/clock.ts'
import type { NewHold, PostableTransfer, TransferCommand } from './index.ts'

export type Ask =
  | { do: 'submit'; command: TransferCommand }
  /** Half of them under a key. */
  | { do: 'place'; hold: NewHold; key?: Uuid }
  | { do: 'void'; holdId: Uuid; ownerId: Uuid; key?: Uuid }
  | { do: 'expire' }

export interface Answer {
  ask: Ask
  outcome: string
  /** How often nobody had answered before. */
  asked: number
}

export interface Load {
  next(): Ask
  learn(answer: Answer): void
  readonly answers: readonly Answer[]
}

export const currency = 'IDR' as const
const holdsAtOnce = 40

export function leg(debitAccountId: string, creditAccountId: string, amountMinor: bigint): PostableTransfer {
  return {
    id: uuidv7(),
    debitAccountId,
    creditAccountId,
    amountMinor,
    currency,
    kind: 'crash',
    reference: 'TN-TEST-0001',
    effectiveAt: systemClock.now(),
  }
}

/** `takenId`: a transfer that exists. */
export function createLoad(of: {
  bank: Uuid
  wallets: readonly Uuid[]
  takenId: Uuid
  random: () => number
}): Load {
  const { bank, wallets, takenId, random } = of
  const answers: Answer[] = []
  // Those that were placed last: several callers meet at each.
  const holds: NewHold[] = []
  const pick = (except?: string): string => {
    const found = wallets[Math.floor(random() * wallets.length)]!
    return found === except ? pick(except) : found
  }
  const amount = () => BigInt(1 + Math.floor(random() * 900))
  const keyed = (ownerId: Uuid) => ({ ownerId, key: uuidv7() })
  const perhapsKeyed = () => (random() < 0.5 ? { key: uuidv7() } : {})
  const transfers = (ownerId: Uuid, ...legs: PostableTransfer[]): Ask => ({
    do: 'submit',
    command: { ...keyed(ownerId), transfers: legs },
  })

  function place(): Ask {
    const from = pick()
    const { id, effectiveAt: _effectiveAt, kind: _kind, ...between } = leg(from, pick(from), amount())
    const expiresAt =
      random() < 0.4 ? new Date(systemClock.now().getTime() + Math.floor(random() * 1500)) : undefined
    return { do: 'place', hold: { ...between, id, expiresAt }, ...perhapsKeyed() }
  }

  /** A part of a hold: often more than is left, often of one that is closed. */
  function postHold(hold: NewHold): Ask {
    const { id: holdId, debitAccountId, creditAccountId, amountMinor } = hold
    return {
      do: 'submit',
      command: {
        ...keyed(debitAccountId),
        hold: {
          holdId,
          transferId: uuidv7(),
          amountMinor: 1n + amountMinor / BigInt(1 + Math.floor(random() * 4)),
          last: random() < 0.2,
          kind: 'crash',
          accountIds: [debitAccountId, creditAccountId],
        },
      },
    }
  }

  return {
    answers,
    learn(answer) {
      answers.push(answer)
      if (answer.ask.do !== 'place' || answer.outcome !== 'done') return
      holds.push(answer.ask.hold)
      if (holds.length > holdsAtOnce) holds.shift()
    },
    next() {
      const from = pick()
      const chance = random()
      // Breaks its batch.
      if (chance < 0.02) return transfers(from, { ...leg(from, pick(from), 1n), id: takenId })
      // Half of what follows meets the same two accounts.
      if (chance < 0.2)
        return transfers(from, leg(from, from === wallets[0] ? wallets[1]! : wallets[0]!, amount()))
      if (chance < 0.35) {
        const path = [from, pick(from)]
        while (path.length < 5) path.push(pick(path.at(-1)))
        const same = amount()
        return transfers(from, ...path.slice(1).map((to, index) => leg(path[index]!, to, same)))
      }
      if (chance < 0.42) return transfers(from, leg(bank, from, amount()))
      if (chance < 0.49) return transfers(from, leg(from, bank, amount()))
      if (chance < 0.61) return place()
      const hold = holds[Math.floor(random() * holds.length)]
      if (hold && chance < 0.77) return postHold(hold)
      if (hold && chance < 0.81)
        return { do: 'void', holdId: hold.id, ownerId: hold.debitAccountId, ...perhapsKeyed() }
      if (chance < 0.83) return { do: 'expire' }
      return transfers(from, leg(from, pick(from), amount()))
    },
  }
}

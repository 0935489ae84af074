// Callers of the ledger: each asks for one command at a time, waits for its answer, and asks for the next.
// Answers are counted with a checksum over the ids of their transfers, which the database must give again.
import { referenceOf, uuidv7 } from '#contract/ids.ts'
import type { TransferCommand, PostableTransfer } from '#modules/ledger/index.ts'
import { accountCount, accountId, currency } from './ledger-world.ts'
import { spread, type Spread } from './statistics.ts'

export type Shape = 'uniform' | 'hot' | 'fourLegs' | 'holds'

/** Whom half of all credits go to in the shape `hot`. */
export const hotAccount = accountId(0)

export interface PlacedHold {
  holdId: string
  accountIds: readonly [string, string]
}

export interface LoadReport extends Spread {
  seconds: number
  commands: number
  transfers: number
  /** Sum of the last 48 bits of the ids of acknowledged transfers, modulo 2^48. */
  checksum: number
  refused: Record<string, number>
}

export const checksumModulus = 2 ** 48
const checksumOf = (id: string) => Number.parseInt(id.slice(24), 16)

const pick = (except = -1): number => {
  const number = Math.floor(Math.random() * accountCount)
  return number === except ? (number + 1) % accountCount : number
}

// As in the product each movement has a reference of its own: its index must find room for it.
let nextReference = BigInt(Date.now() % 1_000_000_000)

function leg(debit: number, credit: number): PostableTransfer {
  return {
    id: uuidv7(),
    debitAccountId: accountId(debit),
    creditAccountId: accountId(credit),
    amountMinor: BigInt(1 + Math.floor(Math.random() * 1000)),
    currency,
    kind: 'bench',
    reference: referenceOf('TN', nextReference++),
  }
}

/** One command of this shape; undefined when there are no holds left. */
export function nextCommand(shape: Shape, holds: PlacedHold[]): TransferCommand | undefined {
  const from = pick()
  const command = { ownerId: accountId(from), key: uuidv7() }
  if (shape === 'holds') {
    const hold = holds.pop()
    return (
      hold && {
        ...command,
        hold: { ...hold, transferId: uuidv7(), kind: 'hold_posted' },
      }
    )
  }
  if (shape === 'fourLegs') {
    // Five accounts in a row: each passes on what it was given.
    const path = [from]
    while (path.length < 5) path.push(pick(path.at(-1)))
    return { ...command, transfers: path.slice(1).map((to, index) => leg(path[index]!, to)) }
  }
  const to = shape === 'hot' && Math.random() < 0.5 ? 0 : pick(from)
  return { ...command, transfers: [leg(from, to === from ? pick(from) : to)] }
}

/** `callers` at once for `seconds`, or until there is nothing left to ask. A failure that is not a refusal ends everything. */
export async function runCallers(options: {
  shape: Shape
  callers: number
  seconds: number
  holds: PlacedHold[]
  submit: (command: TransferCommand) => Promise<string>
}): Promise<LoadReport> {
  const { shape, callers, seconds, holds, submit } = options
  const latencies: number[] = []
  const refused: Record<string, number> = {}
  let [commands, transfers, checksum] = [0, 0, 0]
  const started = performance.now()
  const until = started + seconds * 1000
  let ended = started

  async function call(): Promise<void> {
    for (let now = performance.now(); now < until;) {
      const command = nextCommand(shape, holds)
      if (!command) return
      const outcome = await submit(command)
      const answered = performance.now()
      latencies.push(answered - now)
      now = ended = answered
      if (outcome !== 'posted') {
        refused[outcome] = (refused[outcome] ?? 0) + 1
        continue
      }
      commands++
      for (const { id } of command.transfers ?? [{ id: command.hold!.transferId }]) {
        transfers++
        checksum = (checksum + checksumOf(id)) % checksumModulus
      }
    }
  }
  await Promise.all(Array.from({ length: callers }, call))
  return { seconds: (ended - started) / 1000, commands, transfers, checksum, refused, ...spread(latencies) }
}

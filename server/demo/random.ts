// Chance that repeats: the same seed draws the same story on every machine. For invented data only, never for a secret.
import { createHash } from 'node:crypto'

export interface Random {
  /** 0 ≤ answer < 1 */
  next(): number
  /** A whole number from minimum to maximum, both included. */
  whole(minimum: number, maximum: number): number
  chance(probability: number): boolean
  pick<Value>(list: readonly Value[]): Value
  /** By weight: a value of weight 3 comes three times as often as one of weight 1. */
  weighted<Value extends { weight: number }>(list: readonly Value[]): Value
  /** A UUIDv7 of this moment. */
  uuid(at: Date): string
  /** Another stream, the same for the same name, whatever was drawn here before. */
  fork(name: string): Random
}

/** The small fast counting generator (sfc32), seeded through SHA-256. */
export function seededRandom(seed: string): Random {
  const digest = createHash('sha256').update(seed).digest()
  let [a, b, c, counter] = [0, 4, 8, 12].map((at) => digest.readUInt32LE(at)) as [
    number,
    number,
    number,
    number,
  ]

  function word(): number {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + sum
    return sum >>> 0
  }

  const random: Random = {
    next: () => word() / 2 ** 32,
    whole: (minimum, maximum) => minimum + Math.floor(random.next() * (maximum - minimum + 1)),
    chance: (probability) => random.next() < probability,
    pick: (list) => list[random.whole(0, list.length - 1)]!,
    weighted(list) {
      let left = random.next() * list.reduce((sum, value) => sum + value.weight, 0)
      return list.find((value) => (left -= value.weight) < 0) ?? list.at(-1)!
    },
    uuid(at) {
      const bytes = Buffer.alloc(16)
      bytes.writeUIntBE(at.getTime(), 0, 6)
      for (let place = 6; place < 16; place++) bytes[place] = word() & 0xff
      bytes[6] = 0x70 | (bytes[6]! & 0x0f)
      bytes[8] = 0x80 | (bytes[8]! & 0x3f)
      const hex = bytes.toString('hex')
      return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join(
        '-',
      )
    },
    fork: (name) => seededRandom(`${seed} ${name}`),
  }
  for (let warmUp = 0; warmUp < 12; warmUp++) word()
  return random
}

// The bytes of seals: fixed by examples that must never change, and by what a tree of hashes must do.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkpointText,
  merkleRoot,
  merkleRootInSteps,
  sealHash,
  transferText,
  writeLeaf,
  type SealForm,
  type SealedTransfer,
} from './seal-hash.ts'
import { transferRecord } from './seal-record.ts'

const transfer: SealedTransfer = {
  sequence: '7',
  id: '0192aa00-0000-7000-8000-000000000001',
  debitAccountId: '0192aa00-0000-7000-8000-00000000000a',
  creditAccountId: '0192aa00-0000-7000-8000-00000000000b',
  amount: '2500',
  currency: 'IDR',
  kind: 'payment',
  reference: 'TN-7Q2M-93TD',
  reversalOf: null,
  holdId: null,
  debitBalanceAfter: '-2500',
  debitEntry: '1',
  creditBalanceAfter: '9000',
  creditEntry: '3',
  effectiveAtMicroseconds: '1795154400000000',
  recordedAtMicroseconds: '1795154400000001',
  debitOpens: 'bank_clearing//IDR',
  creditOpens: null,
}
const sha256 = (...parts: (Buffer | string)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const leafOf = (form: SealForm, of: SealedTransfer) => {
  const leaf = Buffer.alloc(34)
  writeLeaf(form, of, leaf, 1)
  expect([leaf[0], leaf[33]]).toEqual([0, 0])
  return leaf.subarray(1, 33)
}
const leaves = (count: number) => Array.from({ length: count }, (_, index) => sha256(String(index)))

/** The tree as RFC 9162 defines it: split at the largest power of two below the count. */
function plainRoot(list: Buffer): Buffer {
  const count = list.length / 32
  if (count === 0) return Buffer.alloc(32)
  if (count === 1) return list
  let left = 1
  while (left * 2 < count) left *= 2
  return sha256('\x01', plainRoot(list.subarray(0, left * 32)), plainRoot(list.subarray(left * 32)))
}

describe('a leaf', () => {
  it('keeps its form for ever', () => {
    expect(transferText(transfer)).toBe(
      '7|0192aa00-0000-7000-8000-000000000001|0192aa00-0000-7000-8000-00000000000a|0192aa00-0000-7000-8000-00000000000b|2500|||-2500|1|9000|3|1795154400000000|1795154400000001|3:IDR|7:payment|12:TN-7Q2M-93TD|bank_clearing//IDR|',
    )
    for (const form of [1, 2] as const)
      expect(leafOf(form, transfer)).toEqual(sha256('\0', transferText(transfer)))
  })

  it('of the third form keeps its form for ever', () => {
    const column = (type: number, hex: string | null) => {
      const head = Buffer.alloc(8)
      head.writeInt32BE(type)
      head.writeInt32BE(hex === null ? -1 : hex.length / 2, 4)
      return head.toString('hex') + (hex ?? '')
    }
    const [int8, uuid, text, moment] = [20, 2950, 25, 1184]
    const hexOf = (word: string) => Buffer.from(word).toString('hex')
    const id = (end: string) => `0192aa0000007000800000000000000${end}`
    const record = [
      '00000012',
      column(int8, '0000000000000007'),
      column(uuid, id('1')),
      column(uuid, id('a')),
      column(uuid, id('b')),
      column(int8, '00000000000009c4'),
      column(uuid, null),
      column(uuid, null),
      column(int8, 'fffffffffffff63c'),
      column(int8, '0000000000000001'),
      column(int8, '0000000000002328'),
      column(int8, '0000000000000003'),
      // Microseconds since 2000: 848,469,600 seconds, and one microsecond more.
      column(moment, (848_469_600_000_000).toString(16).padStart(16, '0')),
      column(moment, (848_469_600_000_001).toString(16).padStart(16, '0')),
      column(text, hexOf('IDR')),
      column(text, hexOf('payment')),
      column(text, hexOf('TN-7Q2M-93TD')),
      column(text, hexOf('bank_clearing//IDR')),
      column(text, null),
    ].join('')
    expect(transferRecord(transfer).toString('hex')).toBe(record)
    expect(leafOf(3, transfer)).toEqual(sha256(Buffer.from(record, 'hex')))
  })

  it('of the third form is another one for every field', () => {
    const another: Partial<Record<keyof SealedTransfer, string>> = {
      id: '0192aa00-0000-7000-8000-000000000002',
      debitAccountId: '0192aa00-0000-7000-8000-000000000002',
      creditAccountId: '0192aa00-0000-7000-8000-000000000002',
      reversalOf: '0192aa00-0000-7000-8000-000000000002',
      holdId: '0192aa00-0000-7000-8000-000000000002',
    }
    const hashes = Object.keys(transfer).map((each) => {
      const name = each as keyof SealedTransfer
      return leafOf(3, { ...transfer, [name]: another[name] ?? `${transfer[name] ?? ''}1` }).toString('hex')
    })
    expect(new Set([...hashes, leafOf(3, transfer).toString('hex')]).size).toBe(hashes.length + 1)
    // Nothing, and an empty text, are two things.
    expect(leafOf(3, { ...transfer, creditOpens: '' })).not.toEqual(leafOf(3, transfer))
  })

  it('is another one for every field', () => {
    const texts = Object.keys(transfer).map((name) =>
      transferText({ ...transfer, [name]: `${transfer[name as keyof SealedTransfer] ?? ''}1` }),
    )
    expect(new Set([...texts, transferText(transfer)]).size).toBe(texts.length + 1)
  })

  it('tells texts apart that look alike side by side', () => {
    const one = transferText({ ...transfer, kind: 'a|1:b', reference: 'c' })
    const other = transferText({ ...transfer, kind: 'a', reference: 'b|1:c' })
    expect(one).not.toBe(other)
    expect(transferText({ ...transfer, kind: 'é' })).toContain('|2:é|')
  })
})

describe('a root', () => {
  it('is that of RFC 9162', () => {
    const [a, b, c, d, e] = leaves(5) as [Buffer, Buffer, Buffer, Buffer, Buffer]
    const node = (left: Buffer, right: Buffer) => sha256('\x01', left, right)
    expect(merkleRoot(a)).toEqual(a)
    expect(merkleRoot(Buffer.concat([a, b]))).toEqual(node(a, b))
    expect(merkleRoot(Buffer.concat([a, b, c]))).toEqual(node(node(a, b), c))
    expect(merkleRoot(Buffer.concat([a, b, c, d, e]))).toEqual(node(node(node(a, b), node(c, d)), e))
  })

  it('changes with any leaf, with any two changed places, and with one leaf more or less', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.nat(), fc.nat(), (count, first, second) => {
        const list = leaves(count)
        const root = merkleRoot(Buffer.concat(list))
        const [one, other] = [first % count, second % count]
        const changed = list.with(one, sha256('changed'))
        expect(merkleRoot(Buffer.concat(changed))).not.toEqual(root)
        const moved = list.with(one, list[other]!).with(other, list[one]!)
        expect(merkleRoot(Buffer.concat(moved)).equals(root)).toBe(one === other)
        expect(merkleRoot(Buffer.concat(list.toSpliced(one, 1)))).not.toEqual(root)
        expect(merkleRoot(Buffer.concat([...list, list.at(-1)!]))).not.toEqual(root)
      }),
      { numRuns: 200, seed: 20_261_122 },
    )
  })

  it('is the same in steps, with a pause after each', async () => {
    let pauses = 0
    const pause = async () => void pauses++
    for (const count of [
      0, 1, 2, 3, 511, 512, 513, 1023, 1024, 1025, 1536, 1537, 2047, 4095, 4096, 4097, 8192,
    ]) {
      pauses = 0
      const list = Buffer.concat(leaves(count))
      const before = Buffer.from(list)
      expect(await merkleRootInSteps(list, pause), String(count)).toEqual(merkleRoot(list))
      expect(pauses).toBe(Math.ceil(count / 512))
      expect(list).toEqual(before)
    }
    const many = Buffer.concat(leaves(3000))
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 3000 }), async (count) => {
        const list = many.subarray(0, count * 32)
        expect(await merkleRootInSteps(list, pause)).toEqual(merkleRoot(list))
        expect(merkleRoot(list)).toEqual(plainRoot(list))
      }),
      { numRuns: 30, seed: 20_261_122 },
    )
  })

  it('of nothing is zeros, and half a leaf is refused', () => {
    expect(merkleRoot(Buffer.alloc(0))).toEqual(Buffer.alloc(32))
    expect(() => merkleRoot(Buffer.alloc(33))).toThrow(/32 bytes/)
  })
})

describe('a seal', () => {
  const seal = {
    form: 1 as SealForm,
    number: 3n,
    lastSequence: 90n,
    transfers: 12n,
    total: 30n,
    root: sha256('root'),
    sealedAt: new Date('2026-11-22T03:00:00.000Z'),
  }
  const previous = sha256('previous')

  it('keeps its form for ever', () => {
    expect(sealHash(seal, previous)).toEqual(
      sha256(
        `tuntas ledger seal 1\n3\n90\n12\n30\n${seal.root.toString('hex')}\n2026-11-22T03:00:00.000Z\n${previous.toString('hex')}`,
      ),
    )
  })

  it('is another one for every figure and for another seal before it', () => {
    const others = [
      { ...seal, form: 2 as const },
      { ...seal, form: 3 as const },
      { ...seal, number: 4n },
      { ...seal, lastSequence: 91n },
      { ...seal, transfers: 13n },
      { ...seal, total: 31n },
      { ...seal, root: sha256('other') },
      { ...seal, sealedAt: new Date('2026-11-22T03:00:00.001Z') },
    ].map((other) => sealHash(other, previous).toString('hex'))
    others.push(sealHash(seal, sha256('another')).toString('hex'), sealHash(seal, previous).toString('hex'))
    expect(new Set(others).size).toBe(10)
  })

  it.each([2, 3] as const)('of form %i keeps its form too', (form) => {
    const parts = {
      links: { count: 2n, root: sha256('links') },
      events: { last: 40n, count: 5n, root: sha256('events') },
      keys: { last: 7n, count: 6n, root: sha256('keys') },
    }
    const hex = (text: string) => sha256(text).toString('hex')
    expect(sealHash({ ...seal, form, parts }, previous)).toEqual(
      sha256(
        `tuntas ledger seal ${form}\n3\n90\n12\n30\n${hex('root')}\n2\n${hex('links')}\n40\n5\n${hex('events')}\n7\n6\n${hex('keys')}\n2026-11-22T03:00:00.000Z\n${hex('previous')}`,
      ),
    )
  })

  it('is signed with all that a checkpoint says', () => {
    const body = {
      ledger: 'aa',
      seal: '3',
      hash: 'bb',
      lastSequence: '90',
      transfers: '30',
      signedAt: '2026-11-22T03:00:01.000Z',
    }
    expect(checkpointText(body).toString()).toBe(
      'tuntas ledger checkpoint 1\naa\n3\nbb\n90\n30\n2026-11-22T03:00:01.000Z',
    )
  })
})

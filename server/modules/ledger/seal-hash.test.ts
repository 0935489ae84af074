// The bytes of seals: fixed by examples that must never change, and by what a tree of hashes must do.
import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkpointText,
  leafHash,
  merkleRoot,
  rootOfPart,
  sealHash,
  transferText,
  type SealedTransfer,
} from './seal-hash.ts'

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
const leaves = (count: number) => Array.from({ length: count }, (_, index) => sha256(String(index)))

describe('a leaf', () => {
  it('keeps its form for ever', () => {
    expect(transferText(transfer)).toBe(
      '7|0192aa00-0000-7000-8000-000000000001|0192aa00-0000-7000-8000-00000000000a|0192aa00-0000-7000-8000-00000000000b|2500|||-2500|1|9000|3|1795154400000000|1795154400000001|3:IDR|7:payment|12:TN-7Q2M-93TD|bank_clearing//IDR|',
    )
    expect(leafHash(transfer)).toEqual(sha256('\0', transferText(transfer)))
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

  it('of nothing is zeros, and half a leaf is refused', () => {
    expect(merkleRoot(Buffer.alloc(0))).toEqual(Buffer.alloc(32))
    expect(() => merkleRoot(Buffer.alloc(33))).toThrow(/32 bytes/)
  })
})

describe('a seal', () => {
  const seal = {
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
      { ...seal, number: 4n },
      { ...seal, lastSequence: 91n },
      { ...seal, transfers: 13n },
      { ...seal, total: 31n },
      { ...seal, root: sha256('other') },
      { ...seal, sealedAt: new Date('2026-11-22T03:00:00.001Z') },
    ].map((other) => sealHash(other, previous).toString('hex'))
    others.push(sealHash(seal, sha256('another')).toString('hex'), sealHash(seal, previous).toString('hex'))
    expect(new Set(others).size).toBe(8)
  })

  it('of the second form keeps its form too', () => {
    const parts = {
      links: { count: 2n, root: sha256('links') },
      events: { last: 40n, count: 5n, root: sha256('events') },
      keys: { last: 7n, count: 6n, root: sha256('keys') },
    }
    const hex = (text: string) => sha256(text).toString('hex')
    expect(sealHash({ ...seal, parts }, previous)).toEqual(
      sha256(
        `tuntas ledger seal 2\n3\n90\n12\n30\n${hex('root')}\n2\n${hex('links')}\n40\n5\n${hex('events')}\n7\n6\n${hex('keys')}\n2026-11-22T03:00:00.000Z\n${hex('previous')}`,
      ),
    )
    const leavesOfPart = Buffer.concat([sha256('a'), sha256('b')])
    expect(rootOfPart(leavesOfPart)).toEqual(sha256(leavesOfPart))
    expect(rootOfPart(Buffer.alloc(0))).toEqual(Buffer.alloc(32))
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

// Every limit of what a caller may give, on both of its sides.
import { describe, expect, it } from 'vitest'
import { maximumAmountMinor } from '#contract/money.ts'
import { uuidv7 } from '#contract/ids.ts'
import {
  checkAmount,
  checkHold,
  checkId,
  checkIdLength,
  checkLimit,
  checkMoment,
  checkPart,
  checkPlace,
  checkReversal,
  checkText,
  checkTransfer,
} from './input.ts'

const id = uuidv7()
const farthest = Math.floor(Number.MAX_SAFE_INTEGER / 1000)
const since2000 = (ms: number) => new Date(Date.UTC(2000, 0, 1) + ms)
const noDate = new Date('no day')

const judge = (check: () => void, field: string) => {
  try {
    check()
    return 'taken'
  } catch (error) {
    expect(error).toMatchObject({ code: 'validation_failed', values: { field } })
    return 'refused'
  }
}

it.each<[string, string, (value: never) => void, readonly unknown[], readonly unknown[]]>([
  [
    'an amount',
    'amountMinor',
    checkAmount,
    [1n, maximumAmountMinor],
    [0n, -1n, maximumAmountMinor + 1n, 1, '1'],
  ],
  ['an id', 'id', checkId, [id, id.toUpperCase()], ['', `${id}0`, id.replaceAll('-', '0'), 5, undefined]],
  ['an id by its length', 'id', checkIdLength, [id, 'x'.repeat(36)], [id.slice(1), `${id}0`, 36, undefined]],
  [
    'a text',
    'text',
    (text) => checkText(text, 'text'),
    ['x', 'x'.repeat(200)],
    ['', 'x'.repeat(201), 'x\0', 5, null],
  ],
  [
    'a moment',
    'at',
    (at) => checkMoment(at, 'at'),
    [since2000(0), since2000(farthest), since2000(-farthest)],
    [since2000(farthest + 1), since2000(-farthest - 1), noDate, 0, '2026-11-20', undefined],
  ],
  ['a limit', 'limit', checkLimit, [1, 500], [0, -1, 1.5, Infinity, NaN, 1n, '1', undefined]],
  [
    'a place',
    'after',
    (place) => checkPlace(place, 'after'),
    [undefined, 0n, maximumAmountMinor],
    [-1n, maximumAmountMinor + 1n, 0, '0', null],
  ],
])('%s: what is taken and what is refused', (_what, field, check, taken, refused) => {
  expect(taken.map((value) => judge(() => check(value as never), field))).toEqual(taken.map(() => 'taken'))
  expect(refused.map((value) => judge(() => check(value as never), field))).toEqual(
    refused.map(() => 'refused'),
  )
})

const terms = { amountMinor: 1n, kind: 'test', reference: 'TN-TEST-0001' }
const between = { id, debitAccountId: uuidv7(), creditAccountId: uuidv7(), currency: 'IDR' as const }

describe.each<[string, (given: never) => void, object, Record<string, unknown>]>([
  [
    'a transfer',
    checkTransfer,
    { ...between, ...terms },
    {
      effectiveAt: noDate,
      reversalOf: 'it',
      holdId: 'it',
      kind: '',
      reference: '',
      amountMinor: 0n,
      id: 'it',
    },
  ],
  [
    'a hold',
    checkHold,
    { ...between, ...terms },
    {
      expiresAt: noDate,
      debitAccountId: 'it',
      creditAccountId: 'it',
      reference: '',
      amountMinor: 0n,
      id: 'it',
    },
  ],
  [
    'a part of a hold',
    checkPart,
    { holdId: id, transferId: uuidv7(), kind: 'test' },
    { effectiveAt: noDate, holdId: 'it', transferId: 'it', kind: '', amountMinor: 0n },
  ],
  [
    'a reversal',
    checkReversal,
    { id, transferId: uuidv7(), ...terms },
    { effectiveAt: noDate, from: 'it', transferId: 'it', kind: '', reference: '', amountMinor: 0n, id: 'it' },
  ],
])('%s', (_what, check, good, wrong) => {
  it('may leave out what it need not say', () => {
    expect(judge(() => check(good as never), '')).toBe('taken')
  })

  it.each(Object.entries(wrong))('with %s of %o is refused for it', (field, value) => {
    expect(judge(() => check({ ...good, [field]: value } as never), field)).toBe('refused')
  })
})

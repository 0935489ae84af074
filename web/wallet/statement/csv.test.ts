import { describe, expect, it } from 'vitest'
import type { Statement } from '../../../contract/customer.ts'
import { csvCell, statementCsv } from './csv.ts'

describe('cells', () => {
  it.each([
    ['Kedai Kopi Lumbung', 'Kedai Kopi Lumbung'],
    ['Kopi, teh', '"Kopi, teh"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['=HYPERLINK("http://x")', '"\'=HYPERLINK(""http://x"")"'],
    ['+62 812', '"\'+62 812"'],
    ['-1+1', '"\'-1+1"'],
    ['@SUM(A1)', '"\'@SUM(A1)"'],
    ['  =1+1', '"\'  =1+1"'],
    ['\t=1+1', '"\'\t=1+1"'],
    ['', ''],
  ])('%j is written %j', (text, cell) => expect(csvCell(text)).toBe(cell))
})

it('a statement reads from its opening to its closing, in and out in columns of their own', () => {
  const idr = (amountMinor: string) => ({ amountMinor, currency: 'IDR' as const })
  const entry = { kind: 'payment', recordedAt: 'T2', effectiveAt: 'T2', reference: 'TN-7Q2M-93TD' }
  const statement = {
    opening: { amount: idr('100000'), at: 'T1' },
    closing: { amount: idr('80000'), at: 'T4' },
  } as Statement
  const csv = statementCsv(
    statement,
    [
      { ...entry, entry: '2', amount: idr('5000'), balanceAfter: idr('80000'), recordedAt: 'T3' },
      { ...entry, entry: '1', amount: idr('-25000'), balanceAfter: idr('75000') },
    ],
    {
      time: 'Time',
      what: 'What',
      reference: 'Reference',
      in: 'In',
      out: 'Out',
      balance: 'Balance',
      currency: 'Currency',
      opening: 'Opening',
      closing: 'Closing',
    },
    (at) => at,
    { what: ({ entry: number }) => `entry ${number}`, at: ({ recordedAt }) => recordedAt },
  )
  expect(csv.split('\r\n')).toEqual([
    'Time,What,Reference,In,Out,Balance,Currency',
    'T1,Opening,,,,1000.00,IDR',
    'T2,entry 1,TN-7Q2M-93TD,,250.00,750.00,IDR',
    'T3,entry 2,TN-7Q2M-93TD,50.00,,800.00,IDR',
    'T4,Closing,,,,800.00,IDR',
    '',
  ])
})

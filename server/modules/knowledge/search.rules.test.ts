import { describe, expect, it } from 'vitest'
import { buildIndex, fold, isOneErrorAway, search, termsOf } from './search.rules.ts'

const index = buildIndex([
  {
    id: 'top-up',
    fields: [{ text: 'Put money into your wallet. Top up from a bank. 给钱包充值 isi saldo', weight: 3 }],
  },
  { id: 'pin', fields: [{ text: 'PIN wrong or locked. 输错 PIN 被锁定 PIN salah terkunci', weight: 3 }] },
  {
    id: 'freeze',
    fields: [{ text: 'Freeze my wallet, lost phone. 冻结我的钱包 手机丢了 bekukan dompet', weight: 3 }],
  },
  { id: 'stop', fields: [{ text: 'The last stop of the bus', weight: 1 }] },
])
const best = (question: string) => search(index, question, 3)[0]?.id

describe('finds', () => {
  it.each([
    ['a word', 'freeze', 'freeze'],
    ['a question', 'How can I top up my wallet?', 'top-up'],
    ['capital letters', 'LOCKED', 'pin'],
    ['a letter too many', 'freezze', 'freeze'],
    ['two letters swapped', 'lokced', 'pin'],
    ['a letter missing', 'walet freze', 'freeze'],
    ['another form of an Indonesian word', 'membekukan', 'freeze'],
    ['a stem in a longer word', 'dikunci', 'pin'],
    ['Chinese', '怎么充值', 'top-up'],
    ['Chinese with other words between', '我的手机昨天丢了怎么办', 'freeze'],
    ['Chinese and Latin mixed', 'PIN锁了', 'pin'],
    ['full-width letters', 'ＰＩＮ', 'pin'],
    ['accents', 'frèeze', 'freeze'],
  ])('%s: %s', (_name, question, id) => {
    expect(best(question)).toBe(id)
  })
})

describe('finds nothing', () => {
  it.each([
    ['in an empty question', ''],
    ['in signs', '?? !! 🙂'],
    ['in letters that are no word', 'xqzv wkjh'],
    ['in Chinese that only shares a letter', '包子'],
  ])('%s', (_name, question) => {
    expect(search(index, question, 3)).toEqual([])
  })
})

it('does not take a short word for a part of another', () => {
  expect(search(index, 'top', 5).map((hit) => hit.id)).not.toContain('stop')
})

it('gives equal scores one order', () => {
  const twins = buildIndex(['b', 'a'].map((id) => ({ id, fields: [{ text: 'wallet', weight: 1 }] })))
  expect(search(twins, 'wallet', 2).map((hit) => hit.id)).toEqual(['a', 'b'])
})

it('folds width, case and accents', () => {
  expect(fold('ＡÉ')).toBe('ae')
})

it('knows words, 3-grams and Han bigrams', () => {
  const terms = termsOf('Saldo 余额').map((each) => each.term)
  expect(terms).toEqual(expect.arrayContaining(['w:saldo', 'g:_sa', 'g:do_', 'h:余', 'h:额', 'b:余额']))
})

it.each([
  ['locked', 'lokced', true],
  ['locked', 'loked', true],
  ['locked', 'lockedd', true],
  ['locked', 'lacked', true],
  ['locked', 'locked', false],
  ['locked', 'lokcde', false],
  ['locked', 'looked up', false],
  ['ab', 'ba', true],
])('%s is one error away from %s: %s', (one, other, away) => {
  expect(isOneErrorAway(one, other)).toBe(away)
  expect(isOneErrorAway(other, one)).toBe(away)
})

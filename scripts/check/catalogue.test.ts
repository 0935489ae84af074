// Proves the check of the catalogues, rule by rule.
import { describe, expect, it } from 'vitest'
import { compareLanguages, judgeErrorTexts, judgeWords, promisedCodes, valuesOf } from './catalogue-rules.ts'

describe('the values of a text', () => {
  it.each([
    ['no values here', []],
    ['{have} of {need}', ['have', 'need']],
    ['{count, plural, one {# try of {name}} other {# tries of {name}}}', ['count', 'name']],
    ['{kind, select, shop {the shop} other {someone}}', ['kind']],
  ])('%s', (text, names) => {
    expect(valuesOf(text)).toEqual(names)
  })
})

describe('the languages', () => {
  const en = { a: 'You have {have}', b: 'Close' }
  it.each([
    ['a missing text', { a: 'Anda punya {have}' }, 'b: missing'],
    ['an empty text', { a: 'Anda punya {have}', b: ' ' }, 'b: empty'],
    ['a text too many', { a: 'Anda punya {have}', b: 'Tutup', c: 'Sisa' }, 'c: unknown'],
    ['a value with another name', { a: 'Anda punya {punya}', b: 'Tutup' }, 'takes {punya}'],
    ['a text that is not ICU', { a: 'Anda punya {have', b: 'Tutup' }, 'web/ui id a: '],
  ])('refuse %s', (_name, id, expected) => {
    const problems = compareLanguages('web/ui', { en, id })
    expect(problems).toHaveLength(1)
    expect(problems[0]).toContain(expected)
  })

  it('agree', () => {
    expect(compareLanguages('web/ui', { en, id: { a: 'Anda punya {have}', b: 'Tutup' } })).toEqual([])
  })
})

describe('errors', () => {
  const complete = Object.fromEntries(
    promisedCodes.flatMap((code) => [`error.${code}.title`, `error.${code}.body`]).map((id) => [id, 'text']),
  )
  it('are complete', () => {
    expect(judgeErrorTexts(promisedCodes, { en: complete })).toEqual([])
  })
  it('miss a body in one language', () => {
    const { 'error.pin_wrong.body': _gone, ...rest } = complete
    expect(judgeErrorTexts(promisedCodes, { en: complete, id: rest })).toEqual([
      'id: error.pin_wrong.body is missing',
    ])
  })
  it('lose a promised code', () => {
    const codes = promisedCodes.filter((code) => code !== 'pin_wrong')
    expect(judgeErrorTexts(codes, { en: {} })[0]).toContain('pin_wrong is gone')
  })
  it('speak of a code that is not there', () => {
    const problems = judgeErrorTexts(promisedCodes, { en: { ...complete, 'error.pin_rong.title': 'x' } })
    expect(problems).toEqual(['en: error.pin_rong.title speaks of a code that is not there'])
  })
})

it('words of the contract are all there', () => {
  expect(judgeWords(['state.held'], { en: { 'state.held': 'Held' }, id: {} })).toEqual([
    'id: state.held is missing',
  ])
})

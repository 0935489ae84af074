// The options of `npm test`.
import { expect, it } from 'vitest'
import { readOptions } from './options.ts'

it.each([
  [[], ['checks', 'unit', 'journeys'], ['embedded', 'debian']],
  [['--only', 'unit'], ['unit'], ['embedded', 'debian']],
  [['--only=unit', '--on=debian'], ['unit'], ['debian']],
  [['--on', 'embedded'], ['checks', 'unit', 'journeys'], ['embedded']],
])('reads %j', (args, parts, servers) => {
  expect(readOptions(args)).toEqual({ parts, servers })
})

it.each([[['--only', 'everything']], [['--onyl', 'unit']], [['--only']], [['unit']]])(
  'refuses %j',
  (args) => {
    expect(() => readOptions(args)).toThrow('is not an option')
  },
)

import { expect, test } from 'vitest'
import { codeInGroups, readCode } from './code.ts'

test('a code is printed in groups and read however it is typed', () => {
  expect(codeInGroups('K7QF2M9DX01HJKMNP8RS')).toBe('K7QF-2M9D-X01H-JKMN-P8RS')
  for (const typed of ['K7QF-2M9D-X01H-JKMN-P8RS', ' k7qf 2m9d xoih jkmn p8rs ', 'K7QF2M9DX0LHJKMNP8RS'])
    expect(readCode(typed)).toBe('K7QF2M9DX01HJKMNP8RS')
  for (const none of ['', 'K7QF', 'K7QF2M9DX01HJKMNP8RU', 'K7QF2M9DX01HJKMNP8RSX'])
    expect(readCode(none)).toBeUndefined()
})

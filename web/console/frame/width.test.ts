import { expect, it } from 'vitest'
import { isShortOf, widthOf } from './width.ts'

it('counts panes in the reader’s own type size', () => {
  expect(widthOf(1440, 16)).toBe('wide')
  expect(widthOf(1440, 20)).toBe('middle')
  expect(widthOf(1440, 24)).toBe('narrow')
  expect(widthOf(390, 16)).toBe('phone')
})

it('a laptop is short only at large letters', () => {
  expect(isShortOf(900, 16)).toBe(false)
  expect(isShortOf(900, 20)).toBe(true)
  expect(isShortOf(900, 24)).toBe(true)
  expect(isShortOf(768, 16)).toBe(false)
  expect(isShortOf(768, 20)).toBe(true)
})

import { expect, it } from 'vitest'
import { roomFor } from './theme.ts'

it.each([
  ['the usual size', 16, 'normal'],
  ['the usual size, a little larger', 18, 'normal'],
  ['large by choice', 20, 'large'],
  ['larger by choice', 24, 'larger'],
  ['twice as large by the browser', 32, 'larger'],
  ['large by choice and by the browser', 25, 'larger'],
])('%s: %i pixels are %s', (_name, rootPx, room) => {
  expect(roomFor(rootPx)).toBe(room)
})

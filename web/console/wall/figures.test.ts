// Figures of the wall in parts, and when they warn.

import { expect, test } from 'vitest'
import { figureOf, meanFigure, toneOfWait } from './figures.ts'

test.each([
  [38, 'en', [['38', 's']]],
  [
    372,
    'en',
    [
      ['6', 'min'],
      ['12', 's'],
    ],
  ],
  [360, 'en', [['6', 'min']]],
  [
    5460,
    'id',
    [
      ['1', 'jam'],
      ['31', 'mnt'],
    ],
  ],
  [
    372,
    'zh',
    [
      ['6', '分钟'],
      ['12', '秒'],
    ],
  ],
] as const)('%i seconds in %s', (seconds, language, parts) => {
  expect(figureOf(seconds, language).map(({ figure, unit }) => [figure, unit])).toEqual(parts)
})

test('red stands for a broken promise only', () => {
  expect(toneOfWait({ waiting: 0, overdue: 0, longestWaitSeconds: 0 })).toBe('ok')
  expect(toneOfWait({ waiting: 3, overdue: 0, longestWaitSeconds: 40 })).toBe('ok')
  expect(toneOfWait({ waiting: 3, overdue: 0, longestWaitSeconds: 400 })).toBe('wait')
  expect(toneOfWait({ waiting: 3, overdue: 1, longestWaitSeconds: 400 })).toBe('fail')
})

test.each([
  [4.25, 'en', '4.3'],
  [5, 'id', '5,0'],
  [3.04, 'zh', '3.0'],
] as const)('a mean of %d in %s', (mean, language, figure) => {
  expect(meanFigure(mean, language)).toBe(figure)
})

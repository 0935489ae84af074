import { expect, it } from 'vitest'
import { formatCountdown, formatDuration } from './duration.ts'
import {
  formatCount,
  formatFingerprint,
  formatReference,
  groupDigits,
  maskEmail,
  maskNumber,
  maskPhone,
  spellReference,
} from './text.ts'
import { caretAfterGrouping, groupRupiah } from '../components/AmountField.tsx'
import { initialsOf } from '../components/Avatar.tsx'

it('counts in the reader’s way', () => {
  expect([formatCount(13346, 'en'), formatCount(13346, 'id'), formatCount(13346, 'zh')]).toEqual([
    '13,346',
    '13.346',
    '13,346',
  ])
})

it('references in groups of four, whatever was typed', () => {
  for (const typed of ['tn7q2m93td', 'TN-7Q2M-93TD', 'tn 7q2m 93td'])
    expect(formatReference(typed)).toBe('TN-7Q2M-93TD')
  expect(formatReference('hello')).toBe('hello')
  expect(spellReference('TN-7Q2M-93TD')).toBe('T N 7 Q 2 M 9 3 T D')
})

it('fingerprints with the middle left out', () => {
  expect(formatFingerprint('9f2c71ab0e44d3b852c7')).toBe('9f2c 71ab … 52c7')
  expect(formatFingerprint('9f2c71ab')).toBe('9f2c 71ab')
})

it('masks keep what recognises and nothing more', () => {
  expect(maskPhone('+62 812 5520 4417')).toBe('+62 812 •••• 4417')
  expect(maskPhone('110')).toBe('••••')
  expect(maskEmail('meiling@contoh.id')).toBe('m•••••@•••.id')
  expect(maskNumber('3174 0512 0391 3171')).toBe('•••• •••• 3171')
  expect(groupDigits('880812345678')).toBe('8808 1234 5678')
})

it.each([
  [38, '38\u00a0s', '38\u00a0dtk', '38\u00a0秒'],
  [185, '3\u00a0min', '3\u00a0mnt', '3\u00a0分钟'],
  [5460, '1\u00a0h 31\u00a0min', '1\u00a0jam 31\u00a0mnt', '1\u00a0小时 31\u00a0分钟'],
  [7200, '2\u00a0h', '2\u00a0jam', '2\u00a0小时'],
  [200000, '2\u00a0d', '2\u00a0hari', '2\u00a0天'],
])('%d seconds', (seconds, en, id, zh) => {
  expect([
    formatDuration(seconds, 'en'),
    formatDuration(seconds, 'id'),
    formatDuration(seconds, 'zh'),
  ]).toEqual([en, id, zh])
})

it('a countdown never goes below zero', () => {
  expect([formatCountdown(272), formatCountdown(9), formatCountdown(-3)]).toEqual(['4:32', '0:09', '0:00'])
})

it('amounts are grouped, and the caret keeps its digits', () => {
  expect(['', '5', '1000', '1250000'].map(groupRupiah)).toEqual(['', '5', '1.000', '1.250.000'])
  expect(caretAfterGrouping('1.250.000', 0)).toBe(9)
  expect(caretAfterGrouping('1.250.000', 3)).toBe(6)
  expect(caretAfterGrouping('1.250.000', 7)).toBe(0)
})

it('initials', () => {
  expect([
    initialsOf('Ratna Kusumawati'),
    initialsOf('Joko'),
    initialsOf('林美玲'),
    initialsOf('Siti Nur Aisyah'),
  ]).toEqual(['RK', 'J', '美玲', 'SA'])
})

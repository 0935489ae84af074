import { expect, test } from 'vitest'
import { parseCsv } from './csv.ts'

test.each<[string, string, Record<string, string>[]]>([
  [
    'plain fields',
    'text,category\nhello,a\nbye,b\n',
    [
      { text: 'hello', category: 'a' },
      { text: 'bye', category: 'b' },
    ],
  ],
  ['commas in quotes', 'text,category\n"one, two",a', [{ text: 'one, two', category: 'a' }]],
  ['doubled quotes', 'text,category\n"say ""hi"" now",a', [{ text: 'say "hi" now', category: 'a' }]],
  ['line ends in quotes', 'text,category\r\n"one\r\ntwo",a\r\n', [{ text: 'one\r\ntwo', category: 'a' }]],
  ['an empty last field', 'text,category\nhello,', [{ text: 'hello', category: '' }]],
  [
    'a byte order mark and empty lines',
    '\uFEFFtext,category\n\nhello,a\n\n',
    [{ text: 'hello', category: 'a' }],
  ],
  [
    'any language',
    'text,category\n"saldo saya, kak",a\n余额不对，请查,b',
    [
      { text: 'saldo saya, kak', category: 'a' },
      { text: '余额不对，请查', category: 'b' },
    ],
  ],
])('reads %s', (_name, text, records) => expect(parseCsv(text)).toEqual(records))

test('a quote that never ends is not read as the rest of the file', () =>
  expect(() => parseCsv('text\n"half')).toThrow('never closed'))
test('nothing at all says what is missing', () => expect(() => parseCsv('')).toThrow('empty'))

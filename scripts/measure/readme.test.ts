import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { commandsOf } from './readme.ts'

const readme = readFileSync(path.resolve(import.meta.dirname, '../../README.md'), 'utf8')

it('the README starts with two commands and is tested with one', () => {
  expect(commandsOf(readme, 'start')).toEqual(['npm ci', 'npm start'])
  expect(commandsOf(readme, 'test')).toEqual(['npm test'])
})

it('reads the block that is marked, without comments', () => {
  const text = '```sh\nno\n```\n<!-- a -->\n\n```sh\n# why\none\n\ntwo\n```\n```sh\nthree\n```'
  expect(commandsOf(text, 'a')).toEqual(['one', 'two'])
})

it('refuses a block that is not there', () => {
  expect(() => commandsOf('<!-- a -->\ntext', 'a')).toThrow('no code block marked a')
})

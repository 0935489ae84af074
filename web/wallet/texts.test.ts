// What the first page shows must find its words before the later ones are loaded.

import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { partOf } from '../vite/catalogue.ts'

const here = fileURLToPath(new URL('.', import.meta.url))
const json = (path: string): unknown => JSON.parse(readFileSync(`${here}${path}`, 'utf8'))
const english = json('locales/en.json') as Record<string, string>
const starts = json('locales/first.json') as string[]

const folder = (name: string): string[] => readdirSync(`${here}${name}`).map((file) => `${name}/${file}`)
/** What is on the screen before any other page is loaded. */
const sources = ['App.tsx', 'pay/OpenAttempts.tsx', ...['home', 'frame', 'offline'].flatMap(folder)].filter(
  (file) => /\.tsx?$/.test(file) && !/\.test\./.test(file),
)
const literalIds = (source: string): string[] =>
  [...source.matchAll(/\bt\('([\w.]+)'|\bid="([\w.]+)"/g)].map(([, called, element]) => called ?? element!)

it('the first page says nothing that is loaded later', () => {
  const later = partOf(english, 'later', starts)
  const used = sources.flatMap((file) => literalIds(readFileSync(`${here}${file}`, 'utf8')))
  expect(used.length).toBeGreaterThan(20)
  expect(used.filter((id) => Object.hasOwn(later, id))).toEqual([])
})

it('every beginning of first.json begins some text', () => {
  expect(starts.filter((start) => !Object.keys(english).some((id) => id.startsWith(start)))).toEqual([])
})

it('the two parts are the whole', () => {
  const parts = { ...partOf(english, 'first', starts), ...partOf(english, 'later', starts) }
  expect(Object.keys(parts).sort()).toEqual(Object.keys(english).sort())
})

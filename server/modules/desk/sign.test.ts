import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { newSign, signPictureKeys } from './sign.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')

test('the pictures are exactly those that the screens draw', () => {
  const list = /export const signPictures = \{([^}]*)\}/.exec(read('web/ui/components/OfficialSign.tsx'))![1]!
  const drawn = [...list.matchAll(/^\s*(\w+)(?::|,)/gm)].map(([, key]) => key)
  expect(drawn.length).toBeGreaterThan(10)
  expect([...signPictureKeys].sort()).toEqual(drawn.sort())
})

test.each(['en', 'id', 'zh'])('every picture has a name in %s', (language) => {
  const texts = JSON.parse(read(`web/ui/locales/${language}.json`)) as Record<string, string>
  expect(signPictureKeys.filter((key) => !texts[`sign.${key}`])).toEqual([])
})

test('two different pictures and a two-digit number, every time', () => {
  for (let turn = 0; turn < 2000; turn++) {
    const { pictures, number } = newSign()
    expect(pictures[0]).not.toBe(pictures[1])
    for (const key of pictures) expect(signPictureKeys).toContain(key)
    expect(Number.isInteger(number) && number >= 10 && number <= 99).toBe(true)
  }
})

test('signs are drawn by chance', () => {
  const seen = new Set(Array.from({ length: 500 }, () => JSON.stringify(newSign())))
  // 54,000 signs exist: five hundred draws with a hundred repetitions do not happen by accident.
  expect(seen.size).toBeGreaterThan(400)
})

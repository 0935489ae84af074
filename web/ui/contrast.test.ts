// The colours of tokens.css keep their contrast, in both schemes: parsed from the file, computed again here.

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')
type Tokens = Record<string, string>

function block(selector: string): Tokens {
  const start = css.indexOf(`${selector} {`)
  const body = css.slice(start, css.indexOf('\n}', start))
  return Object.fromEntries(
    [...body.matchAll(/--tn-([\w-]+):\s*([^;]+);/g)].map(([, name, value]) => [name!, value!.trim()]),
  )
}
const light = block(':root')
const dark = { ...light, ...block('[data-mantine-color-scheme="dark"]') }

function colourOf(tokens: Tokens, name: string): number[] {
  const value = tokens[name]
  const reference = value?.match(/^var\(--tn-([\w-]+)\)$/)
  if (reference) return colourOf(tokens, reference[1]!)
  const hex = value?.match(/^#([0-9a-f]{6})$/i)?.[1]
  if (!hex) throw new Error(`--tn-${name} is no colour: ${value}`)
  return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16))
}

function luminance(channels: number[]): number {
  const [red, green, blue] = channels.map((channel) => {
    const share = channel / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

/** Contrast of WCAG 2.2, 1 to 21. */
function contrast(tokens: Tokens, one: string, other: string): number {
  const [darker, lighter] = [one, other]
    .map((name) => luminance(colourOf(tokens, name)))
    .sort((a, b) => a - b)
  return (lighter! + 0.05) / (darker! + 0.05)
}

const grounds = ['bg', 'surface', 'sunken', 'raised']
const states = ['ok', 'wait', 'fail', 'back', 'hold']
const words: [string, string][] = [
  ...grounds.flatMap((ground): [string, string][] =>
    ['text', 'text-2', 'text-3', 'brand-text'].map((ink) => [ink, ground]),
  ),
  ...states.flatMap((state): [string, string][] => [
    [state, `${state}-tint`],
    [state, 'surface'],
    [state, 'bg'],
    ['text', `${state}-tint`],
    ['text-2', `${state}-tint`],
  ]),
  ['brand-text', 'brand-tint'],
  ['text', 'brand-tint'],
  ['on-brand', 'brand'],
  ['on-brand', 'brand-hover'],
  ['on-stage', 'stage'],
  ['on-stage-2', 'stage'],
  ['on-stage-2', 'stage-2'],
]
const shapes: [string, string][] = [
  ...['bg', 'surface'].flatMap((ground): [string, string][] => [
    ['line-strong', ground],
    ['focus', ground],
    ['brand', ground],
  ]),
  ...states.map((state): [string, string] => [`${state}-solid`, 'surface']),
]

describe.each([
  ['light', light],
  ['dark', dark],
])('%s', (_, tokens) => {
  it.each(words)('words: %s on %s', (ink, ground) =>
    expect(contrast(tokens, ink, ground)).toBeGreaterThanOrEqual(4.5),
  )
  it.each(shapes)('shapes: %s on %s', (ink, ground) =>
    expect(contrast(tokens, ink, ground)).toBeGreaterThanOrEqual(3),
  )
})

it('computes what is known', () => {
  const known = { white: '#ffffff', black: '#000000', grey: '#767676' }
  expect(contrast(known, 'white', 'black')).toBeCloseTo(21, 5)
  expect(contrast(known, 'white', 'grey')).toBeCloseTo(4.54, 2)
})

import { describe, expect, it } from 'vitest'
import {
  judgeCauses,
  judgeLabels,
  judgeMission,
  judgeSettings,
  labelsInArticles,
  linksOf,
  machinePlaces,
  missionRows,
} from './documents-rules.ts'

it('follows links within the repository only', () => {
  const text = '[a](docs/a.md) [b](https://b.example) [c](#here) [d](../d.md#part) [e](mailto:e@e.example)'
  expect(linksOf(text)).toEqual(['docs/a.md', '../d.md'])
})

it('finds places of one machine', () => {
  const place = ['', 'work', 'main', 'a.ts'].join('/')
  expect(machinePlaces(`see ${place}, not ./work/a.ts or http://host/work/a`)).toEqual([place])
})

describe('the mission', () => {
  const row = (id: string, rest = 'not yet | | | |') => `| ${id} | what | ${rest}`
  const table = (change: Record<string, string> = {}) =>
    missionRows.map((id) => row(id, change[id])).join('\n')
  it('is whole', () => {
    expect(judgeMission(table({ W1: 'works | p | t | |', W2: 'partly | p | | m |' }))).toEqual([])
  })
  it.each([
    ['an unknown state', { W1: 'nearly | p | t | |' }, 'no state but'],
    ['works without a place', { W1: 'works | | t | |' }, 'without a place'],
    ['works without a test', { W1: 'works | p | | |' }, 'without a test'],
    ['works and lacks something', { W1: 'works | p | t | card |' }, 'yet lacks: card'],
    ['partly without saying what is missing', { W1: 'partly | p | t | |' }, 'what is missing'],
  ])('refuses %s', (_name, change, expected) => {
    expect(judgeMission(table(change as Record<string, string>)).join()).toContain(expected)
  })
  it('misses a row, and sees one twice', () => {
    expect(judgeMission(table().replace('| W3 |', '| W4 |'))).toEqual([
      'docs/mission.md: W3 stands there 0 times',
      'docs/mission.md: W4 stands there 2 times',
    ])
  })
})

describe('settings', () => {
  const [example, operate] = ['# TUNTAS_A=1\nTUNTAS_B=\n', '| `TUNTAS_A` | 1 | a |\n| `TUNTAS_B` | | b |\n']
  it('agree', () => {
    expect(judgeSettings(['TUNTAS_A', 'TUNTAS_B'], example, operate)).toEqual([])
  })
  it('lack one, and name one that is gone', () => {
    expect(judgeSettings(['TUNTAS_A', 'TUNTAS_C'], example, operate)).toEqual([
      '.env.example: TUNTAS_C is missing',
      '.env.example: TUNTAS_B is not a setting',
      'docs/operate.md: TUNTAS_C is missing',
      'docs/operate.md: TUNTAS_B is not a setting',
    ])
  })
})

it('articles call buttons by the names on the screens', () => {
  const texts = Object.fromEntries(Object.keys(labelsInArticles).map((id) => [id, id]))
  const all = Object.keys(labelsInArticles).map((id) => `**${id}**`)
  expect(judgeLabels('en', texts, () => all.join(' '))).toEqual([])
  expect(judgeLabels('en', texts, () => all.slice(1).join(' '))).toHaveLength(
    labelsInArticles['transaction.help']!.length,
  )
  expect(judgeLabels('en', {}, () => '')[0]).toContain('missing, although articles name it')
})

it('every cause is explained under its title', () => {
  const texts = { 'error.pin_wrong.title': 'PIN 不对。', 'error.busy.title': 'Busy.' }
  const problems = judgeCauses('zh', ['pin_wrong', 'busy'], texts, '\n### PIN 不对\n\n…')
  expect(problems).toEqual(['knowledge/zh/why-a-payment-is-refused.md: does not explain "Busy"'])
})

// `npm run mutate -- --only abuse` takes minutes; that its list still fits the code and names every case is known at once.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { changedFiles, controls, sqlOf } from './abuse.ts'
import { root } from './workshop.ts'

const read = (file: string) => readFileSync(path.join(root, file), 'utf8')

describe('the controls of the abuse cases', () => {
  it('are those of every case of the list', () => {
    const listed = [...read('docs/abuse-cases.md').matchAll(/^\| ([A-Z]\d+) \|/gm)].map(
      ([, number]) => number!,
    )
    const held = new Set(controls.flatMap(({ cases }) => cases.split(' ')))
    expect(listed.length).toBeGreaterThan(0)
    expect([...held].toSorted()).toEqual(listed.toSorted())
  })

  it.each(controls.map((each) => [`${each.cases} ${each.control}`, each] as const))(
    '%s',
    (_name, { parts, test }) => {
      expect(read(test.file)).toContain(test.name)
      expect(changedFiles(parts).length + (sqlOf(parts) ? 1 : 0)).toBeGreaterThan(0)
    },
  )

  it('cannot be taken out of what has changed meanwhile', () => {
    const gone = { file: 'scripts/mutate/abuse.ts', from: 'stands nowhere in it', to: '' }
    expect(() => changedFiles([gone])).toThrow(/no longer found/)
  })
})

// The count of a test run: nothing that did not run may pass as nothing.
import { describe, expect, it } from 'vitest'
import { closingLine, countVitest, failuresOf, isGood, sum } from './count.ts'

const file = (status: string, ...tests: string[]) => ({
  name: 'a.test.ts',
  status,
  assertionResults: tests.map((each, index) => ({ status: each, fullName: `test ${index}` })),
})

describe('countVitest', () => {
  it.each([
    ['all good', [file('passed', 'passed', 'passed')], 0, [2, 0, 0]],
    ['one failed', [file('failed', 'passed', 'failed')], 1, [1, 1, 0]],
    ['a file that could not be loaded', [file('failed')], 1, [0, 1, 0]],
    ['a file without tests', [file('passed')], 0, [0, 1, 0]],
    ['skipped and todo tests', [file('passed', 'passed', 'skipped', 'todo', 'pending')], 0, [1, 0, 3]],
    ['a crash after the last test', [file('passed', 'passed')], 1, [1, 1, 0]],
    ['no file at all', [], 1, [0, 1, 0]],
  ])('%s', (_name, testResults, exitCode, [passed, failed, skipped]) => {
    expect(countVitest({ testResults }, exitCode)).toEqual({ passed, failed, skipped })
  })

  it('counts a missing report as a failure, whatever the exit code says', () => {
    expect(countVitest(undefined, 0)).toEqual({ passed: 0, failed: 1, skipped: 0 })
  })
})

describe('what failed', () => {
  it('is named with its reason, also a file that could not run', () => {
    const assertionResults = [
      { status: 'passed', fullName: 'a good one' },
      { status: 'failed', fullName: 'a bad one', failureMessages: ['the first time', 'expected 1 to be 2'] },
    ]
    const testResults = [
      { name: 'one.test.ts', status: 'failed', assertionResults },
      { name: 'two.test.ts', status: 'failed', assertionResults: [], message: 'cannot be read' },
    ]
    expect(failuresOf({ testResults })).toEqual([
      'one.test.ts: a bad one\nexpected 1 to be 2',
      'two.test.ts\ncannot be read',
    ])
    expect(failuresOf(undefined)).toEqual([])
  })
})

describe('the sum', () => {
  it('adds and prints', () => {
    const total = sum([
      { passed: 3, failed: 0, skipped: 0 },
      { passed: 4, failed: 1, skipped: 2 },
    ])
    expect(closingLine(total)).toBe('7 passed, 1 failed, 2 skipped')
  })

  it.each([
    [{ passed: 1, failed: 0, skipped: 0 }, true],
    [{ passed: 1, failed: 1, skipped: 0 }, false],
    [{ passed: 1, failed: 0, skipped: 1 }, false],
    [{ passed: 0, failed: 0, skipped: 0 }, false],
  ])('%o is good: %s', (count, good) => {
    expect(isGood(count)).toBe(good)
  })
})

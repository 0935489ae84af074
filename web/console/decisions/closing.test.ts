import { expect, it } from 'vitest'
import type { ErrorCode } from '../../../contract/errors.ts'
import { referenceOf } from '../../../contract/ids.ts'
import { ApiProblem } from '../../ui/index.ts'
import { closingOf } from './closing.ts'

const [refund, payment] = [referenceOf('RF', 7n), referenceOf('TN', 7n)]
const problem = (code: ErrorCode, status: number) => new ApiProblem({ code, title: code, status })
const opened = { reference: refund, known: false, isRead: false, error: null }

it('a decided refund that is opened by its address is told as decided, and not as an error', () => {
  expect(closingOf({ ...opened, error: problem('reason_required', 403) })).toBe('decided')
  expect(closingOf({ ...opened, reference: payment })).toBe('decided')
})

it('an address that was made up is unknown, whether or not it looks like a reference', () => {
  expect(closingOf({ ...opened, error: problem('not_found', 404) })).toBe('unknown')
  expect(closingOf({ ...opened, reference: 'RF-NOPE-NOPE!' })).toBe('unknown')
  expect(closingOf({ ...opened, reference: referenceOf('WD', 7n) })).toBe('unknown')
})

it('what was on the list, or can still be read, has left it', () => {
  expect(closingOf({ ...opened, known: true, error: problem('reason_required', 403) })).toBe('left')
  expect(closingOf({ ...opened, isRead: true })).toBe('left')
})

it('nothing is said before the answer is there, nor beside one that has words of its own', () => {
  expect(closingOf(opened)).toBeUndefined()
  expect(closingOf({ ...opened, error: problem('forbidden', 403) })).toBeUndefined()
})

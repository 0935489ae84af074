import { expect, it } from 'vitest'
import { maximumMessageLength as contractLimit } from '../../../contract/desk.ts'
import { maximumMessageLength } from './limits.ts'

it('is the limit of the contract', () => expect(maximumMessageLength).toBe(contractLimit))

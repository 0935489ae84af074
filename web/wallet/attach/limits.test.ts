import { expect, it } from 'vitest'
import { fileLimits as contractLimits } from '../../../contract/files.ts'
import { fileLimits } from './limits.ts'

it('are the limits of the contract', () => expect(contractLimits).toMatchObject(fileLimits))

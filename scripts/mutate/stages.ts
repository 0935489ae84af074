// Which tests can notice a mutant: what fails soonest first, the next stage only when nothing has failed. Every mutant meets
// all its stages before it is said to survive.
import path from 'node:path'
import type { Mutant } from './mutants.ts'

export interface Stage {
  /** Test files of the ledger. */
  files: readonly string[]
  /** Only tests with this in their name. */
  only?: string
}

/** Where the ledger decides: every comparison and calculation in these files is tried. */
export const decidingFiles: readonly string[] = [
  'account.rules.ts',
  'locked-accounts.ts',
  'locked-holds.ts',
  'holds.ts',
  'locked-reversals.ts',
  'decide-under-locks.ts',
  'exchange.ts',
  'statement.ts',
  'input.ts',
]

const surface = [
  'input.rules.test.ts',
  'ledger.test.ts',
  'ledger.surface.test.ts',
  'ledger.input.test.ts',
  'ledger.reads.test.ts',
  'ledger.attack.test.ts',
  'transfer-queue.test.ts',
  'transfer-queue.keys.test.ts',
  'transfer-queue.input.test.ts',
  'ledger.stories.test.ts',
]
const seals = ['seal.test.ts', 'seal-verify.test.ts', 'seal-hash.test.ts']
const model = ['ledger.model.test.ts']
const guards = ['ledger.guards.test.ts']
const rules = ['account.rules.test.ts']

const ofRules: readonly Stage[] = [
  { files: rules },
  { files: model, only: 'the rules alone' },
  { files: surface },
  { files: model },
]
const ofMoney: readonly Stage[] = [{ files: surface }, { files: model }]
const ofSeals: readonly Stage[] = [{ files: seals }, { files: ['ledger.surface.test.ts'] }]
const ofDatabase: readonly Stage[] = [
  { files: guards },
  { files: surface },
  { files: seals },
  { files: model },
]

export function stagesFor(mutant: Mutant): readonly Stage[] {
  if (!mutant.file) return ofDatabase
  const name = path.basename(mutant.file.path)
  if (name.endsWith('.rules.ts')) return ofRules
  return name.startsWith('seal') ? ofSeals : ofMoney
}

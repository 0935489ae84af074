// What stands on the screen of whom: the roles as the staff room gives them.

import { expect, test } from 'vitest'
import { caseRightsOf, type CaseRights } from './rights.ts'

const agent = [
  'case.read',
  'case.reply',
  'case.note',
  'case.take',
  'case.release',
  'case.solve',
  'customer.reveal',
  'money.read',
]
const lead = [...agent, 'case.assign', 'wall.read']
const auditor = ['case.read', 'money.read', 'wall.read', 'audit.read']

type Card = Parameters<typeof caseRightsOf>[1]

const shown = (rights: string[], holder?: string, change: Partial<Card> = {}): string => {
  const role = rights.includes('case.assign') ? 'lead' : 'agent'
  const card: Card = { agentId: holder, state: 'waiting_agent', escalated: false, ...change }
  return Object.entries(caseRightsOf({ agentId: 'me', role, rights }, card) satisfies CaseRights)
    .filter(([, may]) => may)
    .map(([name]) => name)
    .join(' ')
}

test.each([
  ['agent, nobody has it', agent, undefined, 'reply note take'],
  ['agent, mine', agent, 'me', 'reply note release solve reveal attach'],
  ['agent, a colleague has it', agent, 'other', 'note'],
  ['lead, a colleague has it', lead, 'other', 'reply note take'],
  ['auditor', auditor, undefined, ''],
] as const)('%s', (_who, rights, holder, expected) => {
  expect(shown([...rights], holder)).toBe(expected)
})

test('a solved case is only read', () => {
  expect(shown(agent, 'me', { state: 'solved' })).toBe('')
})

test.each([
  ['agent, nobody has it', agent, undefined, 'note forLeads'],
  ['agent, a supervisor has it', agent, 'other', 'note forLeads'],
  ['agent, a supervisor left it with me', agent, 'me', 'reply note release solve reveal attach'],
  ['lead, nobody has it', lead, undefined, 'reply note take'],
] as const)('not solved, says the customer: %s', (_who, rights, holder, expected) => {
  expect(shown([...rights], holder, { escalated: true })).toBe(expected)
})

import { describe, expect, test } from 'vitest'
import {
  actions,
  decide,
  rightsOf,
  type Action,
  type Actor,
  type Resource,
  type Role,
} from './staff.rules.ts'

const me = 'agent-1'
const other = 'agent-2'
const actor = (role: Role, customerId?: string): Actor => ({ agentId: me, role, customerId })

function outcome(role: Role, action: Action, resource?: Resource, customerId?: string): string {
  const decision = decide(actor(role, customerId), action, resource)
  return decision.verdict === 'allowed' ? 'allowed' : decision.code
}

describe('who may do what', () => {
  test.each<[Action, Resource, string, string, string]>([
    // action, resource, agent, lead, auditor
    ['case.read', {}, 'allowed', 'allowed', 'allowed'],
    ['case.read', { assignedTo: other }, 'allowed', 'allowed', 'allowed'],
    ['case.reply', {}, 'allowed', 'allowed', 'forbidden'],
    ['case.reply', { assignedTo: me }, 'allowed', 'allowed', 'forbidden'],
    ['case.reply', { assignedTo: other }, 'forbidden', 'allowed', 'forbidden'],
    ['case.note', { assignedTo: other }, 'allowed', 'allowed', 'forbidden'],
    ['case.take', {}, 'allowed', 'allowed', 'forbidden'],
    ['case.take', { assignedTo: me }, 'allowed', 'allowed', 'forbidden'],
    ['case.take', { assignedTo: other }, 'conflict', 'allowed', 'forbidden'],
    ['case.release', { assignedTo: other }, 'forbidden', 'allowed', 'forbidden'],
    ['case.assign', { assignedTo: other }, 'forbidden', 'allowed', 'forbidden'],
    ['case.solve', { assignedTo: other }, 'forbidden', 'allowed', 'forbidden'],
    ['customer.reveal', { granted: true }, 'allowed', 'allowed', 'forbidden'],
    ['customer.reveal', { granted: false }, 'reason_required', 'reason_required', 'forbidden'],
    ['customer.reveal', {}, 'reason_required', 'reason_required', 'forbidden'],
    ['money.read', { granted: true }, 'allowed', 'allowed', 'allowed'],
    ['money.read', {}, 'reason_required', 'reason_required', 'reason_required'],
    ['refund.request', { granted: true }, 'allowed', 'allowed', 'forbidden'],
    ['refund.request', {}, 'reason_required', 'reason_required', 'forbidden'],
    ['refund.decide', {}, 'allowed', 'allowed', 'forbidden'],
    ['payment.decide', {}, 'allowed', 'allowed', 'forbidden'],
    ['approval.read', {}, 'allowed', 'allowed', 'allowed'],
    ['approval.decide', {}, 'forbidden', 'allowed', 'forbidden'],
    ['wall.read', {}, 'forbidden', 'allowed', 'allowed'],
    ['audit.read', {}, 'forbidden', 'forbidden', 'allowed'],
    ['availability.change', {}, 'allowed', 'allowed', 'forbidden'],
    ['staff.change', { staffId: other }, 'forbidden', 'allowed', 'forbidden'],
  ])('%s on %o: agent %s, lead %s, auditor %s', (action, resource, agent, lead, auditor) => {
    expect([
      outcome('agent', action, resource),
      outcome('lead', action, resource),
      outcome('auditor', action, resource),
    ]).toEqual([agent, lead, auditor])
  })

  test('R4 nobody changes their own role or access', () => {
    expect(outcome('lead', 'staff.change', { staffId: me })).toBe('forbidden')
  })

  test('R12 nobody does anything on the case or the money of their own wallet', () => {
    for (const role of ['agent', 'lead', 'auditor'] as const)
      for (const action of actions)
        expect(
          outcome(
            role,
            action,
            { customerId: 'mine', granted: true, assignedTo: me, staffId: other },
            'mine',
          ),
        ).toBe('forbidden')
  })

  test('R13 no look at a customer without a case that gives a reason', () => {
    for (const role of ['agent', 'lead', 'auditor'] as const)
      for (const action of ['customer.reveal', 'money.read'] as const)
        expect(outcome(role, action, { customerId: 'somebody' })).not.toBe('allowed')
  })

  test('the rights that a screen is told are those of the role', () => {
    expect(rightsOf('auditor')).toEqual([
      'case.read',
      'money.read',
      'approval.read',
      'wall.read',
      'audit.read',
    ])
    expect(rightsOf('agent')).not.toContain('wall.read')
    expect(rightsOf('lead')).toContain('case.assign')
  })
})

import { describe, expect, test } from 'vitest'
import { checkPerson, isSamePerson, judge, mailboxOf, type Judged, type Person } from './approval.rules.ts'

const now = new Date('2026-11-20T06:00:00.000Z')
const waiting: Judged = { state: 'waiting', decidedBy: undefined, expiresAt: new Date(now.getTime() + 1) }
const press = {
  decision: 'approved' as const,
  agentId: 'dewi',
  isSecondPerson: true,
  isPresent: true,
  isShown: true,
  isTrue: true,
}

describe('what a press means', () => {
  const refused = (code: string) => ({ verdict: 'refused', code })
  test.each<[string, Judged, Partial<typeof press>, object]>([
    ['a second person, in time, as shown', waiting, {}, { verdict: 'decide' }],
    ['not a second person', waiting, { isSecondPerson: false }, refused('second_person_needed')],
    ['nobody proved to be there', waiting, { isPresent: false }, refused('presence_required')],
    ['absent and too late', { ...waiting, expiresAt: now }, { isPresent: false }, { verdict: 'expire' }],
    [
      'absent and not a second person',
      waiting,
      { isPresent: false, isSecondPerson: false },
      refused('second_person_needed'),
    ],
    ['another fingerprint was shown', waiting, { isShown: false }, refused('approval_voided')],
    ['something else would be done', waiting, { isTrue: false }, { verdict: 'void' }],
    ['at the very moment it ends', { ...waiting, expiresAt: now }, {}, { verdict: 'expire' }],
    ['too late and changed', { ...waiting, expiresAt: now }, { isTrue: false }, { verdict: 'expire' }],
    ['the same person again', { ...waiting, state: 'approved', decidedBy: 'dewi' }, {}, { verdict: 'again' }],
    [
      'again after it has changed and run out',
      { state: 'approved', decidedBy: 'dewi', expiresAt: now },
      { isTrue: false, isShown: false },
      { verdict: 'again' },
    ],
    ['after another person', { ...waiting, state: 'approved', decidedBy: 'sari' }, {}, refused('conflict')],
    ['yes after a no', { ...waiting, state: 'declined', decidedBy: 'dewi' }, {}, refused('conflict')],
    ['after it ran out', { ...waiting, state: 'expired' }, {}, refused('approval_expired')],
    ['after it was voided', { ...waiting, state: 'voided' }, {}, refused('approval_voided')],
  ])('%s', (_name, approval, change, verdict) => {
    expect(judge(approval, { ...press, ...change }, now)).toEqual(verdict)
  })
})

describe('R5: one person is one person', () => {
  const bagus: Person = {
    agentId: '1',
    customerId: 'wallet-1',
    emails: ['bagus@tuntas.example', 'bagus@mail.example'],
  }
  test.each<[string, Person, boolean]>([
    ['the same account', { agentId: '1', emails: [] }, true],
    ['a second account with the same wallet', { agentId: '2', customerId: 'wallet-1', emails: [] }, true],
    ['a second account on the same mailbox', { agentId: '2', emails: ['Bagus+lead@Tuntas.example'] }, true],
    ['a second account on the mailbox of the wallet', { agentId: '2', emails: ['bagus@mail.example'] }, true],
    ['somebody else', { agentId: '3', customerId: 'wallet-3', emails: ['sari@tuntas.example'] }, false],
    ['two without a wallet are not one', { agentId: '3', emails: [] }, false],
  ])('%s', (_name, other, same) => {
    expect(isSamePerson(bagus, other)).toBe(same)
    expect(isSamePerson(other, bagus)).toBe(same)
  })
  test('people without wallets and mailboxes are told apart by their accounts', () => {
    expect(isSamePerson({ agentId: '1', emails: [] }, { agentId: '2', emails: [] })).toBe(false)
    expect(isSamePerson({ emails: [] }, { emails: [] })).toBe(false)
  })
  test('the mailbox behind an address', () => {
    expect(mailboxOf(' Bagus+Two@Tuntas.Example ')).toBe('bagus@tuntas.example')
  })
  test('each rule is told on its own', () => {
    const sari: Person = { agentId: '3', customerId: 'wallet-3', emails: [] }
    const oks = (asker: Person, mayDecide = true) =>
      checkPerson({ person: asker, mayDecide }, [bagus], { customerId: 'wallet-3', emails: [] }).map(
        ({ ok }) => ok,
      )
    expect(oks({ agentId: '9', emails: [] })).toEqual([true, true, true])
    expect(oks({ agentId: '9', emails: [] }, false)).toEqual([false, true, true])
    expect(oks(bagus)).toEqual([true, false, true])
    expect(oks(sari)).toEqual([true, true, false])
  })
})

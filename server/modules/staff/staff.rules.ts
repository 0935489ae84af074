// Who of the staff may do what: one table of roles, and the few rules that look at the thing itself. Pure.
// What is not allowed here is refused; nobody acts on their own wallet, and nobody changes their own role.

export type Role = 'agent' | 'lead' | 'auditor'

export type Action =
  | 'case.read'
  | 'case.reply'
  | 'case.note'
  | 'case.take'
  | 'case.release'
  | 'case.assign'
  | 'case.solve'
  | 'customer.reveal'
  | 'money.read'
  | 'file.read'
  | 'refund.request'
  | 'refund.decide'
  | 'payment.decide'
  | 'top_up.decide'
  | 'pay_out.decide'
  | 'approval.read'
  | 'approval.decide'
  | 'wall.read'
  | 'audit.read'
  | 'availability.change'
  | 'staff.change'

export const actions = [
  'case.read',
  'case.reply',
  'case.note',
  'case.take',
  'case.release',
  'case.assign',
  'case.solve',
  'customer.reveal',
  'money.read',
  'file.read',
  'refund.request',
  'refund.decide',
  'payment.decide',
  'top_up.decide',
  'pay_out.decide',
  'approval.read',
  'approval.decide',
  'wall.read',
  'audit.read',
  'availability.change',
  'staff.change',
] as const satisfies readonly Action[]

const allowed: Record<Role, ReadonlySet<Action>> = {
  agent: new Set([
    'case.read',
    'case.reply',
    'case.note',
    'case.take',
    'case.release',
    'case.solve',
    'customer.reveal',
    'money.read',
    'file.read',
    'refund.request',
    'refund.decide',
    'payment.decide',
    'top_up.decide',
    'pay_out.decide',
    'approval.read',
    'availability.change',
  ]),
  lead: new Set([
    'case.read',
    'case.reply',
    'case.note',
    'case.take',
    'case.release',
    'case.assign',
    'case.solve',
    'customer.reveal',
    'money.read',
    'file.read',
    'refund.request',
    'refund.decide',
    'payment.decide',
    'top_up.decide',
    'pay_out.decide',
    'approval.read',
    'approval.decide',
    'wall.read',
    'availability.change',
    'staff.change',
  ]),
  // Reads, and changes nothing.
  auditor: new Set(['case.read', 'money.read', 'approval.read', 'wall.read', 'audit.read']),
}

export interface Actor {
  agentId: string
  role: Role
  /** The actor's own wallet, if there is one. */
  customerId?: string | undefined
}

/** What the action is about. Leave out what does not matter for it. */
export interface Resource {
  /** Whose case or money it is. */
  customerId?: string | undefined
  /** Who has the case; undefined when nobody. */
  assignedTo?: string | undefined
  /** Whether a case gives the actor a reason to look at this customer: `mayLookAt`. */
  granted?: boolean | undefined
  /** The member of staff whose role or access is changed. */
  staffId?: string | undefined
}

export type Decision =
  | { verdict: 'allowed' }
  | { verdict: 'refused'; code: 'forbidden' | 'reason_required' | 'conflict'; why: string }

const refused = (code: 'forbidden' | 'reason_required' | 'conflict', why: string): Decision => ({
  verdict: 'refused',
  code,
  why,
})

const onAssignedCase: ReadonlySet<Action> = new Set(['case.reply', 'case.release', 'case.solve'])
const needsGrant: ReadonlySet<Action> = new Set([
  'customer.reveal',
  'money.read',
  'file.read',
  'refund.request',
])

/** The one decision about rights. The verdict is about now: ask again for each request. */
export function decide(actor: Actor, action: Action, resource: Resource = {}): Decision {
  if (!allowed[actor.role].has(action)) return refused('forbidden', `a role ${actor.role} may not ${action}`)
  if (resource.customerId !== undefined && resource.customerId === actor.customerId)
    return refused('forbidden', 'nobody serves their own wallet')
  if (action === 'staff.change' && resource.staffId === actor.agentId)
    return refused('forbidden', 'nobody changes their own role or access')
  const others = resource.assignedTo !== undefined && resource.assignedTo !== actor.agentId
  if (others && action === 'case.take' && actor.role !== 'lead')
    return refused('conflict', 'another agent has this case')
  if (others && onAssignedCase.has(action) && actor.role !== 'lead')
    return refused('forbidden', 'another agent has this case')
  if (needsGrant.has(action) && resource.granted !== true)
    return refused('reason_required', 'no case gives a reason to look at this customer')
  return { verdict: 'allowed' }
}

/** For so long after typing the password again a person counts as present. */
export const presenceMs = 5 * 60_000

/** Whether the person at this session proved a moment ago that it is them. Signing in is no such proof: the screen may stand open since. */
export const isPresent = (session: { presentAt?: Date | undefined }, now: Date): boolean =>
  session.presentAt !== undefined && now.getTime() - session.presentAt.getTime() <= presenceMs

/** What a role may do in principle: for showing and hiding controls, never for deciding. */
export function rightsOf(role: Role): Action[] {
  return actions.filter((action) => allowed[role].has(action))
}

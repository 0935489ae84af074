// What staff may see and do, and of whom (R8, R12, R13).
import { approvals, control, type Control, desk, inFile, refunds, staff } from './control.ts'

const staffRules = `${staff}/staff.rules.ts`
const refundsAbuse = `${refunds}/refunds.abuse.test.ts`
const cases = `${desk}/cases.test.ts`
const approvalsTest = `${approvals}/approvals.test.ts`
const noGrantAsked = inFile(
  staffRules,
  "if (needsGrant.has(action) && resource.granted !== true)\n    return refused('reason_required', 'no case gives a reason to look at this customer')",
  '',
)
const ownWallet = inFile(
  staffRules,
  "if (resource.customerId !== undefined && resource.customerId === actor.customerId)\n    return refused('forbidden', 'nobody serves their own wallet')",
  '',
)

export const rightsOfStaff: readonly Control[] = [
  control(
    'R8',
    'staff have a cookie of their own',
    `${staff}/staff.test.ts`,
    "R8 a customer's cookie is worth nothing here",
    inFile(
      'server/platform/sessions.ts',
      'readCookie(request, cookie)',
      "(readCookie(request, cookie) ?? readCookie(request, 'tuntas_session'))",
    ),
  ),
  control(
    'R12',
    'nobody does anything about their own wallet',
    `${staff}/staff.rules.test.ts`,
    'R12 nobody does anything on the case or the money of their own wallet',
    ownWallet,
  ),
  control('R12', 'nobody serves their own wallet', cases, 'R12 nobody serves their own wallet', ownWallet),
  control(
    'R12',
    'nobody looks at their own wallet',
    `${desk}/looks.test.ts`,
    'R12 is never at one’s own wallet',
    ownWallet,
  ),
  control(
    'R12',
    'a case is given to somebody else',
    cases,
    'R12 a new case is never given to the agent whose own it is',
    inFile(`${desk}/routing.ts`, ' && agent.customerId !== record.customerId', ''),
  ),
  control(
    'R12',
    'nobody decides about a refund to their own wallet: the right, and the person behind the account',
    refundsAbuse,
    'R12 nobody decides about money for their own wallet',
    ownWallet,
    inFile(
      `${refunds}/decide-refund.ts`,
      "if (person.isReceiver) throw new Refusal('forbidden', undefined, 'nobody serves their own wallet')",
      '',
    ),
  ),
  control(
    'R12',
    'the list of decisions leaves out the reader’s own wallet',
    refundsAbuse,
    'R12 nobody decides about money for their own wallet',
    inFile(
      `${refunds}/refund.sql.ts`,
      '($1::uuid IS NULL OR customer_id <> $1)',
      '($1::uuid IS NULL OR true)',
    ),
  ),
  control(
    'R12',
    'who receives is no second person, through whatever account',
    approvalsTest,
    'R12 who receives neither sees nor approves it',
    inFile(`${approvals}/approval.rules.ts`, 'ok: !isSamePerson(beneficiary, asker.person)', 'ok: true'),
  ),
  control(
    'R12',
    'live screens leave out one’s own wallet',
    'server/platform/live.test.ts',
    'an agent hears nothing of what the desk knows about their own wallet (R12)',
    inFile(
      'server/platform/live.ts',
      '(customerId === null || principal.ownCustomerId !== customerId)',
      'true',
    ),
  ),
  control(
    'R12',
    'so does what was missed meanwhile',
    'server/platform/live.test.ts',
    'an agent hears nothing of what the desk knows about their own wallet (R12)',
    inFile(
      'server/platform/outbox.ts',
      '($4::uuid IS NULL OR customer_id IS DISTINCT FROM $4)',
      '($4::uuid IS NULL OR true)',
    ),
  ),
  control(
    'R13',
    'a look needs the reason that a case gives',
    `${staff}/staff.rules.test.ts`,
    'R13 no look at a customer without a case',
    noGrantAsked,
  ),
  control(
    'R13',
    'a look at a contact needs a reason',
    cases,
    'R13 without a case of their own',
    noGrantAsked,
  ),
  control(
    'R13',
    'a look at a file needs a reason',
    `${desk}/files.test.ts`,
    'without a reason it is refused, the try is recorded',
    noGrantAsked,
  ),
  control(
    'R13',
    'a refused look is recorded',
    `${desk}/looks.test.ts`,
    'is refused, shows nothing, and the try is recorded',
    inFile(`${desk}/agent-gate.ts`, 'await recordRefusal(agent, record, action)', 'void recordRefusal'),
  ),
  control(
    'R13',
    'a reason ends with its case',
    cases,
    'R13 giving the case back or solving it ends the right to look',
    inFile(
      `${staff}/grants.sql.ts`,
      'UPDATE staff.grants SET until_at = $3\n     WHERE case_id',
      'UPDATE staff.grants SET until_at = until_at\n     WHERE case_id',
    ),
  ),
  control(
    'R13',
    'a reason ends with its time',
    `${staff}/staff.test.ts`,
    'R13 a case lets one agent look at one customer',
    inFile(
      `${staff}/grants.sql.ts`,
      'AND customer_id = $2 AND until_at > $3',
      'AND customer_id = $2 AND $3::timestamptz IS NOT NULL',
    ),
  ),
  control(
    'R13',
    'opening an approval is recorded as a look',
    approvalsTest,
    'is a look at the receiver’s money',
    inFile(
      `${approvals}/approval.routes.ts`,
      'const isNew = await db.transaction(async (tx) => {',
      'const isNew = false && await db.transaction(async (tx) => {',
    ),
  ),
  control(
    'R13',
    'saying again what was decided is recorded',
    `${refunds}/refund.routes.test.ts`,
    'R13 saying again what was decided',
    inFile(
      `${refunds}/decide-refund.ts`,
      'if (moved === refund) await recordLook(tx, needs, session, look, clock.now())\n      else ',
      '',
    ),
  ),
  control(
    'R13',
    'saying again what somebody else decided is a conflict',
    `${refunds}/refund.routes.test.ts`,
    'R13 saying again what was decided',
    inFile(
      `${refunds}/decide-refund.ts`,
      "if (refund.state !== 'in_review' && refund.decidedBy !== session.agentId)\n        throw new Refusal('conflict', { state: refund.state })",
      '',
    ),
  ),
]

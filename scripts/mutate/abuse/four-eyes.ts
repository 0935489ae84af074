// What keeps one person from giving money away alone (R5 to R7).
import { approvals, control, type Control, inFile, payments, refunds, staff } from './control.ts'

const staffRules = `${staff}/staff.rules.ts`
const refundsAbuse = `${refunds}/refunds.abuse.test.ts`
const rules = `${refunds}/refund.rules.ts`
const approvalsTest = `${approvals}/approvals.test.ts`

export const fourEyes: readonly Control[] = [
  ...(
    [
      ['the same account', 'if (one.agentId !== undefined && one.agentId === other.agentId) return true'],
      [
        'the same wallet',
        'if (one.customerId !== undefined && one.customerId === other.customerId) return true',
      ],
    ] as const
  ).map(([what, from]) =>
    control(
      'R5',
      `${what} is the same person`,
      `${approvals}/approval.rules.test.ts`,
      'R5: one person is one person',
      inFile(`${approvals}/approval.rules.ts`, from, ''),
    ),
  ),
  control(
    'R5',
    'the same mailbox is the same person',
    approvalsTest,
    'R5 who asked does not approve',
    inFile(
      `${approvals}/approval.rules.ts`,
      'return other.emails.some((email) => mailboxes.has(mailboxOf(email)))',
      'return false',
    ),
  ),
  control(
    'R5',
    'who had a hand in it is no second person: the rule, and the check of the table',
    approvalsTest,
    'R5 whoever had a hand in it',
    inFile(
      `${approvals}/approval.rules.ts`,
      "if (!press.isSecondPerson) return { verdict: 'refused', code: 'second_person_needed' }",
      '',
    ),
    {
      sql: `DO $$ DECLARE name text; BEGIN
      SELECT conname INTO STRICT name FROM pg_constraint WHERE conrelid = 'approvals.approvals'::regclass
        AND pg_get_constraintdef(oid) LIKE '%NOT (decided_by = ANY (involved))%';
      EXECUTE format('ALTER TABLE approvals.approvals DROP CONSTRAINT %I', name);
    END $$`,
    },
  ),
  control(
    'R5',
    'who asked for a refund does not grant it',
    refundsAbuse,
    'R5 who asked for it neither grants nor approves it',
    inFile(
      `${refunds}/decide-refund.ts`,
      "if (person.isInvolved) throw new Refusal('second_person_needed')",
      '',
    ),
  ),
  control(
    'R5',
    'who asked for a refund that somebody else granted does not approve it',
    refundsAbuse,
    'R5 who asked for it neither grants nor approves it',
    inFile(
      `${refunds}/approve-refund.ts`,
      "if (approval.decidedBy !== undefined && approval.decidedBy === refund.refund.requestedByAgent)\n        throw new Refusal('second_person_needed')",
      '',
    ),
  ),
  control(
    'R5',
    'approving asks for the password once more',
    approvalsTest,
    'no proof, or one that is older than five minutes',
    inFile(
      `${approvals}/approval.rules.ts`,
      "if (press.decision === 'approved' && !press.isPresent)\n    return { verdict: 'refused', code: 'presence_required' }",
      '',
    ),
  ),
  control(
    'R5',
    'granting above the limit asks for the password once more',
    refundsAbuse,
    'R5 granting above the limit',
    inFile(`${refunds}/decide-refund.ts`, 'needs.staff.requirePresence(session)', 'void 0'),
  ),
  control(
    'R5',
    'giving back for a silent shop asks for the password once more',
    `${payments}/silent-shops.test.ts`,
    'R5 giving it back asks for a proof of presence',
    inFile(
      `${payments}/silent-shops.ts`,
      "if (decision === 'return') needs.staff.requirePresence(session)",
      '',
    ),
  ),
  control(
    'R5',
    'a proof of presence ends after minutes',
    `${staff}/staff.test.ts`,
    'signing in is no proof',
    inFile(
      staffRules,
      'session.presentAt !== undefined && now.getTime() - session.presentAt.getTime() <= presenceMs',
      'session.presentAt !== undefined',
    ),
  ),
  control(
    'R6',
    'what would be done now is compared with what was proposed',
    approvalsTest,
    'a change of the thing voids it',
    inFile(
      `${approvals}/close-approval.ts`,
      'sameHash(fingerprintOf(approval, current), approval.payloadHash) &&',
      '',
    ),
  ),
  control(
    'R6',
    'what was shown is compared with what was proposed',
    approvalsTest,
    'another fingerprint than the one that was proposed',
    inFile(
      `${approvals}/approval.rules.ts`,
      "if (!press.isShown) return { verdict: 'refused', code: 'approval_voided' }",
      '',
    ),
  ),
  control(
    'R6',
    'a proposal is never rewritten',
    approvalsTest,
    'the database itself refuses to rewrite a proposal',
    { sql: 'DROP TRIGGER approvals_not_rewritten ON approvals.approvals' },
  ),
  control(
    'R6',
    'the refund builds its payload again under its locks',
    refundsAbuse,
    'R6 what changed after it was shown is not done',
    inFile(
      `${refunds}/approve-refund.ts`,
      "if (!isSamePayload(refund.refund.proposedPayload, current)) throw new Refusal('approval_voided')",
      '',
    ),
  ),
  control(
    'R6',
    'evidence is in the payload by the hashes of its bytes',
    `${refunds}/evidence.test.ts`,
    'is void when a picture is another by then',
    inFile(
      `${refunds}/move-refund.ts`,
      "...(evidence.length > 0 ? { evidence: evidence.join(' ') } : {}),",
      '',
    ),
  ),
  control(
    'R6',
    'an approval is done once: its state, and which approval it is',
    refundsAbuse,
    'R6 fifty approvals at once pay once',
    inFile(
      `${refunds}/approve-refund.ts`,
      "if (!refund || refund.refund.state !== 'awaiting_approval' || refund.refund.approvalId !== approval.id)",
      'if (!refund)',
    ),
    inFile(
      `${refunds}/approve-refund.ts`,
      "if (!isSamePayload(refund.refund.proposedPayload, current)) throw new Refusal('approval_voided')",
      '',
    ),
  ),
  control(
    'R6',
    'money of a shop that acknowledged does not go back: what would be done, and what is done',
    `${payments}/silent-shops.test.ts`,
    'R6 the shop acknowledges meanwhile',
    inFile(
      `${payments}/silent-shops.ts`,
      'return locked && isSilent(locked) ? payloadOf(locked) : undefined',
      'return locked && payloadOf(locked)',
    ),
    inFile(`${payments}/silent-shops.ts`, "if (!isBack) throw new Refusal('approval_voided')", ''),
  ),
  control(
    'R7',
    'other refunds of the payment count',
    refundsAbuse,
    'R7 parts of one payment below the limit',
    inFile(
      rules,
      'context.otherGrantedMinor + amountMinor > context.rules.staffAloneUpToMinor',
      'amountMinor > context.rules.staffAloneUpToMinor',
    ),
  ),
  control(
    'R7',
    'a limit for shops that agree',
    refundsAbuse,
    'R7 a large refund that the shop agreed to',
    inFile(rules, 'context.otherAgreedMinor + amountMinor > context.rules.shopAgreedUpToMinor', 'false'),
  ),
  control(
    'R7',
    'what one member of staff grants in a day is limited',
    refundsAbuse,
    'R7 many payments do not go around',
    inFile(rules, 'if (facts.grantedTodayMinor + amountMinor > limits.perDayMinor)', 'if (false)'),
  ),
  control(
    'R7',
    'the counters of the day are locked while they are judged',
    refundsAbuse,
    'R7 many payments do not go around',
    inFile(`${refunds}/keys-and-limits.sql.ts`, 'ORDER BY customer_id FOR UPDATE', 'ORDER BY customer_id'),
  ),
]

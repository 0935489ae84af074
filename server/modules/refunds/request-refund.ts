// Asking for a refund: by the customer, by an agent for a case, or given by the shop itself. One key, one answer, for ever; a
// refusal is an answer too. What is left of the payment is judged under its lock, so no key and no race asks for more.
import { fileLimits } from '#contract/files.ts'
import type { RefundReason } from '#contract/refund.ts'
import { deriveKey, keyedHash, sameHash } from '#platform/keys.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Transaction } from '#platform/db.ts'
import { isReturning } from '#modules/payments/index.ts'
import { blankRefund } from './blank-refund.ts'
import { claimKey, readOutcome, saveOutcome, type KeyOwner, type Outcome } from './keys-and-limits.sql.ts'
import { referenceOfRefund, type Held, type Mover, type Who } from './move-refund.ts'
import type { RefundNeeds } from './needs.ts'
import { isOpen, type RefundRecord } from './refund.ts'
import { judgeRequest } from './refund.rules.ts'
import * as store from './refund.sql.ts'

export interface RefundRequest {
  by: KeyOwner
  key: string
  paymentNumber: bigint
  amountMinor: bigint | undefined
  reason: RefundReason
  note: string | undefined
  caseId?: string | undefined
  /** Files of the customer: added by themselves, or, asked for by an agent, sent in this conversation before. */
  evidence?: { fileIds: readonly string[]; sentIn?: string | undefined } | undefined
}

const askedBy = { customer: 'customer', agent: 'agent', merchant: 'shop' } as const

/** Answers the number of the refund, new or the one that this key asked for before. Throws Refusal. */
export function requestRefund(platform: Platform, needs: RefundNeeds, mover: Mover) {
  const { db, clock } = platform
  const bodyKey = deriveKey(platform.config.pepper, 'refund request bodies')

  async function decide(tx: Transaction, held: Held, request: RefundRequest): Promise<Outcome> {
    const { payment } = held.locked
    const now = clock.now()
    const rules = await store.readRules(tx, payment.currency)
    const open = held.refunds.find((refund) => isOpen(refund.state))
    const verdict = judgeRequest({
      payment: { ...payment, refundedMinor: payment.refundedMinor ?? 0n, isReturning: isReturning(payment) },
      openRefund: open && referenceOfRefund(open),
      wantedMinor: request.amountMinor,
      rules,
      now,
    })
    if (verdict.verdict === 'refused')
      return { code: verdict.code, ...(verdict.values ? { values: verdict.values } : {}) }
    const number = await store.takeNumber(tx)
    const who: Who = { kind: request.by.kind, id: request.by.id }
    const note = request.note?.trim()
    const draft: RefundRecord = {
      ...blankRefund,
      number,
      paymentNumber: payment.number,
      orderId: payment.orderId,
      customerId: payment.customerId,
      merchantId: payment.merchantId,
      amountMinor: verdict.amountMinor,
      currency: payment.currency,
      reason: request.reason,
      note: note ? needs.redact(note) : undefined,
      askedBy: askedBy[request.by.kind],
      requestedByAgent: request.by.kind === 'agent' ? request.by.id : undefined,
      caseId: request.caseId,
      askedAt: now,
      effectiveAt: now,
      promisedBy: await mover.promiseOf(tx, payment.currency),
    }
    const context = await mover.contextFor(tx, held, draft)
    const evidence = request.evidence
      ? await needs.files.link(tx, {
          customerId: payment.customerId,
          who,
          subject: referenceOfRefund(draft),
          fileIds: request.evidence.fileIds,
          most: fileLimits.perRefund,
          onlyOf: request.evidence.sentIn,
        })
      : []
    const refund = await mover.open(
      tx,
      held,
      { ...draft, owner: 'shop', untilAt: context.inDays(rules.shopAnswerDays) },
      who,
      evidence.map(({ contentHash }) => contentHash),
    )
    // A shop that gives back by itself has answered with that.
    if (request.by.kind === 'merchant') await mover.move(tx, held, refund, { kind: 'shop_agreed' }, who)
    return { number: number.toString() }
  }

  return async function request(request: RefundRequest): Promise<bigint> {
    const bodyHash = keyedHash(
      bodyKey,
      request.paymentNumber.toString(),
      request.amountMinor?.toString() ?? '',
      request.reason,
      request.note ?? '',
      request.caseId ?? '',
      // Only then: a key of before there was evidence keeps its meaning.
      ...(request.evidence ? [[...request.evidence.fileIds].sort().join(' ')] : []),
    )
    const outcome = await db.transaction(async (tx): Promise<Outcome | undefined> => {
      let isNew = false
      const held = await mover.hold(tx, request.paymentNumber, async () => {
        isNew = await claimKey(tx, request.by, request.key, bodyHash, clock.now())
      })
      if (!held) throw new Refusal('not_found')
      if (!isNew) return undefined
      const decided = await decide(tx, held, request)
      await saveOutcome(tx, request.by, request.key, decided)
      return decided
    })
    platform.events.wake()
    return numberOf(outcome ?? (await remembered(request.by, request.key, bodyHash)))
  }

  async function remembered(by: KeyOwner, key: string, bodyHash: Buffer): Promise<Outcome> {
    const row = await readOutcome(db.read, by, key)
    if (!row) throw new Refusal('outcome_unknown')
    if (!sameHash(row.body_hash, bodyHash)) throw new Refusal('idempotency_conflict')
    return row.outcome
  }
}

function numberOf(outcome: Outcome): bigint {
  if ('code' in outcome) throw new Refusal(outcome.code, outcome.values)
  return BigInt(outcome.number)
}

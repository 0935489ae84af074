// Money that cases hold has moved: the thread tells each step once, the agents' screens read it again, who waits is told,
// and a case that only waited for the money closes by itself. The facts come from the money rooms' events; what is told
// is read from the ledger when it is told, so that events may come late, twice or together.
import { parseReference } from '#contract/ids.ts'
import type { TransactionDetail } from '#contract/trace.ts'
import type { Transaction } from '#platform/db.ts'
import { publish, type OutboxEvent, type StoredEvent } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { append, chosenOf, factOf, tell, tellChanged } from './append.ts'
import type { CaseRecord, MoneyFact, StoredMessage } from './case.ts'
import { closeCase } from './change-case.ts'
import { readChoices, saveChoice, takeNotifyWish, takeUntold } from './choice.sql.ts'
import {
  attachReference,
  findCasesHolding,
  lockByConversation,
  readReferences,
  saveCases,
} from './desk.sql.ts'
import { insertMessages } from './message.sql.ts'
import { isToldByRefund, isTouched, stepsOf, whatMoved } from './money-steps.rules.ts'
import type { DeskNeeds } from './needs.ts'
import { outcomeOf, waitsOn } from './settled.rules.ts'

/** What the desk listens to. Each carries `reference`; a refund's also `payment`. */
export const moneyEvents = [
  'payment.credited',
  'payment.returned',
  'payment.return_waits',
  // Staff looked at one that waits for them, or gave the shop more time.
  'payment.decided',
  'payment.shop_asked_again',
  'webhook.attempted',
  'top_up.completed',
  'top_up.returned',
  'top_up.changed',
  'refund.changed',
  // Our own: a case waits from now on, and its money may have moved while that was decided.
  'case.waits',
] as const

export function moneyMoved(platform: Platform, needs: DeskNeeds) {
  return async function handle(tx: Transaction, events: readonly StoredEvent[]): Promise<void> {
    const named = (event: StoredEvent, key: string) => event.payload[key] as string | undefined
    const changed = new Map<string, Set<string>>()
    for (const event of events) {
      const reference = named(event, 'reference')
      if (!reference || !parseReference(reference)) continue
      for (const holder of [reference, named(event, 'payment')].filter((each) => each !== undefined))
        changed.set(holder, (changed.get(holder) ?? new Set()).add(reference))
    }
    if (changed.size === 0) return
    const byConversation = new Map<string, Touched>()
    for (const held of await findCasesHolding(tx, [...changed.keys()])) {
      const touched = byConversation.get(held.conversation_id) ?? {
        caseId: held.id,
        customerId: held.customer_id,
        references: new Set(),
      }
      for (const reference of changed.get(held.reference)!) touched.references.add(reference)
      byConversation.set(held.conversation_id, touched)
    }
    if (byConversation.size === 0) return
    const now = platform.clock.now()
    // Before the locks: under them no second connection may be waited for.
    const details = await readDetails(tx, byConversation, now)
    const records = await lockByConversation(tx, [...byConversation.keys()])
    const messages: StoredMessage[] = []
    const told: OutboxEvent[] = []
    for (const record of records) {
      const references = [...byConversation.get(record.conversationId)!.references]
      const lines = await moveOn(tx, record, references, details.get(record.conversationId)!, now)
      messages.push(...lines)
      told.push(...changesOf(record, references, lines.length > 0))
    }
    await insertMessages(tx, messages)
    await saveCases(tx, records, now)
    const cases = new Map(records.map((record) => [record.conversationId, record]))
    await publish(tx, [...tell(messages, cases), ...told], now)
    platform.events.wake()
  }

  /** One case and what changed of its money; returns the lines for its thread. */
  async function moveOn(
    tx: Transaction,
    record: CaseRecord,
    changed: readonly string[],
    details: readonly TransactionDetail[],
    now: Date,
  ): Promise<StoredMessage[]> {
    const messages: StoredMessage[] = []
    for (const detail of details.filter((each) => isTouched(each, changed))) {
      const steps = stepsOf(detail)
      const untold = await takeUntold(
        tx,
        record.id,
        detail.reference,
        steps.map(({ step }) => step),
      )
      for (const { step, values } of steps.filter((each) => untold.includes(each.step))) {
        if (step === 'payment_returned' && isToldByRefund(detail, details)) continue
        if (step === 'refund_asked') messages.push(...(await chosenRefund(tx, record, detail, now)))
        messages.push(append(record, factOf(step as MoneyFact, values), now))
      }
      const what = whatMoved(detail)
      if (what && (await takeNotifyWish(tx, record.id, detail.reference)))
        await needs.actions.tellMoneyMoved(tx, { customerId: record.customerId, what, detail })
    }
    record.waitsOn = waitsOn(details)
    const outcome = record.state === 'waiting_money' ? outcomeOf(details) : undefined
    if (outcome) {
      closeCase(record, 'helper', outcome)
      messages.push(append(record, factOf('case_settled', { outcome }), now))
    }
    if (messages.length > 0) record.updatedAt = now
    return messages
  }

  /** "Ask for the money back" was chosen when the customer has asked: now it stands in the thread. */
  async function chosenRefund(
    tx: Transaction,
    record: CaseRecord,
    { refund }: TransactionDetail,
    now: Date,
  ): Promise<StoredMessage[]> {
    if (refund?.askedBy !== 'customer') return []
    const { payment } = refund
    const before = (await readChoices(tx, [record.id])).find((each) => each.reference === payment)
    // Who waits for the refund is told by the refund's own notices.
    await saveChoice(tx, record.id, {
      reference: payment,
      choice: 'ask_money_back',
      at: now,
      notify: before?.notify ?? false,
    })
    if (record.state === 'new') {
      record.state = 'waiting_money'
      record.openedAt = now
    }
    return [append(record, chosenOf(record.customerId, 'ask_money_back', payment), now)]
  }

  /** Everything that each case holds, with the refunds that came to it, as of now. */
  async function readDetails(tx: Transaction, touched: ReadonlyMap<string, Touched>, now: Date) {
    for (const { caseId, references } of touched.values())
      for (const reference of references)
        if (reference.startsWith('RF-')) await attachReference(tx, caseId, reference, now)
    const held = await readReferences(
      tx,
      [...touched.values()].map(({ caseId }) => caseId),
    )
    const entries = await Promise.all(
      [...touched].map(async ([conversationId, { caseId, customerId }]) => {
        const found = await Promise.all(
          (held.get(caseId) ?? []).map((reference) => platform.references.detail(reference, customerId)),
        )
        return [conversationId, found.filter((detail) => detail !== undefined)] as const
      }),
    )
    return new Map(entries)
  }
}

interface Touched {
  caseId: string
  customerId: string
  /** What changed of what it holds. */
  references: Set<string>
}

/** Open screens of the desk read the money and the case again. */
function changesOf(record: CaseRecord, references: readonly string[], isNews: boolean): OutboxEvent[] {
  if (record.state === 'new') return []
  const changed = tellChanged(record, { references })
  return [
    {
      ...changed,
      type: 'case.money_changed',
      liveCustomer: isNews ? changed.liveCustomer : undefined,
      liveDesk: [
        ...references.map((reference) => ({ type: 'transaction.changed' as const, reference })),
        ...changed.liveDesk!,
      ],
    },
  ]
}

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
import { stepsOf, whatMoved } from './money-steps.rules.ts'
import type { DeskNeeds } from './needs.ts'
import { outcomeOf, waitsOn } from './settled.rules.ts'

/** What the desk listens to. Each carries `reference`; a refund's also `payment`. */
export const moneyEvents = [
  'payment.credited',
  'payment.returned',
  'payment.shop_asked_again',
  'webhook.attempted',
  'top_up.completed',
  'refund.changed',
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
    const byConversation = new Map<string, Set<string>>()
    for (const held of await findCasesHolding(tx, [...changed.keys()])) {
      const references = byConversation.get(held.conversation_id) ?? new Set()
      for (const reference of changed.get(held.reference)!) references.add(reference)
      byConversation.set(held.conversation_id, references)
    }
    if (byConversation.size === 0) return
    const now = platform.clock.now()
    const records = await lockByConversation(tx, [...byConversation.keys()])
    const messages: StoredMessage[] = []
    const told: OutboxEvent[] = []
    for (const record of records) {
      const references = [...byConversation.get(record.conversationId)!]
      const lines = await moveOn(tx, record, references, now)
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
    now: Date,
  ): Promise<StoredMessage[]> {
    const messages: StoredMessage[] = []
    for (const reference of changed.filter((each) => each.startsWith('RF-')))
      await attachReference(tx, record.id, reference, now)
    const held = (await readReferences(tx, [record.id])).get(record.id) ?? []
    const details = await readDetails(held, record.customerId)
    for (const detail of details.filter(({ reference }) => changed.includes(reference))) {
      const steps = stepsOf(detail)
      const untold = await takeUntold(
        tx,
        record.id,
        detail.reference,
        steps.map(({ step }) => step),
      )
      for (const { step, values } of steps.filter((each) => untold.includes(each.step))) {
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

  async function readDetails(references: readonly string[], customerId: string) {
    const found = await Promise.all(
      references.map((reference) => platform.references.detail(reference, customerId)),
    )
    return found.filter((detail) => detail !== undefined)
  }
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

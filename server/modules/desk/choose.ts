// A customer picks one of the helper's choices: it is done in the same commit as it stands in the thread, once.
// Only for the customer's own case and the money that it holds (R1), and only what the helper offers now.
import type { Choice } from '#contract/diagnosis.ts'
import type { Transaction } from '#platform/db.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { append, chosenOf, tell, tellChanged } from './append.ts'
import type { CaseRecord } from './case.ts'
import { readChoices, saveChoice } from './choice.sql.ts'
import { lockByConversation, readReferences, saveCases } from './desk.sql.ts'
import { insertMessages } from './message.sql.ts'
import type { DeskNeeds } from './needs.ts'
import { createRouter } from './routing.ts'
import { askAgent } from './send-messages.ts'

export interface Chosen {
  choice: Choice
  reference: string
}

export function chooseNext(platform: Platform, needs: DeskNeeds) {
  const { db, clock } = platform

  async function lockOwn(tx: Transaction, customerId: string, conversationId: string, reference: string) {
    const [record] = await lockByConversation(tx, [conversationId])
    // Another customer's conversation, and money that the case does not hold, look like none at all.
    if (!record || record.customerId !== customerId) throw new Refusal('not_found')
    if (!(await readReferences(tx, [record.id])).get(record.id)?.includes(reference))
      throw new Refusal('not_found')
    if (record.state === 'solved') throw new Refusal('case_closed')
    return record
  }

  /** False when there is nothing to do any more. */
  async function act(tx: Transaction, record: CaseRecord, { choice, reference }: Chosen): Promise<boolean> {
    switch (choice) {
      case 'ask_shop_again':
        return needs.actions.askShopAgain(tx, reference, record.customerId, {
          kind: 'customer',
          id: record.customerId,
        })
      // The page opens the form; it stands in the thread once the refund is asked for.
      case 'ask_money_back':
        return false
      case 'wait_with_notice':
      case 'withdraw_refund':
      case 'person':
        return true
    }
  }

  async function run(
    tx: Transaction,
    customerId: string,
    conversationId: string,
    chosen: Chosen,
    offered: boolean,
  ): Promise<void> {
    const { choice, reference } = chosen
    const record = await lockOwn(tx, customerId, conversationId, reference)
    const last = (await readChoices(tx, [record.id])).find((each) => each.reference === reference)
    const again = last?.choice === choice
    if (again && (choice !== 'ask_shop_again' || !offered)) return
    if (!offered) throw new Refusal('conflict')
    if (!(await act(tx, record, chosen))) {
      if (again || choice === 'ask_money_back') return
      throw new Refusal('conflict')
    }
    const now = clock.now()
    const router = await createRouter(tx, needs, choice === 'person' ? [record] : [])
    const asked = record.state === 'waiting_agent'
    if (choice === 'person') {
      if (!asked) askAgent(record, router, now)
    } else if (record.state === 'new') {
      record.state = 'waiting_money'
      record.openedAt = now
    }
    record.updatedAt = now
    const message = append(record, chosenOf(customerId, choice, reference), now)
    record.customerRead = record.lastSequence
    await saveChoice(tx, record.id, {
      reference,
      choice,
      at: now,
      notify: choice === 'wait_with_notice' || choice === 'ask_shop_again',
    })
    await insertMessages(tx, [message])
    await saveCases(tx, [record], now)
    await router.grant(now)
    await publish(
      tx,
      [
        ...tell([message], new Map([[conversationId, record]])),
        tellChanged(record, { choice }),
        ...(record.state === 'waiting_money'
          ? [{ type: 'case.waits', key: conversationId, payload: { reference }, customerId }]
          : []),
      ],
      now,
    )
  }

  /** A commit of its own in the refunds' room, where repeating it is no fault. True when it was done. */
  async function withdraw(customerId: string, conversationId: string, reference: string): Promise<boolean> {
    await db.transaction((tx) => lockOwn(tx, customerId, conversationId, reference))
    const diagnosis = await needs.diagnose(reference, customerId)
    if (!diagnosis?.choices.includes('withdraw_refund')) return false
    await needs.actions.withdrawRefund(reference, customerId)
    return true
  }

  /** Throws not_found, case_closed, conflict when the choice is not offered any more. */
  return async function choose(customerId: string, conversationId: string, chosen: Chosen): Promise<void> {
    const isDone =
      chosen.choice === 'withdraw_refund' && (await withdraw(customerId, conversationId, chosen.reference))
    // Read before the lock: under it no second connection may be waited for. Money that moves in between is found by the
    // reader of `case.waits`.
    const diagnosis = isDone ? undefined : await needs.diagnose(chosen.reference, customerId)
    const offered = isDone || (diagnosis?.choices.includes(chosen.choice) ?? false)
    await db.transaction((tx) => run(tx, customerId, conversationId, chosen, offered))
    platform.events.wake()
  }
}

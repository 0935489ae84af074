// The money and the contacts that a case opens to its agent: each look is recorded before it happens.
// Money is read live, by a reference that the case holds and as its customer sees it; nothing is copied.
import { Type, type Static } from 'typebox'
import {
  CaseReferenceParamsSchema,
  MoneyOnCaseSchema,
  RevealedSchema,
  RevealSchema,
} from '#contract/console.ts'
import { CaseDetailSchema } from '#contract/desk.ts'
import { DiagnosisSchema } from '#contract/diagnosis.ts'
import { parseReference } from '#contract/ids.ts'
import { ReferenceSchema, UuidSchema } from '#contract/schema.ts'
import type { TransactionDetail } from '#contract/trace.ts'
import type { Face } from '#platform/http.ts'
import { publish } from '#platform/outbox.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { StaffSession } from '#modules/staff/index.ts'
import type { AgentGate } from './agent-gate.ts'
import { append, factOf, tell, tellChanged } from './append.ts'
import type { CaseRecord } from './case.ts'
import { takeUntold } from './choice.sql.ts'
import { attachReference, lockByConversation, readCases, readReferences, saveCases } from './desk.sql.ts'
import { recordLook } from './look.ts'
import { insertMessages } from './message.sql.ts'
import { stepsOf } from './money-steps.rules.ts'
import type { DeskNeeds } from './needs.ts'
import type { createViews } from './views.ts'

const tags = ['Cases']
const params = Type.Object({ id: UuidSchema })
const visibleMs = 5 * 60_000

export function caseMoneyRoutes(
  api: Face,
  platform: Platform,
  needs: DeskNeeds,
  { caseFor, views }: AgentGate & { views: ReturnType<typeof createViews> },
): void {
  const { db, clock } = platform
  const looked = recordLook(platform, needs)
  const present = async (id: string) => views.detail((await readCases(db.read, [id]))[0]!)

  /** Throws not_found for what the case does not hold. */
  async function look(
    record: CaseRecord,
    agent: StaffSession,
    reference: string,
  ): Promise<TransactionDetail> {
    const held = (await readReferences(db.read, [record.id])).get(record.id) ?? []
    if (!held.includes(reference)) throw new Refusal('not_found')
    await looked({ record, agent, field: 'money', reason: 'case', reference })
    const detail = await platform.references.detail(reference, record.customerId, 'staff')
    if (!detail) throw new Refusal('not_found')
    return detail
  }

  /** Throws conflict when the shop may not be asked now. */
  async function askShopAgain(conversationId: string, reference: string, agent: StaffSession): Promise<void> {
    await db.transaction(async (tx) => {
      const record = (await lockByConversation(tx, [conversationId]))[0]!
      const by = { kind: 'agent', id: agent.agentId } as const
      if (!(await needs.actions.askShopAgain(tx, reference, record.customerId, by)))
        throw new Refusal('conflict')
      const now = clock.now()
      const message = append(record, factOf('shop_asked_again', { name: agent.displayName, reference }), now)
      record.updatedAt = now
      await insertMessages(tx, [message])
      await saveCases(tx, [record], now)
      await publish(tx, [...tell([message], new Map([[conversationId, record]])), tellChanged(record)], now)
    })
    platform.events.wake()
  }

  api.get(
    '/api/cases/:id/money/:reference',
    {
      schema: {
        tags,
        summary: 'Money that the case holds, live from the ledger',
        params: CaseReferenceParamsSchema,
        response: { 200: MoneyOnCaseSchema },
      },
    },
    async (request) => {
      const { record, agent } = await caseFor(request, request.params.id, 'money.read')
      return look(record, agent, request.params.reference)
    },
  )

  api.get(
    '/api/cases/:id/money/:reference/diagnosis',
    {
      schema: {
        tags,
        summary: "The helper's diagnosis of money that the case holds, as of now",
        params: CaseReferenceParamsSchema,
        response: { 200: DiagnosisSchema },
      },
    },
    async (request) => {
      const { record, agent } = await caseFor(request, request.params.id, 'money.read')
      await look(record, agent, request.params.reference)
      return (await needs.diagnose(request.params.reference, record.customerId))!
    },
  )

  api.post(
    '/api/cases/:id/money/:reference/ask-shop-again',
    {
      schema: {
        tags,
        summary: 'Tell the shop of a payment again now',
        params: CaseReferenceParamsSchema,
        response: { 200: MoneyOnCaseSchema },
      },
    },
    async (request) => {
      const { reference } = request.params
      await caseFor(request, request.params.id, 'money.read')
      const { record, agent } = await caseFor(request, request.params.id, 'case.reply')
      await look(record, agent, reference)
      await askShopAgain(record.conversationId, reference, agent)
      return look(record, agent, reference)
    },
  )

  api.post(
    '/api/cases/:id/references',
    {
      schema: {
        tags,
        summary: 'Attach another movement of the same customer',
        params,
        body: Type.Object({ reference: ReferenceSchema }, { additionalProperties: false }),
        response: { 200: CaseDetailSchema },
      },
    },
    async (request) => {
      const { record, agent } = await caseFor(request, request.params.id, 'money.read')
      const reference = parseReference(request.body.reference)?.reference
      if (!reference || (await platform.references.ownerOf(reference)) !== record.customerId)
        throw new Refusal('not_found')
      const now = clock.now()
      const detail = await platform.references.detail(reference, record.customerId)
      await db.transaction(async (tx) => {
        await attachReference(tx, record.id, reference, now)
        // What is so already is no news.
        if (detail)
          await takeUntold(
            tx,
            record.id,
            reference,
            stepsOf(detail).map(({ step }) => step),
          )
        await needs.audit.record(tx, [
          {
            who: { kind: 'agent', id: agent.agentId },
            action: 'case.attach',
            resource: { kind: 'case', id: record.id },
            at: now,
            detail: { reference },
          },
        ])
        await publish(
          tx,
          [
            {
              type: 'case.changed',
              key: record.conversationId,
              payload: { caseId: record.id },
              liveDesk: [{ type: 'case.changed', caseId: record.id }],
            },
          ],
          now,
        )
      })
      platform.events.wake()
      return present(record.id)
    },
  )

  api.post(
    '/api/cases/:id/reveal',
    {
      schema: {
        tags,
        summary: 'See a contact for five minutes, for a reason that the customer sees',
        params,
        body: RevealSchema,
        response: { 200: RevealedSchema },
      },
    },
    async (request): Promise<Static<typeof RevealedSchema>> => {
      const { record, agent } = await caseFor(request, request.params.id, 'customer.reveal')
      const { field, reason } = request.body
      const visibleUntil = new Date(clock.now().getTime() + visibleMs)
      // Recorded before it is seen: a look that is not recorded does not happen.
      await looked({ record, agent, field, reason, visibleUntil })
      const value = await needs.contactOf(record.customerId, field)
      if (value === undefined) throw new Refusal('not_found')
      return { field, value, visibleUntil: visibleUntil.toISOString() }
    },
  )
}

// The customer's conversations over HTTP. Thin: who asks, is it theirs, read or act, answer.
import { Type } from 'typebox'
import { ServiceStatusSchema } from '#contract/customer.ts'
import {
  ConversationSchema,
  LookSchema,
  MessageSchema,
  OpenConversationSchema,
  RateSchema,
  ReopenSchema,
  SendMessageSchema,
} from '#contract/desk.ts'
import { ChooseSchema } from '#contract/diagnosis.ts'
import { PageQuerySchema, UuidSchema } from '#contract/schema.ts'
import type { Face } from '#platform/http.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { presentToCustomer } from './case.ts'
import { listOfCustomer, readByConversation } from './desk.sql.ts'
import type { Desk } from './index.ts'
import { nextLook, readLookCursor } from './look-pages.ts'
import { readLooks } from './look.sql.ts'
import { readMessages, saveRead } from './message.sql.ts'
import type { DeskNeeds } from './needs.ts'
import { createSendLimit } from './send-limit.ts'
import { serviceStatus } from './service-status.ts'
import { createViews, presentLook } from './views.ts'

const tags = ['Help']
const params = Type.Object({ id: UuidSchema })
/** Numbers of messages are the database's integers; more than that no conversation has. */
const highestSequence = 2_147_483_647

export const AfterQuerySchema = Type.Object({
  after: Type.Optional(Type.Integer({ minimum: 0, maximum: highestSequence, default: 0 })),
})
export const MessagesSchema = Type.Object({ messages: Type.Array(MessageSchema) })
export const ReadSchema = Type.Object(
  { sequence: Type.Integer({ minimum: 0, maximum: highestSequence }) },
  { additionalProperties: false },
)
export const pageSize = 200

export function conversationRoutes(api: Face, platform: Platform, needs: DeskNeeds, desk: Desk): void {
  const { db } = platform
  const views = createViews(platform, needs)
  const limit = createSendLimit(platform.clock)

  async function own(request: Parameters<DeskNeeds['authenticateCustomer']>[0], id: string) {
    const { customerId } = await needs.authenticateCustomer(request)
    const record = await readByConversation(db.read, id)
    // Another customer's conversation looks like none at all (R1).
    if (!record || record.customerId !== customerId) throw new Refusal('not_found')
    return record
  }

  api.get(
    '/api/conversations',
    {
      schema: {
        tags,
        summary: 'My conversations, newest first',
        response: { 200: Type.Object({ conversations: Type.Array(ConversationSchema) }) },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticateCustomer(request)
      return { conversations: await views.conversations(await listOfCustomer(db.read, customerId, 50)) }
    },
  )

  api.post(
    '/api/conversations',
    {
      schema: {
        tags,
        summary: 'Ask for help, about a movement of money or in general',
        description: 'Answers the open conversation about the same thing when there is one.',
        body: OpenConversationSchema,
        response: { 200: ConversationSchema },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticateCustomer(request)
      const customer = (await needs.customers(db.read, [customerId])).get(customerId)
      const record = await desk.open(
        customerId,
        request.body.about,
        request.body.language ?? customer?.language ?? 'id-ID',
      )
      return (await views.conversations([record]))[0]!
    },
  )

  api.get(
    '/api/conversations/:id',
    { schema: { tags, summary: 'One conversation', params, response: { 200: ConversationSchema } } },
    async (request) => {
      const record = await own(request, request.params.id)
      return (await views.conversations([record]))[0]!
    },
  )

  api.get(
    '/api/conversations/:id/messages',
    {
      schema: {
        tags,
        summary: 'Messages after a sequence number, at most 200',
        params,
        querystring: AfterQuerySchema,
        response: { 200: MessagesSchema },
      },
    },
    async (request) => {
      const record = await own(request, request.params.id)
      const messages = await readMessages(
        db.read,
        record.conversationId,
        request.query.after ?? 0,
        pageSize,
        false,
      )
      return { messages: messages.map(presentToCustomer) }
    },
  )

  api.post(
    '/api/conversations/:id/messages',
    {
      schema: {
        tags,
        summary: 'Write; the same clientMessageId is stored once',
        params,
        body: SendMessageSchema,
        response: { 200: MessageSchema },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticateCustomer(request)
      const { clientMessageId, text, language, files } = request.body
      limit.take(customerId)
      return desk.send({
        conversationId: request.params.id,
        clientMessageId,
        text,
        language,
        files,
        kind: 'text',
        sender: { kind: 'customer', id: customerId },
      })
    },
  )

  const acts = {
    choose: { summary: "Pick one of the helper's choices; it is done once", body: ChooseSchema },
    rate: { summary: 'Say how it was; a second time within a day changes it', body: RateSchema },
    reopen: { summary: 'Not solved: it goes to a supervisor', body: ReopenSchema },
  } as const
  const answered = { params, response: { 200: ConversationSchema } }
  const present = async (id: string) =>
    (await views.conversations([(await readByConversation(db.read, id))!]))[0]!

  api.post(
    '/api/conversations/:id/choose',
    { schema: { tags, ...acts.choose, ...answered } },
    async (request) => {
      const { customerId } = await needs.authenticateCustomer(request)
      // A choice stands in the thread as a message does: to and fro must not fill it.
      limit.take(customerId)
      await desk.choose(customerId, request.params.id, request.body)
      return present(request.params.id)
    },
  )

  api.post(
    '/api/conversations/:id/rate',
    { schema: { tags, ...acts.rate, ...answered } },
    async (request) => {
      const { customerId } = await needs.authenticateCustomer(request)
      await desk.rate(customerId, request.params.id, request.body)
      return present(request.params.id)
    },
  )

  api.post(
    '/api/conversations/:id/reopen',
    { schema: { tags, ...acts.reopen, ...answered } },
    async (request) => {
      const { customerId } = await needs.authenticateCustomer(request)
      limit.take(customerId)
      await desk.reopen(customerId, request.params.id, request.body)
      return present(request.params.id)
    },
  )

  api.post(
    '/api/conversations/:id/read',
    {
      schema: {
        tags,
        summary: 'I have read up to here',
        params,
        body: ReadSchema,
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      const record = await own(request, request.params.id)
      await saveRead(db.read, record.conversationId, 'customer', request.body.sequence)
      return reply.code(204).send(null)
    },
  )

  api.get(
    '/api/me/looks',
    {
      schema: {
        tags: ['Account'],
        summary: 'Who of the staff looked at my data, when and why',
        description:
          'Newest first, page by page. Every look of staff at contacts, conversations and money, for whatever reason; the same look again within the hour is listed once.',
        querystring: PageQuerySchema,
        response: {
          200: Type.Object({ looks: Type.Array(LookSchema), next: Type.Optional(Type.String()) }),
        },
      },
    },
    async (request) => {
      const { customerId } = await needs.authenticateCustomer(request)
      const limit = request.query.limit ?? 50
      const before = readLookCursor(request.query.after)
      const rows = await readLooks(db.read, { customerId, before }, limit)
      return { looks: rows.map(presentLook), ...nextLook(rows, limit) }
    },
  )

  api.get(
    '/api/service',
    {
      schema: {
        tags,
        summary: 'Which channels are open, and how long the wait is',
        response: { 200: ServiceStatusSchema },
      },
    },
    async () => serviceStatus(platform, needs),
  )
}

// The SMS gateway that the product calls, and the pages and JSON that show what arrived.
import { timingSafeEqual } from 'node:crypto'
import { Type } from 'typebox'
import type { App } from '../platform/http.ts'
import { readLanguage } from '../platform/language.ts'
import { sendPage } from '../platform/page.ts'
import { wait, type World } from '../platform/world.ts'
import type { Inbox } from './inbox.ts'
import { phoneContent, phonePage } from './phone.pages.ts'

export function sameSecret(given: string | undefined, expected: string): boolean {
  const [left, right] = [Buffer.from(given ?? ''), Buffer.from(expected)]
  return left.length === right.length && timingSafeEqual(left, right)
}

export function phoneRoutes(app: App, needs: { inbox: Inbox; world: World; smsSecret: string }): void {
  const { inbox, world, smsSecret } = needs

  app.post(
    '/phone/sms',
    {
      schema: {
        body: Type.Object({
          to: Type.String({ minLength: 3, maxLength: 32 }),
          text: Type.String({ minLength: 1, maxLength: 4000 }),
          from: Type.Optional(Type.String({ maxLength: 32 })),
          id: Type.Optional(Type.String({ maxLength: 100 })),
        }),
      },
    },
    async (request, reply) => {
      if (!sameSecret(request.headers.authorization, `Bearer ${smsSecret}`))
        return reply.code(401).send({ error: 'unauthorized' })
      if (!world.switches.messages.up) return reply.code(503).send({ error: 'switched off' })
      await wait(world.switches.messages.slowMs)
      const { to, text, from, id } = request.body
      await inbox.receive({
        channel: 'sms',
        to,
        from: from ?? 'Tuntas',
        subject: '',
        text,
        messageId: id && `sms ${id}`,
      })
      return reply.code(202).send({ accepted: true })
    },
  )

  const query = Type.Object({ to: Type.Optional(Type.String({ maxLength: 320 })) })
  app.get('/phone', { schema: { querystring: query } }, async (request, reply) => {
    const locale = readLanguage(request, reply)
    const { to } = request.query
    return sendPage(reply, phonePage(locale, await phoneContent(locale, inbox, to), to))
  })
  app.get('/phone/content', { schema: { querystring: query } }, async (request, reply) =>
    sendPage(reply, await phoneContent(readLanguage(request, reply), inbox, request.query.to)),
  )
  app.get('/phone/messages', { schema: { querystring: query } }, async (request, reply) =>
    reply.header('cache-control', 'no-store').send({ messages: await inbox.messages(request.query.to) }),
  )
}

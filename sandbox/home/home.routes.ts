// The home page, its two forms, and the same as JSON for tests.
import { Type } from 'typebox'
import type { App } from '../platform/http.ts'
import { readLanguage } from '../platform/language.ts'
import { sendPage } from '../platform/page.ts'
import type { Settings } from '../platform/settings.ts'
import type { World } from '../platform/world.ts'
import { learnTime, moveTime } from './clock.ts'
import { homePage } from './home.pages.ts'

const checkboxes = {
  shop: ['up', 'lostAnswer'],
  bank: ['twice', 'lostAnswer', 'outOfOrder', 'wrongSignature'],
  payOuts: ['lostAnswer', 'twice', 'refused'],
  messages: ['up'],
} as const
const delays = { shop: 'slowMs', bank: 'lateMs', payOuts: 'slowMs', messages: 'slowMs' } as const

/** A form sends only ticked boxes: what is not sent is off. */
function switchesOf(form: Record<string, string>): Record<string, Record<string, boolean | number | string>> {
  const parties = ['shop', 'bank', 'payOuts', 'messages'] as const
  return Object.fromEntries(
    parties.map((party) => [
      party,
      {
        ...Object.fromEntries(checkboxes[party].map((name) => [name, form[`${party}.${name}`] === 'on'])),
        [delays[party]]: Number(form[`${party}.${delays[party]}`] ?? 0),
        ...(party === 'shop' ? { refunds: form['shop.refunds'] ?? 'silent' } : {}),
      },
    ]),
  )
}

const AdvanceSchema = Type.Object({ advanceMs: Type.Integer({ minimum: 0, maximum: 366 * 86_400_000 }) })

export function homeRoutes(app: App, needs: { settings: Settings; world: World }): void {
  const { settings, world } = needs
  app.get(
    '/',
    { schema: { querystring: Type.Object({ note: Type.Optional(Type.String()) }) } },
    async (request, reply) => {
      await learnTime(settings, world)
      return sendPage(reply, homePage(readLanguage(request, reply), settings, world, request.query.note))
    },
  )
  app.post(
    '/switches',
    { schema: { body: Type.Record(Type.String(), Type.String()) } },
    async (request, reply) => {
      await world.change(switchesOf(request.body))
      return reply.redirect('/?note=saved', 303)
    },
  )
  app.post('/clock', { schema: { body: AdvanceSchema } }, async (request, reply) => {
    const now = await moveTime(settings, world, request.body.advanceMs)
    if (request.headers['content-type']?.startsWith('application/json'))
      return now ? { now: now.toISOString() } : reply.code(502).send({ error: 'the product did not answer' })
    return reply.redirect(now ? '/?note=moved' : '/?note=unmoved', 303)
  })
  app.get('/switches', async () => world.switches)
  app.put('/switches', async (request, reply) => {
    try {
      return await world.change(request.body)
    } catch (error) {
      if (error instanceof RangeError) return reply.code(422).send({ error: error.message })
      throw error
    }
  })
  app.get('/healthz', async () => ({ ok: true }))
}

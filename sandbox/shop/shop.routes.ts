// The shops' addresses: pages for buyers and the shopkeeper, and the door for the product's webhooks.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { rawBodies, type App } from '../platform/http.ts'
import { readLanguage } from '../platform/language.ts'
import { sendPage } from '../platform/page.ts'
import { wait, type World } from '../platform/world.ts'
import { drawGood } from './art.ts'
import {
  accountPage,
  accountState,
  payOutList,
  banks,
  type AccountProblem,
  type AccountView,
} from './account.pages.ts'
import { giveAccount, readAccount, readPayOuts, type Tuntas } from './merchant-client.ts'
import { refundsList, refundsPage } from './refunds.pages.ts'
import type { ShopRefunds } from './refunds.ts'
import * as pages from './shop.pages.ts'
import { maximumQuantity, readBasket, writeBasket, type Shop, type Shops } from './shops.ts'

type Params = { slug: string; number: string; sku: string; reference: string }

export function shopRoutes(
  app: App,
  needs: { shops: Shops; refunds: ShopRefunds; world: World; customersUrl: string },
): void {
  const { shops, refunds, world, customersUrl } = needs
  const cookieOf = (shop: Shop) => `sandbox_basket_${shop.slug}`

  /** The visit of a known shop, else the answer 404. */
  async function visitOf(request: FastifyRequest, reply: FastifyReply): Promise<pages.Visit | undefined> {
    const shop = shops.find((request.params as Params).slug)
    const locale = readLanguage(request, reply)
    if (!shop) {
      await sendPage(reply, pages.missingPage(locale, 'unopened'), 404)
      return undefined
    }
    const path = request.url.split('?')[0]!
    return { shop, locale, basket: readBasket(request.cookies[cookieOf(shop)]), path }
  }

  function keepBasket(reply: FastifyReply, shop: Shop, basket: ReadonlyMap<string, number>): void {
    reply.setCookie(cookieOf(shop), writeBasket(basket), {
      path: `/shop/${shop.slug}`,
      sameSite: 'lax',
      httpOnly: true,
      maxAge: 604_800,
    })
  }

  for (const [path, rest] of [
    ['/shop', ''],
    ['/shop/orders', '/orders'],
  ] as const)
    app.get(path, async (request, reply) => {
      const first = shops.list[0]
      if (!first) return sendPage(reply, pages.missingPage(readLanguage(request, reply), 'unopened'), 404)
      return reply.redirect(`/shop/${first.slug}${rest}`)
    })

  app.get('/shop/:slug', async (request, reply) => {
    const visit = await visitOf(request, reply)
    if (!visit) return reply
    return sendPage(reply, pages.cataloguePage(visit, 'added' in (request.query as object)))
  })

  app.get('/shop/:slug/goods/:sku.svg', async (request, reply) => {
    const { slug, sku } = request.params as Params
    const catalogue = shops.find(slug)?.catalogue
    const good = catalogue?.goods.find((entry) => entry.sku === sku)
    if (!catalogue || !good) return reply.code(404).send()
    return reply
      .type('image/svg+xml; charset=utf-8')
      .header('cache-control', 'max-age=3600')
      .send(drawGood(good, catalogue.shape))
  })

  app.get('/shop/:slug/basket', async (request, reply) => {
    const visit = await visitOf(request, reply)
    return visit ? sendPage(reply, pages.basketPage(visit)) : reply
  })

  const ChangeSchema = Type.Object({
    sku: Type.String({ maxLength: 40 }),
    change: Type.Integer({ minimum: -maximumQuantity, maximum: maximumQuantity }),
    to: Type.Optional(Type.Literal('basket')),
  })
  app.post('/shop/:slug/basket', { schema: { body: ChangeSchema } }, async (request, reply) => {
    const visit = await visitOf(request, reply)
    if (!visit) return reply
    const { shop } = visit
    const { sku, change, to } = request.body
    const basket = new Map(visit.basket)
    if (shop.catalogue.goods.some((good) => good.sku === sku))
      basket.set(sku, Math.max(0, Math.min(maximumQuantity, (basket.get(sku) ?? 0) + change)))
    keepBasket(reply, shop, basket)
    return reply.redirect(to === 'basket' ? `/shop/${shop.slug}/basket` : `/shop/${shop.slug}?added`, 303)
  })

  app.post('/shop/:slug/orders', async (request, reply) => {
    const visit = await visitOf(request, reply)
    if (!visit) return reply
    const { shop, locale } = visit
    const order = await shops.placeOrder(shop, visit.basket, locale)
    if (!order) return reply.redirect(`/shop/${shop.slug}/basket`, 303)
    keepBasket(reply, shop, new Map())
    return reply.redirect(order.checkout_url ?? `/shop/${shop.slug}/orders/${order.number}`, 303)
  })

  app.get('/shop/:slug/orders', async (request, reply) => {
    const visit = await visitOf(request, reply)
    return visit ? sendPage(reply, pages.ordersPage(visit, await shops.orders(visit.shop))) : reply
  })
  app.get('/shop/:slug/orders/content', async (request, reply) => {
    const visit = await visitOf(request, reply)
    return visit ? sendPage(reply, pages.ordersList(visit, await shops.orders(visit.shop))) : reply
  })

  for (const part of ['page', 'content', 'state'] as const)
    app.get(`/shop/:slug/orders/:number${part === 'page' ? '' : `/${part}`}`, async (request, reply) => {
      const visit = await visitOf(request, reply)
      if (!visit) return reply
      const order = await shops.findOrder(visit.shop, (request.params as Params).number)
      if (!order) return sendPage(reply, pages.missingPage(visit.locale, 'notFound'), 404)
      if (part === 'state')
        return reply.header('cache-control', 'no-store').send({
          number: order.number,
          state: order.state,
          payment: order.payment,
          tuntasOrderId: order.tuntas_order_id,
          webhooks: order.webhooks,
        })
      return sendPage(reply, part === 'page' ? pages.orderPage(visit, order) : pages.orderState(visit, order))
    })

  app.post('/shop/:slug/orders/:number/pay', async (request, reply) => {
    const visit = await visitOf(request, reply)
    if (!visit) return reply
    const order = await shops.findOrder(visit.shop, (request.params as Params).number)
    if (!order) return sendPage(reply, pages.missingPage(visit.locale, 'notFound'), 404)
    const asked = order.state === 'new' ? await shops.requestPayment(visit.shop, order, visit.locale) : order
    return reply.redirect(
      (asked.state === 'waiting' && asked.checkout_url) || `/shop/${visit.shop.slug}/orders/${order.number}`,
      303,
    )
  })

  app.get('/shop/:slug/refunds', async (request, reply) => {
    const visit = await visitOf(request, reply)
    return visit ? sendPage(reply, refundsPage(visit, await refunds.list(visit.shop))) : reply
  })
  app.get('/shop/:slug/refunds/content', async (request, reply) => {
    const visit = await visitOf(request, reply)
    return visit ? sendPage(reply, refundsList(visit, await refunds.list(visit.shop))) : reply
  })
  const AnswerSchema = Type.Object({ answer: Type.Union([Type.Literal('agree'), Type.Literal('refuse')]) })
  app.post('/shop/:slug/refunds/:reference', { schema: { body: AnswerSchema } }, async (request, reply) => {
    const visit = await visitOf(request, reply)
    if (!visit) return reply
    const { reference } = request.params as Params
    if (!(await refunds.answer(visit.shop, reference, request.body.answer)))
      return sendPage(reply, pages.missingPage(visit.locale, 'notFound'), 404)
    return reply.redirect(`/shop/${visit.shop.slug}/refunds`, 303)
  })

  app.get('/shop/:slug/account', async (request, reply) => {
    const visit = await visitOf(request, reply)
    return visit ? sendPage(reply, accountPage(visit, await readMoney(visit.shop))) : reply
  })
  app.get('/shop/:slug/account/content', async (request, reply) => {
    const visit = await visitOf(request, reply)
    return visit ? sendPage(reply, accountState(visit, await readMoney(visit.shop))) : reply
  })
  app.get('/shop/:slug/account/pay-outs', async (request, reply) => {
    const visit = await visitOf(request, reply)
    if (!visit) return reply
    const payOuts = await readPayOuts({ customersUrl, shop: visit.shop })
    return sendPage(
      reply,
      payOutList(visit, { payOuts: payOuts.outcome === 'done' ? payOuts.result : undefined }),
    )
  })
  const GiveSchema = Type.Object({
    bankCode: Type.String({ maxLength: 8 }),
    accountNumber: Type.String({ maxLength: 60 }),
    name: Type.String({ maxLength: 200 }),
  })
  app.post('/shop/:slug/account', { schema: { body: GiveSchema } }, async (request, reply) => {
    const visit = await visitOf(request, reply)
    if (!visit) return reply
    const draft = request.body
    // As people copy it from a paper: in groups.
    const accountNumber = draft.accountNumber.replace(/[\s.-]/g, '')
    const name = draft.name.trim()
    const again = async (problem: AccountProblem, status: number) =>
      sendPage(reply, accountPage(visit, { ...(await readMoney(visit.shop)), draft, problem }), status)
    if (!banks.some(({ code }) => code === draft.bankCode)) return again({ what: 'bank' }, 422)
    if (!/^[0-9]{5,34}$/.test(accountNumber)) return again({ what: 'number' }, 422)
    if (name === '' || name.length > 100) return again({ what: 'name' }, 422)
    const given = await giveAccount(
      { customersUrl, shop: visit.shop },
      { bankCode: draft.bankCode, accountNumber, name },
    )
    if (given.outcome === 'no_answer') return again({ what: 'no_answer' }, 503)
    if (given.outcome === 'refused') return again({ what: 'refused', code: given.code }, 422)
    return reply.redirect(`/shop/${visit.shop.slug}/account`, 303)
  })

  async function readMoney(shop: Shop): Promise<AccountView> {
    const tuntas: Tuntas = { customersUrl, shop }
    const [account, payOuts] = await Promise.all([readAccount(tuntas), readPayOuts(tuntas)])
    return {
      account: account.outcome === 'done' ? account.result : undefined,
      payOuts: payOuts.outcome === 'done' ? payOuts.result : undefined,
    }
  }

  for (const path of ['/shop/webhooks', '/shop/:slug/webhooks'])
    app.post(path, async (request, reply) => {
      const { slug } = request.params as Partial<Params>
      const candidates =
        slug === undefined ? shops.list : [shops.find(slug)].filter((shop) => shop !== undefined)
      if (!world.switches.shop.up) return reply.code(503).send({ error: 'switched off' })
      await wait(world.switches.shop.slowMs)
      const body = rawBodies.get(request) ?? Buffer.alloc(0)
      if (!(await shops.receiveWebhook(candidates, request.headers, body)))
        return reply.code(401).send({ error: 'the signature is missing or wrong' })
      if (world.switches.shop.lostAnswer) {
        reply.hijack()
        request.raw.socket.destroy()
        return reply
      }
      return reply.code(204).send()
    })
}

// The two addresses and their three documented faces. Only wiring: each route stands in its room.
import { Type } from 'typebox'
import { signedStatementRoutes, walletRoutes } from '#modules/wallets/index.ts'
import { askShopAgainRoutes, checkoutRoutes } from '#modules/payments/index.ts'
import { merchantRoutes } from '#modules/merchants/index.ts'
import { settlementRoutes, shopAccountRoutes } from '#modules/settlements/index.ts'
import { tracingRoutes } from '#modules/tracing/index.ts'
import { sameHash } from '#platform/keys.ts'
import { apiScope, createFace, type Face } from '#platform/http.ts'
import { Refusal } from '#platform/refusal.ts'
import type { LiveHub } from '#platform/live.ts'
import type { Rooms, RunningPlatform } from './compose.ts'

export async function buildCustomersFace(platform: RunningPlatform, rooms: Rooms): Promise<Face> {
  const { config } = platform
  const app = createFace(platform, { name: 'customers', publicUrl: config.customersUrl })
  const { identity, wallets, payments, merchants, ledger, knowledge } = rooms

  await apiScope(
    app,
    {
      docsPath: '/docs/customer',
      title: 'Tuntas for customers',
      description: 'What the wallet, the checkout page and the help centre call. Signed in by cookie.',
      caller: 'browser',
      publicUrl: config.customersUrl,
    },
    (api) => {
      identity.routes(api)
      walletRoutes(api, {
        wallets,
        authenticate: identity.authenticate,
        startCode: rooms.startUnfreeze,
        endOtherSessions: identity.endSessions,
        proveOwner: rooms.proveOwner,
      })
      signedStatementRoutes(api, { signed: rooms.signedStatements, authenticate: identity.authenticate })
      tracingRoutes(api, platform, { authenticate: identity.authenticate })
      checkoutRoutes(api, platform, {
        payments,
        merchants,
        wallets,
        authenticate: identity.authenticate,
        ownerOf: identity.ownerOf,
        optional: identity.optional,
        payerOf: rooms.payerOf,
        pinLockedUntil: identity.pinLockedUntil,
      })
      rooms.funding.routes(api)
      rooms.refunds.customerRoutes(api)
      askShopAgainRoutes(api, platform, {
        authenticate: identity.authenticate,
        askShopAgain: payments.askShopAgain,
        wakeDelivery: merchants.wakeDelivery,
      })
      rooms.files.customerRoutes(api)
      rooms.helper.routes(api)
      rooms.desk.customerRoutes(api)
      knowledge.routes(api)
    },
  )

  await apiScope(
    app,
    {
      docsPath: '/docs/merchant',
      title: 'Tuntas for shops',
      description:
        'Orders and their state, over signed requests; webhooks follow Standard Webhooks. See the header of each request for the signature.',
      caller: 'machine',
      publicUrl: config.customersUrl,
    },
    (api) => {
      const caller = merchantRoutes(api, platform, {
        merchants,
        ledger,
        paidAt: async (orderId) => (await payments.paymentOfOrder(orderId))?.effectiveAt,
      })
      settlementRoutes(api, platform, { ledger, merchants }, caller)
      shopAccountRoutes(api, platform, { audit: rooms.audit }, caller)
      rooms.refunds.shopRoutes(api, caller)
    },
  )
  await app.register(async (api) => rooms.rails.routes(api as unknown as Face))
  return app
}

export async function buildAgentsFace(platform: RunningPlatform, rooms: Rooms): Promise<Face> {
  const { config } = platform
  const app = createFace(platform, { name: 'agents', publicUrl: config.agentsUrl })
  await apiScope(
    app,
    {
      docsPath: '/docs/console',
      title: 'Tuntas for agents',
      description:
        'What the console calls. Signed in by a cookie of its own; every look at a masked contact is recorded.',
      caller: 'browser',
      publicUrl: config.agentsUrl,
    },
    (api) => {
      rooms.staff.routes(api)
      rooms.refunds.agentRoutes(api)
      rooms.decisions.routes(api)
      rooms.silentShops.routes(api)
      rooms.heldTopUps.routes(api)
      rooms.refusedPayOuts.routes(api)
      rooms.approvals.routes(api)
      rooms.desk.agentRoutes(api)
    },
  )
  return app
}

/** The live connection on both addresses. Agents send over HTTP, where each message is authorised as a request. */
export function attachLive(
  platform: RunningPlatform,
  rooms: Rooms,
  hub: LiveHub,
  customers: Face,
  agents: Face,
): void {
  hub.attach(customers.server, {
    kind: 'customer',
    publicUrl: platform.config.customersUrl,
    async authenticate(request) {
      const { customerId, sessionId } = await rooms.identity.authenticate(request)
      return { id: customerId, sessionId }
    },
    isLiving: rooms.identity.isLiving,
    send: (principal, frame) =>
      rooms.desk.send({
        conversationId: frame.conversationId,
        clientMessageId: frame.clientMessageId,
        text: frame.text,
        language: frame.language,
        files: frame.files,
        kind: 'text',
        sender: { kind: 'customer', id: principal.id },
      }),
    typingAudience: rooms.desk.typingAudience,
  })
  hub.attach(agents.server, {
    kind: 'agent',
    publicUrl: platform.config.agentsUrl,
    async authenticate(request) {
      const session = await rooms.staff.authenticate(request)
      rooms.staff.require(session, 'case.read')
      return { id: session.agentId, sessionId: session.sessionId, ownCustomerId: session.customerId }
    },
    isLiving: rooms.staff.isLiving,
    typingAudience: rooms.desk.typingAudience,
  })
}

/** What operators ask for: liveness, readiness, figures. On the agents' address, which is not public. */
export function operatorRoutes(app: Face, platform: RunningPlatform, isStopping: () => boolean): void {
  app.get('/healthz', { schema: { hide: true } }, async () => ({ status: 'alive' }))
  app.get('/readyz', { schema: { hide: true } }, async () => {
    if (isStopping()) throw new Refusal('shutting_down')
    await platform.db.ping()
    return { status: 'ready' }
  })
  app.get('/metrics', { schema: { hide: true } }, async (_request, reply) =>
    reply
      .header('content-type', platform.metrics.registry.contentType)
      .send(await platform.metrics.registry.metrics()),
  )
}

/** The sandbox moves business time. Only mounted while the sandbox is on, and only with its secret. */
export function sandboxControlRoutes(app: Face, platform: RunningPlatform): void {
  const secret = Buffer.from(platform.config.sandboxControlSecret)
  app.post(
    '/sandbox-control/clock',
    {
      schema: {
        hide: true,
        body: Type.Object({ advanceMs: Type.Integer({ minimum: 0, maximum: 31 * 86_400_000 }) }),
      },
    },
    async (request) => {
      const given = request.headers['x-tuntas-sandbox']
      if (typeof given !== 'string' || !sameHash(Buffer.from(given), secret)) throw new Refusal('forbidden')
      const now = await platform.clock.advance(request.body.advanceMs)
      return { now: now.toISOString() }
    },
  )
  app.get('/sandbox-control/clock', { schema: { hide: true } }, async () => ({
    now: platform.clock.now().toISOString(),
  }))
}

// The server that payments.crash.test.ts kills: the checkout's API in a process of its own. It never stops properly.
import { apiScope, createFace } from '#platform/http.ts'
import { composeForCrash, customerHeader } from './crash-for-tests.ts'
import { checkoutRoutes } from './index.ts'

const { platform, merchants, wallets, payments } = composeForCrash(process.argv[2]!)
const publicUrl = platform.config.customersUrl
const face = createFace(platform, { name: 'customers', publicUrl })
await apiScope(
  face,
  { docsPath: '/docs/customer', title: 'Checkout', description: '', caller: 'browser', publicUrl },
  (api) =>
    checkoutRoutes(api, platform, {
      payments,
      merchants,
      wallets,
      authenticate: async (request) => ({ customerId: String(request.headers[customerHeader]) }),
      ownerOf: async (request) => ({
        customerId: String(request.headers[customerHeader]),
        sessionId: String(request.headers[customerHeader]),
      }),
      optional: async () => undefined,
      payerOf: async () => ({ displayName: 'Test', contact: '' }),
      pinLockedUntil: async () => undefined,
    }),
)
await face.listen({ port: 0, host: '127.0.0.1' })
process.on('disconnect', () => process.exit(0))
process.send!((face.server.address() as { port: number }).port)

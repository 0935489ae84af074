// Puts the sandbox together: its database, its world, and one web server with a phone, shops and a bank.
// It speaks public HTTP and SMTP only; nothing of the product's code or tables is used here.
import type { AddressInfo } from 'node:net'
import { bankRoutes } from './bank/bank.routes.ts'
import { createBank } from './bank/bank.ts'
import { createPayOuts } from './bank/pay-outs.ts'
import { payOutRoutes } from './bank/pay-outs.routes.ts'
import { createSnapServer } from './bank/snap-server.ts'
import { homeRoutes } from './home/home.routes.ts'
import { createInbox } from './phone/inbox.ts'
import { startMailServer } from './phone/mail.ts'
import { phoneRoutes } from './phone/phone.routes.ts'
import { openDatabase } from './platform/database.ts'
import { createApp, serveAssets } from './platform/http.ts'
import type { Settings } from './platform/settings.ts'
import { openWorld } from './platform/world.ts'
import { createShopRefunds } from './shop/refunds.ts'
import { createShops } from './shop/shops.ts'
import { shopRoutes } from './shop/shop.routes.ts'

export interface Sandbox {
  port: number
  smtpPort: number
  close(): Promise<void>
}

export async function startSandbox(settings: Settings): Promise<Sandbox> {
  const db = await openDatabase(settings.databaseUrl)
  const world = await openWorld(db)
  const inbox = createInbox(db)
  const app = createApp({ formTargets: [new URL(settings.customersUrl).origin] })
  const bank = createBank({ db, world, settings })
  await serveAssets(app)
  homeRoutes(app, { settings, world })
  phoneRoutes(app, { inbox, world, smsSecret: settings.smsSecret })
  const refunds = createShopRefunds({ db, settings, world })
  shopRoutes(app, {
    shops: createShops({ db, settings }),
    refunds,
    world,
    customersUrl: settings.customersUrl,
  })
  const payOuts = createPayOuts({ db, world })
  bankRoutes(app, { bank, payOuts })
  payOutRoutes(app, { payOuts, snap: createSnapServer(settings.bankClientSecret), world })
  const mail = await startMailServer({ host: settings.host, port: settings.smtpPort }, world, inbox)
  await app.listen({ host: settings.host, port: settings.port })
  bank.start()
  refunds.start()
  return {
    port: (app.server.address() as AddressInfo).port,
    smtpPort: mail.port,
    async close() {
      await bank.stop()
      await refunds.stop()
      await app.close()
      await mail.close()
      await db.close()
    },
  }
}

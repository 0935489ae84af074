// The world's money systems behind one door. Today: the bank that holds our virtual accounts and pays shops out, speaking SNAP.
// This room proves who calls and keeps what was said; what it means for a wallet is decided by who registered.
import type { Face } from '#platform/http.ts'
import { deriveKey } from '#platform/keys.ts'
import type { Platform } from '#platform/platform.ts'
import { dayIn } from '#platform/days.ts'
import { createBankClient } from './bank-client.ts'
import { forgetExternalIds } from './rails.sql.ts'
import { railsRoutes } from './rails.routes.ts'
import type { VirtualAccountPayment } from './snap.ts'
import { createOutgoingTransfers, type OutgoingTransfers } from './transfer-out.ts'

export type { VirtualAccountPayment } from './snap.ts'
export { askTransfer, nextCallAfter } from './ask-transfer.ts'
export { maskAccount } from './mask-account.ts'
export type { OutgoingTransfer, OutgoingTransfers, TransferAnswer } from './transfer-out.ts'

export interface BankPartner {
  /** Who asks for tokens; also the name under which its calls and references are kept. */
  clientKey: string
  /** What it sends as X-PARTNER-ID: how it calls us. */
  partnerId: string
  bankName: string
  /** The first digits of every virtual account number at this bank. */
  serviceId: string
  secret: string
}

export type PaymentOutcome =
  | { outcome: 'received'; accountName: string }
  /** Refused before anything was written. `inconsistent`: the same reference came before with other content. */
  | { outcome: 'unknown_account' | 'inconsistent' | 'invalid_amount' }

/** The room that knows whose virtual accounts these are. */
export interface VirtualAccountHandlers {
  find(virtualAccountNumber: string): Promise<{ accountName: string } | undefined>
  /** Must be idempotent on (partnerId, paymentRequestId): banks tell things twice. */
  receive(payment: VirtualAccountPayment): Promise<PaymentOutcome>
}

export interface Rails extends OutgoingTransfers {
  readonly bank: Omit<BankPartner, 'secret'>
  /** Once, while the rooms are wired. */
  serveVirtualAccounts(handlers: VirtualAccountHandlers): void
  /** POST /rails/bank/v1.0/… in a scope for machines. */
  routes(api: Face): void
}

/** Our own account at the bank, from which shops are paid out. */
const collectingAccountNumber = '8808000001'

/** `machineNow` is real time: stamps on calls prove freshness between machines; the sandbox moves business time only. */
export function createRails(platform: Platform, options: { machineNow?: () => number } = {}): Rails {
  const machineNow = options.machineNow ?? Date.now
  const partner: BankPartner = {
    clientKey: 'bank-melati',
    partnerId: 'tuntas',
    bankName: 'Bank Melati',
    serviceId: '8808',
    secret: platform.config.bankClientSecret,
  }
  const tokenKey = deriveKey(platform.config.pepper, 'bank access tokens')
  let handlers: VirtualAccountHandlers | undefined
  const client = createBankClient(
    platform,
    {
      url: platform.config.bankUrl,
      name: partner.clientKey,
      clientKey: 'tuntas',
      partnerId: 'tuntas',
      channelId: '95231',
      secret: partner.secret,
    },
    machineNow,
  )

  // Two days are kept: a stamp of yesterday may still be fresh just after midnight.
  platform.jobs.loop('rails-forget-numbers', 3_600_000, async () => {
    await forgetExternalIds(
      platform.db.read,
      dayIn(platform.config.serviceTimeZone, new Date(machineNow() - 2 * 86_400_000)),
    )
  })

  const { secret: _kept, ...bank } = partner
  return {
    bank,
    ...createOutgoingTransfers(client, collectingAccountNumber),
    serveVirtualAccounts(registered) {
      if (handlers) throw new Error('virtual accounts are served by one room')
      handlers = registered
    },
    routes(api) {
      railsRoutes(api, () => {
        if (!handlers) throw new Error('nobody serves virtual accounts')
        return { platform, partner, tokenKey, handlers, machineNow }
      })
    },
  }
}

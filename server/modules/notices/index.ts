// Messages to people by SMS and e-mail. Written in the commit of what they tell, sent afterwards by a job.
// A code stands encrypted until it is sent, and nowhere after.
import type { Locale } from '#contract/schema.ts'
import { uuidv7 } from '#contract/ids.ts'
import type { Transaction } from '#platform/db.ts'
import { deriveKey } from '#platform/keys.ts'
import type { Platform } from '#platform/platform.ts'
import { createCarriers, type Carriers } from './carriers.ts'
import { deliverDue } from './deliver.ts'
import { saveMessages } from './notices.sql.ts'
import { sealValues } from './secrets.ts'
import type { TemplateName, TemplateValues } from './templates.ts'

export type { Carriers, Email, Sms } from './carriers.ts'
export { render as renderNotice, type TemplateName, type TemplateValues } from './templates.ts'

export type Notice = {
  [Name in TemplateName]: {
    customerId?: string | undefined
    /** E.164 or an e-mail address. */
    to: string
    channel: 'sms' | 'email'
    template: Name
    locale: Locale
    values: TemplateValues[Name]
    /** The values are encrypted at rest and erased after delivery. */
    secret?: boolean
    /** Not delivered any more from then on. */
    expiresAt?: Date | undefined
  }
}[TemplateName]

export interface Notices {
  /** Writes messages in the caller's transaction. Call `wake` after the commit to have them sent at once. */
  enqueue(tx: Transaction, notices: readonly Notice[]): Promise<void>
  wake(): void
  /** One round of delivery; the job calls it. Returns how many messages were taken. */
  deliverDue(): Promise<number>
}

export function createNotices(platform: Platform, needs: { carriers?: Carriers } = {}): Notices {
  const { db, clock, log } = platform
  const key = deriveKey(platform.config.pepper, 'notices secret values')
  const carriers = needs.carriers ?? createCarriers(platform.config)
  const deliver = () => deliverDue({ db, clock, log, key, carriers })
  const job = platform.jobs.loop('notices-deliver', 1000, deliver)
  return {
    async enqueue(tx, notices) {
      if (notices.length === 0) return
      const messages = notices.map((notice) => {
        const id = uuidv7()
        const values = notice.values as Record<string, string>
        return {
          id,
          customerId: notice.customerId,
          channel: notice.channel,
          recipient: notice.to,
          template: notice.template,
          locale: notice.locale,
          content: notice.secret ? undefined : values,
          secret: notice.secret ? sealValues(key, id, values) : undefined,
          expiresAt: notice.expiresAt,
        }
      })
      await saveMessages(tx, messages, clock.now())
    },
    wake: () => job.wake(),
    deliverDue: deliver,
  }
}

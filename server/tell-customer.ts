// Tells a customer something in their language, everywhere they are reached, in the transaction of what it tells.
import type { Locale } from '#contract/schema.ts'
import type { Transaction } from '#platform/db.ts'
import type { Identity } from '#modules/identity/index.ts'
import type { Notice, Notices } from '#modules/notices/index.ts'

export interface TellingRooms {
  identity: Pick<Identity, 'customersByIds'>
  notices: Pick<Notices, 'enqueue' | 'wake'>
}

type WordsOf<Each> = Each extends Notice ? Pick<Each, 'template' | 'values'> : never

/** By SMS and by e-mail, whichever they have. `wordsFor`: a template, and its values as people of that language write them. */
export async function tellCustomer(
  tx: Transaction,
  { identity, notices }: Pick<TellingRooms, 'identity'> & { notices: Pick<Notices, 'enqueue'> },
  customerId: string,
  wordsFor: (locale: Locale) => WordsOf<Notice>,
): Promise<void> {
  const customer = (await identity.customersByIds(tx, [customerId])).get(customerId)
  if (!customer) return
  const { phone, email, locale } = customer
  const words = wordsFor(locale)
  await notices.enqueue(tx, [
    ...(phone ? [{ customerId, to: phone, channel: 'sms' as const, locale, ...words }] : []),
    ...(email ? [{ customerId, to: email, channel: 'email' as const, locale, ...words }] : []),
  ])
}

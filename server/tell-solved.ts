// Tells a customer that an agent solved their case: in their language, everywhere they are reached, with the way to its chat.
import type { DeskActions } from '#modules/desk/index.ts'
import type { Identity } from '#modules/identity/index.ts'
import type { Notices } from '#modules/notices/index.ts'

/** `customersUrl` is where the customers' pages stand; without a session the chat's page asks to sign in first. */
export function tellSolved(
  rooms: { identity: Pick<Identity, 'customersByIds'>; notices: Pick<Notices, 'enqueue' | 'wake'> },
  customersUrl: string,
): DeskActions['tellSolved'] {
  return async (tx, { customerId, conversationId, caseNumber, outcome }) => {
    const customer = (await rooms.identity.customersByIds(tx, [customerId])).get(customerId)
    if (!customer) return
    const { phone, email, locale } = customer
    const values = { case: caseNumber, chatUrl: `${customersUrl}/help/chat/${conversationId}` }
    const template = `case_${outcome}` as const
    await rooms.notices.enqueue(tx, [
      ...(phone ? [{ customerId, to: phone, channel: 'sms' as const, template, locale, values }] : []),
      ...(email ? [{ customerId, to: email, channel: 'email' as const, template, locale, values }] : []),
    ])
    rooms.notices.wake()
  }
}

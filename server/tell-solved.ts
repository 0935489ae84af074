// Tells a customer that an agent solved their case: in their language, everywhere they are reached, with the way to its chat.
import type { DeskActions } from '#modules/desk/index.ts'
import { tellCustomer, type TellingRooms } from './tell-customer.ts'

/** `customersUrl` is where the customers' pages stand; without a session the chat's page asks to sign in first. */
export function tellSolved(rooms: TellingRooms, customersUrl: string): DeskActions['tellSolved'] {
  return async (tx, { customerId, conversationId, caseNumber, outcome }) => {
    await tellCustomer(tx, rooms, customerId, () => ({
      template: `case_${outcome}` as const,
      values: { case: caseNumber, chatUrl: `${customersUrl}/help/chat/${conversationId}` },
    }))
    rooms.notices.wake()
  }
}

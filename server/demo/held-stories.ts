// Money that has no place yet, in every state: top-ups that a wallet could not take, and what staff made of them. Plain data.
import type { AgentName } from './refund-stories.ts'

/** What the sender's bank says when it is asked to take money back. */
export type BankAnswer = 'pays' | 'refuses' | 'is silent'

export interface HeldStory {
  name: string
  /** Verified wallets hold ten times as much: what they cannot take needs two people. */
  verified: boolean
  /** Sent twice, so that the wallet takes the first and not the second. So long ago; `credited` is told around a payment instead. */
  agoMinutes: number
  /** Somebody else sent it. */
  senderName?: string
  decided?: { after: number; by: AgentName; decision: 'credit' | 'return'; note: string }
  /** Minutes after the decision; the second person is the lead. */
  approvedAfter?: number
  bank?: BankAnswer
}

const days = (count: number, minutes = 0) => count * 1440 + minutes

export const heldStories: readonly HeldStory[] = [
  {
    name: 'credited by an agent, once the customer had spent something',
    verified: false,
    agoMinutes: days(3),
    decided: {
      after: 95,
      by: 'bagus',
      decision: 'credit',
      note: 'The customer has bought something since, so the wallet takes it now.',
    },
  },
  {
    name: 'above the limit: sent back, approved by a second person, taken by the bank',
    verified: true,
    agoMinutes: days(4, 200),
    decided: {
      after: 150,
      by: 'sari',
      decision: 'return',
      note: 'Sent twice within two minutes. The customer asked for the second one back.',
    },
    approvedAfter: 35,
    bank: 'pays',
  },
  {
    name: 'sent back by an agent alone, taken by the bank',
    verified: false,
    agoMinutes: days(2, 300),
    decided: {
      after: 44,
      by: 'sari',
      decision: 'return',
      note: 'The customer does not need it in the wallet.',
    },
    bank: 'pays',
  },
  {
    name: 'left for more than a day: a lead decides',
    verified: false,
    agoMinutes: days(1, 370),
    senderName: 'Yayasan Karya Bersama',
  },
  {
    name: 'sent back, but its bank did not take it: staff decide again',
    verified: false,
    agoMinutes: days(1, 90),
    decided: {
      after: 190,
      by: 'bagus',
      decision: 'return',
      note: 'Sent twice by mistake, says the customer.',
    },
    bank: 'refuses',
  },
  {
    name: 'above the limit: sending it back waits for a second person',
    verified: true,
    agoMinutes: 330,
    decided: {
      after: 75,
      by: 'bagus',
      decision: 'return',
      note: 'More than a wallet may hold. The customer buys a motorbike and pays it at the bank instead.',
    },
  },
  {
    name: 'on its way back: the bank has not said yet',
    verified: false,
    agoMinutes: 240,
    decided: { after: 60, by: 'sari', decision: 'return', note: 'The customer asked for it in the chat.' },
    bank: 'is silent',
  },
  { name: 'came a while ago, nobody has decided', verified: false, agoMinutes: 135 },
  { name: 'came just now, above the limit', verified: true, agoMinutes: 25 },
]

/** What became of a shop's last pay-out, after its bank had refused it; the first shops that fit have one each. */
export type RefusedStory = 'stands' | 'account_given' | 'account_proposed' | 'stopped' | 'sent_again'
export const refusedStories: readonly RefusedStory[] = [
  'stands',
  'account_given',
  'account_proposed',
  'stopped',
  'sent_again',
]

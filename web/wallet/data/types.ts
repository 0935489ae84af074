// Shapes of answers that the contract names in comments only.

import type { Static } from 'typebox'
import type { ArticleSchema, ArticleSummarySchema, CodeSentSchema, ServiceStatusSchema, VirtualAccountSchema } from '../../../contract/customer.ts'
import type { Conversation, LookSchema, Message } from '../../../contract/desk.ts'
import type { TransactionDetailSchema, TransactionSummary } from '../../../contract/trace.ts'

export type { Checkout, Me, Payment, Wallet } from '../../../contract/customer.ts'
export type { Conversation, Message } from '../../../contract/desk.ts'
export type { Choice, Diagnosis } from '../../../contract/diagnosis.ts'
export type { TransactionDetail, TransactionSummary } from '../../../contract/trace.ts'

export type CodeSent = Static<typeof CodeSentSchema>
export type VirtualAccount = Static<typeof VirtualAccountSchema>
export type ServiceStatus = Static<typeof ServiceStatusSchema>
export type ArticleSummary = Static<typeof ArticleSummarySchema>
export type Article = Static<typeof ArticleSchema>
export type Look = Static<typeof LookSchema>
export type Detail = Static<typeof TransactionDetailSchema>
export type TransactionPage = { transactions: TransactionSummary[]; next?: string }
export type OpenRefunds = { refunds: TransactionSummary[] }
export type ConversationList = { conversations: Conversation[] }
export type MessageList = { messages: Message[] }

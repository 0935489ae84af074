// The facts that the gallery shows: one Friday, one payment that a shop has not heard of. Invented.

import type { CaseCard } from '../../../contract/desk.ts'
import type { Hop, TransactionSummary } from '../../../contract/trace.ts'

const at = (time: string, day = '20'): string => `2026-11-${day}T${time}+07:00`
export const now = at('14:06:00')
export const rupiah = (amount: string): { amountMinor: string; currency: 'IDR' } => ({
  amountMinor: `${amount}00`,
  currency: 'IDR',
})

export const stuckPayment: TransactionSummary = {
  reference: 'TN-7Q2M-93TD',
  kind: 'payment',
  state: 'unknown',
  party: { name: 'Surya Elektronik' },
  amount: rupiah('-349000'),
  effectiveAt: at('13:42:07'),
}
export const coffee: TransactionSummary = {
  ...stuckPayment,
  reference: 'TN-5D2K-88QP',
  state: 'completed',
  party: { name: 'Kedai Kopi Lumbung', category: 'cafe' },
  amount: rupiah('-42000'),
  effectiveAt: at('12:48:10'),
}
export const received: TransactionSummary = {
  ...stuckPayment,
  reference: 'TF-1A6F-77WX',
  kind: 'transfer',
  state: 'completed',
  party: { name: 'Andi Saputra' },
  amount: rupiah('250000'),
  effectiveAt: at('19:32:00', '19'),
}

export const stuckHops: Hop[] = [
  { key: 'authorised', state: 'done', at: at('13:42:07'), evidence: [{ kind: 'pin' }] },
  {
    key: 'posted',
    state: 'done',
    at: at('13:42:07'),
    evidence: [{ kind: 'ledger_transfer', value: '88412907' }],
  },
  {
    key: 'shop_told',
    state: 'stuck',
    at: at('14:02:31'),
    owner: 'shop',
    tries: 4,
    nextTryAt: at('14:12:00'),
    untilAt: at('15:42:00'),
    then: 'refunded',
    evidence: [{ kind: 'http_status', value: '503' }, { kind: 'no_answer' }],
  },
  { key: 'shop_credited', state: 'todo' },
  { key: 'settled', state: 'todo' },
]
export const movingHops: Hop[] = [
  {
    key: 'bank_received',
    state: 'done',
    at: at('09:40:00', '19'),
    evidence: [{ kind: 'bank_reference', value: '20261119004417' }],
  },
  { key: 'posted', state: 'now', at: at('13:30:00'), owner: 'tuntas', untilAt: at('16:00:00', '23') },
  { key: 'credited', state: 'todo' },
]
export const failedHops: Hop[] = [
  { key: 'authorised', state: 'done', at: at('10:02:44') },
  { key: 'shop_told', state: 'failed', at: at('10:02:51'), evidence: [{ kind: 'no_answer' }] },
  { key: 'returned', state: 'done', at: at('12:02:52') },
]

const id = '01981e3c-0000-7000-8000-000000000001'
export const cases: CaseCard[] = [
  {
    id,
    number: 'C-20418',
    conversationId: id,
    customerId: id,
    customerName: 'Meiling Lin',
    subject: 'payment_not_arrived',
    preview: '我付了钱，店家说没有收到。',
    channel: 'chat',
    language: 'zh-CN',
    state: 'waiting_agent',
    about: stuckPayment,
    unread: 2,
    escalated: false,
    firstReplyDueAt: at('15:37:00'),
    openedAt: at('14:04:00'),
    updatedAt: at('14:06:00'),
  },
  {
    id: id.replace(/1$/, '2'),
    number: 'C-20419',
    conversationId: id,
    customerId: id,
    customerName: 'Yohanes Simanjuntak',
    subject: 'account_frozen',
    preview: 'Dompet saya dibekukan.',
    channel: 'voice',
    language: 'id-ID',
    state: 'waiting_agent',
    unread: 0,
    escalated: false,
    firstReplyDueAt: at('14:02:00'),
    openedAt: at('13:50:00'),
    updatedAt: at('14:02:00'),
  },
]

// The words of the shopkeeper's page of refunds, in three languages.
import type { RefundReason, RefundState } from '../../contract/refund.ts'
import type { Locale } from '../../contract/schema.ts'

interface RefundTexts {
  /** In the menu, where there is little room. */
  nav: string
  title: string
  keeper: string
  none: string
  notFresh: string
  answerBy: string
  problem: string
  answer: Record<'agree' | 'refuse', string>
  answered: Record<'agree' | 'refuse', string>
  reason: Record<RefundReason, string>
  state: Record<RefundState, string>
}

const id: RefundTexts = {
  nav: 'Uang kembali',
  title: 'Permintaan uang kembali',
  keeper: 'Untuk pemilik toko: pembeli meminta uangnya kembali lewat Tuntas. Jawab sebelum waktunya habis.',
  none: 'Belum ada permintaan.',
  notFresh: 'Tuntas tidak menjawab. Daftar ini mungkin belum lengkap.',
  answerBy: 'Jawab sebelum',
  problem: 'Tuntas menjawab',
  answer: { agree: 'Setuju', refuse: 'Tolak' },
  answered: { agree: 'Toko menyetujui.', refuse: 'Toko menolak.' },
  reason: {
    shop_has_nothing: 'Kata pembeli, toko belum menerima pembayaran',
    not_received: 'Pesanan tidak diterima',
    wrong_or_broken: 'Salah atau rusak',
    charged_twice: 'Ditagih dua kali',
    cancelled_with_shop: 'Sudah dibatalkan dengan toko',
    other: 'Alasan lain',
  },
  state: {
    asking_shop: 'Menunggu jawaban toko',
    in_review: 'Diperiksa Tuntas',
    awaiting_approval: 'Diperiksa Tuntas',
    waiting_for_funds: 'Menunggu dana toko',
    paid: 'Uang dikembalikan',
    declined: 'Tidak dikembalikan',
    withdrawn: 'Dibatalkan pembeli',
    overtaken: 'Uang sudah kembali',
  },
}

const en: RefundTexts = {
  nav: 'Refunds',
  title: 'Money-back requests',
  keeper: 'For the shopkeeper: a buyer asks for money back through Tuntas. Answer before the time is over.',
  none: 'No requests yet.',
  notFresh: 'Tuntas does not answer. This list may not be complete.',
  answerBy: 'Answer before',
  problem: 'Tuntas answered',
  answer: { agree: 'Agree', refuse: 'Refuse' },
  answered: { agree: 'The shop agreed.', refuse: 'The shop refused.' },
  reason: {
    shop_has_nothing: 'The buyer says that the shop has no payment',
    not_received: 'Not received',
    wrong_or_broken: 'Wrong or broken',
    charged_twice: 'Charged twice',
    cancelled_with_shop: 'Cancelled with the shop',
    other: 'Another reason',
  },
  state: {
    asking_shop: 'Waiting for the shop',
    in_review: 'Reviewed by Tuntas',
    awaiting_approval: 'Reviewed by Tuntas',
    waiting_for_funds: 'Waiting for the shop’s funds',
    paid: 'Money given back',
    declined: 'Not given back',
    withdrawn: 'Taken back by the buyer',
    overtaken: 'Money went back already',
  },
}

const zh: RefundTexts = {
  nav: '退款',
  title: '退款请求',
  keeper: '店家专用：买家通过 Tuntas 请求退款，请在截止时间前答复。',
  none: '还没有退款请求。',
  notFresh: 'Tuntas 没有回应，列表可能不完整。',
  answerBy: '请在此之前答复：',
  problem: 'Tuntas 的回应',
  answer: { agree: '同意', refuse: '拒绝' },
  answered: { agree: '店家已同意。', refuse: '店家已拒绝。' },
  reason: {
    shop_has_nothing: '买家说店家没有收到付款',
    not_received: '没有收到商品',
    wrong_or_broken: '商品不对或有损坏',
    charged_twice: '重复扣款',
    cancelled_with_shop: '已和店家取消',
    other: '其他原因',
  },
  state: {
    asking_shop: '等待店家答复',
    in_review: 'Tuntas 审核中',
    awaiting_approval: 'Tuntas 审核中',
    waiting_for_funds: '等待店家资金',
    paid: '已退款',
    declined: '不予退款',
    withdrawn: '买家已撤回',
    overtaken: '款项已退回',
  },
}

export const refundTexts: Record<Locale, RefundTexts> = { 'id-ID': id, en, 'zh-CN': zh }

// What customers hear of a refund, step by step, in three languages. Never more than the amount, the shop and the day.
import type { Locale } from '#contract/schema.ts'
import type { Words } from './templates.ts'

/** As they shall be read: `Rp 189.000`, a shop's name, `24 November`. */
export interface RefundTemplateValues {
  amount: string
  shop: string
  day: string
}

export const refundTemplates = {
  refund_asked: {
    en: {
      subject: 'We have your refund request',
      text: 'Tuntas: we asked {shop} to give {amount} back. You have the result by {day}, or we write to you before.',
    },
    'id-ID': {
      subject: 'Permintaan refund Anda kami terima',
      text: 'Tuntas: kami sudah meminta {shop} mengembalikan {amount}. Hasilnya paling lambat {day}, atau kami kabari lebih dulu.',
    },
    'zh-CN': {
      subject: '已收到您的退款申请',
      text: 'Tuntas：我们已请 {shop} 退还 {amount}，最迟{day}有结果；若有延误，我们会先通知您。',
    },
  },
  refund_refused: {
    en: {
      subject: 'The shop said no; we decide',
      text: 'Tuntas: {shop} did not agree to give {amount} back. People at Tuntas decide now; you have the result by {day}.',
    },
    'id-ID': {
      subject: 'Toko menolak; kami yang memutuskan',
      text: 'Tuntas: {shop} tidak setuju mengembalikan {amount}. Sekarang petugas Tuntas yang memutuskan; hasilnya paling lambat {day}.',
    },
    'zh-CN': {
      subject: '店家没有同意，由我们决定',
      text: 'Tuntas：{shop} 没有同意退还 {amount}，现由 Tuntas 的人员决定，最迟{day}有结果。',
    },
  },
  refund_silent: {
    en: {
      subject: 'The shop did not answer; we decide',
      text: 'Tuntas: {shop} did not answer whether it gives {amount} back. People at Tuntas decide now; you have the result by {day}.',
    },
    'id-ID': {
      subject: 'Toko tidak menjawab; kami yang memutuskan',
      text: 'Tuntas: {shop} tidak menjawab soal pengembalian {amount}. Sekarang petugas Tuntas yang memutuskan; hasilnya paling lambat {day}.',
    },
    'zh-CN': {
      subject: '店家没有回应，由我们决定',
      text: 'Tuntas：{shop} 没有回应是否退还 {amount}，现由 Tuntas 的人员决定，最迟{day}有结果。',
    },
  },
  refund_agreed: {
    en: {
      subject: 'Your refund was agreed to',
      text: 'Tuntas: {amount} of your payment to {shop} will be given back, by {day} at the latest.',
    },
    'id-ID': {
      subject: 'Refund Anda disetujui',
      text: 'Tuntas: {amount} dari pembayaran Anda ke {shop} akan dikembalikan, paling lambat {day}.',
    },
    'zh-CN': {
      subject: '您的退款已获同意',
      text: 'Tuntas：您付给 {shop} 的 {amount} 将退还，最迟{day}到账。',
    },
  },
  refund_declined: {
    en: {
      subject: 'Your refund was declined',
      text: 'Tuntas: your request to get {amount} back from {shop} was declined. The reason is in your wallet. Reply in the chat if you do not agree.',
    },
    'id-ID': {
      subject: 'Refund Anda tidak disetujui',
      text: 'Tuntas: permintaan refund {amount} dari {shop} tidak disetujui. Alasannya ada di dompet Anda. Balas di chat jika Anda tidak setuju.',
    },
    'zh-CN': {
      subject: '您的退款申请未获批准',
      text: 'Tuntas：您向 {shop} 申请退还 {amount} 未获批准，原因请看钱包。如有异议，请在聊天中回复我们。',
    },
  },
  refund_paid: {
    en: {
      subject: 'Your money is back',
      text: 'Tuntas: {amount} from {shop} is back in your balance.',
    },
    'id-ID': {
      subject: 'Uang Anda sudah kembali',
      text: 'Tuntas: {amount} dari {shop} sudah kembali ke saldo Anda.',
    },
    'zh-CN': {
      subject: '您的钱已退回',
      text: 'Tuntas：{shop} 的 {amount} 已退回您的余额。',
    },
  },
  refund_late: {
    en: {
      subject: 'Your refund takes longer',
      text: 'Tuntas: your refund of {amount} from {shop} is not there yet. We are sorry. The new date is {day}; you need do nothing.',
    },
    'id-ID': {
      subject: 'Refund Anda perlu waktu lebih lama',
      text: 'Tuntas: refund {amount} dari {shop} belum masuk. Mohon maaf. Tanggal barunya {day}; Anda tidak perlu berbuat apa-apa.',
    },
    'zh-CN': {
      subject: '您的退款需要更长时间',
      text: 'Tuntas：{shop} 的 {amount} 退款尚未到账，十分抱歉。新的日期是{day}，您无需操作。',
    },
  },
  refund_no_room: {
    en: {
      subject: 'Your refund waits for room in your wallet',
      text: 'Tuntas: {amount} from {shop} is ready, but your wallet may not hold that much. Spend or withdraw some; it comes by itself then. It waits for you.',
    },
    'id-ID': {
      subject: 'Refund menunggu: saldo Anda akan melewati batas',
      text: 'Tuntas: {amount} dari {shop} siap dikembalikan, tetapi saldo Anda akan melewati batasnya. Pakai sebagian, lalu refund masuk sendiri. Uangnya tetap menunggu Anda.',
    },
    'zh-CN': {
      subject: '退款等待您的钱包腾出额度',
      text: 'Tuntas：{shop} 的 {amount} 已可退还，但退回后您的余额会超过上限。请先用掉一部分，退款会自动到账，这笔钱会为您保留。',
    },
  },
  refund_stopped: {
    en: {
      subject: 'Your refund waits for your wallet',
      text: 'Tuntas: {amount} from {shop} is agreed, but your wallet cannot take money in at the moment. We keep it for you; it comes by itself as soon as it can.',
    },
    'id-ID': {
      subject: 'Refund menunggu dompet Anda',
      text: 'Tuntas: {amount} dari {shop} sudah disetujui, tetapi dompet Anda saat ini belum bisa menerima uang. Uangnya kami simpan untuk Anda dan masuk sendiri begitu bisa.',
    },
    'zh-CN': {
      subject: '退款正在等待您的钱包恢复收款',
      text: 'Tuntas：{shop} 的 {amount} 退款已同意，但您的钱包目前不能收款。这笔钱会为您保留，可以收款时自动到账。',
    },
  },
  refund_waits_for_shop: {
    en: {
      subject: 'Your refund waits for the shop’s money',
      text: 'Tuntas: your wallet can take the {amount} from {shop} now, but the shop has too little with us at the moment. It comes by itself; you need do nothing, and we write to you by {day}.',
    },
    'id-ID': {
      subject: 'Refund menunggu dana toko',
      text: 'Tuntas: dompet Anda kini bisa menerima {amount} dari {shop}, tetapi dana toko di Tuntas sedang kurang. Refund masuk sendiri tanpa perlu Anda apa-apakan, dan kami kabari paling lambat {day}.',
    },
    'zh-CN': {
      subject: '退款正在等待店家的资金',
      text: 'Tuntas：您的钱包现在可以接收 {shop} 的 {amount} 退款，但店家在我们这里的资金暂时不足。到账无需您操作，最迟{day}我们会给您消息。',
    },
  },
} as const satisfies Record<string, Record<Locale, Words>>

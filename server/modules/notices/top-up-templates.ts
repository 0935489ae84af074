// What customers hear of a top-up that could not be credited at once, in three languages.
import type { Locale } from '#contract/schema.ts'
import type { Words } from './templates.ts'

/** As they shall be read: `Rp 189.000`, the bank, TP-…. */
export interface TopUpTemplateValues {
  amount: string
  bank: string
  reference: string
}

export const topUpTemplates = {
  top_up_held: {
    en: {
      subject: 'Your top-up is kept for you',
      text: 'Tuntas: {amount} from {bank} ({reference}) arrived and is safe, but could not enter your balance. We look at it within a day and tell you.',
    },
    'id-ID': {
      subject: 'Isi saldo Anda kami simpan',
      text: 'Tuntas: {amount} dari {bank} ({reference}) sudah sampai dan aman, tetapi belum bisa masuk saldo. Kami periksa dalam sehari dan mengabari Anda.',
    },
    'zh-CN': {
      subject: '您的充值由我们代为保管',
      text: 'Tuntas：{bank}转来的 {amount}（{reference}）已到达且安全，但暂时无法进入余额。我们会在一天内处理并通知您。',
    },
  },
  top_up_credited: {
    en: {
      subject: 'Your top-up is in your balance',
      text: 'Tuntas: {amount} from {bank} ({reference}) was kept for you and is in your balance now.',
    },
    'id-ID': {
      subject: 'Isi saldo Anda sudah masuk',
      text: 'Tuntas: {amount} dari {bank} ({reference}) yang kami simpan sekarang sudah masuk saldo Anda.',
    },
    'zh-CN': {
      subject: '您的充值已到账',
      text: 'Tuntas：由我们代为保管的 {amount}（{bank}，{reference}）已进入您的余额。',
    },
  },
  top_up_returned: {
    en: {
      subject: 'Your top-up went back to the bank',
      text: 'Tuntas: {amount} from {bank} ({reference}) could not enter your balance. It is back on the account that it came from.',
    },
    'id-ID': {
      subject: 'Isi saldo Anda dikembalikan ke bank',
      text: 'Tuntas: {amount} dari {bank} ({reference}) tidak bisa masuk saldo. Uangnya sudah kembali ke rekening asalnya.',
    },
    'zh-CN': {
      subject: '您的充值已退回银行',
      text: 'Tuntas：{bank}转来的 {amount}（{reference}）无法进入您的余额，已退回汇出的账户。',
    },
  },
} as const satisfies Record<string, Record<Locale, Words>>

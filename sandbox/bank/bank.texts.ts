// Bank Melati's words in three languages.
import type { Locale } from '../../contract/schema.ts'

const id = {
  title: 'Transfer ke virtual account',
  lead: 'Kirim uang ke nomor virtual account, misalnya untuk isi saldo Tuntas.',
  number: 'Nomor virtual account',
  numberHint: '16 angka, dimulai dengan 8808. Ada di dompet Tuntas, menu Isi saldo.',
  amount: 'Jumlah (rupiah)',
  next: 'Lanjut',
  check: 'Periksa transfer',
  to: 'Kepada',
  from: 'Dari rekening',
  send: 'Kirim',
  back: 'Ubah',
  yours: 'Transfer Anda',
  none: 'Belum ada transfer.',
  answers: 'Jawaban Tuntas',
  call: 'Panggilan',
  noAnswer: 'tidak ada jawaban',
  reference: 'Referensi bank',
  sent: 'Uang sudah dipotong dari rekening. Bank sedang mengabari Tuntas.',
  language: 'Bahasa',
  state: {
    telling: 'Mengabari Tuntas',
    accepted: 'Diterima',
    refused: 'Ditolak',
    given_up: 'Tidak terjawab',
  },
  error: {
    unknown: 'Nomor virtual account ini tidak dikenal. Periksa angkanya.',
    no_answer: 'Tuntas tidak menjawab. Uang Anda tidak berkurang. Coba lagi sebentar lagi.',
    amount: 'Isi jumlah bulat antara Rp 1 dan Rp 1.000.000.000.',
  },
}

export type BankTexts = typeof id

const en: BankTexts = {
  title: 'Transfer to a virtual account',
  lead: 'Send money to a virtual account number, for example to top up Tuntas.',
  number: 'Virtual account number',
  numberHint: '16 digits, beginning with 8808. It is in the Tuntas wallet, under Top up.',
  amount: 'Amount (rupiah)',
  next: 'Continue',
  check: 'Check the transfer',
  to: 'To',
  from: 'From account',
  send: 'Send',
  back: 'Change',
  yours: 'Your transfers',
  none: 'No transfers yet.',
  answers: "Tuntas's answers",
  call: 'Call',
  noAnswer: 'no answer',
  reference: 'Bank reference',
  sent: 'The money has left the account. The bank is telling Tuntas.',
  language: 'Language',
  state: { telling: 'Telling Tuntas', accepted: 'Accepted', refused: 'Refused', given_up: 'Not answered' },
  error: {
    unknown: 'This virtual account number is not known. Please check the digits.',
    no_answer: 'Tuntas does not answer. Nothing was taken. Try again in a moment.',
    amount: 'Enter a whole amount between Rp 1 and Rp 1.000.000.000.',
  },
}

const zh: BankTexts = {
  title: '转账到虚拟账户',
  lead: '向虚拟账户号码转账，例如为 Tuntas 充值。',
  number: '虚拟账户号码',
  numberHint: '16 位数字，以 8808 开头。在 Tuntas 钱包的“充值”里可以找到。',
  amount: '金额（印尼盾）',
  next: '继续',
  check: '核对转账',
  to: '收款人',
  from: '付款账户',
  send: '转账',
  back: '修改',
  yours: '您的转账',
  none: '还没有转账。',
  answers: 'Tuntas 的回应',
  call: '第几次通知',
  noAnswer: '没有回应',
  reference: '银行流水号',
  sent: '款项已从账户扣除，银行正在通知 Tuntas。',
  language: '语言',
  state: { telling: '正在通知 Tuntas', accepted: '已接受', refused: '被拒绝', given_up: '未获回应' },
  error: {
    unknown: '没有这个虚拟账户号码，请核对数字。',
    no_answer: 'Tuntas 没有回应，没有扣款。请稍后再试。',
    amount: '请输入 Rp 1 到 Rp 1.000.000.000 之间的整数金额。',
  },
}

export const bankTexts: Record<Locale, BankTexts> = { 'id-ID': id, en, 'zh-CN': zh }

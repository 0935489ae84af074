// The phone's words in three languages. What is shown inside a message is the sender's.
import type { Locale } from '../../contract/schema.ts'

const en = {
  title: 'Phone',
  lead: 'Every SMS and e-mail that the product sends arrives here, whoever it is for. Newest first.',
  recipients: 'Recipients',
  messagesTo: 'Messages to',
  sms: 'SMS',
  email: 'E-mail',
  code: 'Code',
  copy: 'Copy code',
  empty: 'Nothing has arrived yet.',
  emptyHint: 'Sign up in the wallet: the code appears here within a second.',
  none: 'Nothing yet for this recipient.',
}

export type PhoneTexts = typeof en

const id: PhoneTexts = {
  title: 'Ponsel',
  lead: 'Semua SMS dan email yang dikirim Tuntas tiba di sini, untuk siapa pun. Yang terbaru di atas.',
  recipients: 'Penerima',
  messagesTo: 'Pesan untuk',
  sms: 'SMS',
  email: 'Email',
  code: 'Kode',
  copy: 'Salin kode',
  empty: 'Belum ada pesan.',
  emptyHint: 'Daftar di dompet: kodenya muncul di sini dalam satu detik.',
  none: 'Belum ada pesan untuk penerima ini.',
}

const zh: PhoneTexts = {
  title: '手机',
  lead: '产品发出的每一条短信和每一封邮件，不论发给谁，都会到这里，最新的在最上面。',
  recipients: '收件人',
  messagesTo: '发给以下收件人的消息：',
  sms: '短信',
  email: '电子邮件',
  code: '验证码',
  copy: '复制验证码',
  empty: '还没有收到任何消息。',
  emptyHint: '请在钱包里注册：验证码一秒内就会出现在这里。',
  none: '这位收件人还没有消息。',
}

export const phoneTexts: Record<Locale, PhoneTexts> = { 'id-ID': id, en, 'zh-CN': zh }

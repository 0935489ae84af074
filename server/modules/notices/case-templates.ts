// What customers hear when an agent closes their case, by how it ended, in three languages. Nothing of what it was about: the chat
// has that, behind the sign-in.
import type { CaseOutcome } from '#contract/desk.ts'
import type { Locale } from '#contract/schema.ts'
import type { Words } from './templates.ts'

/** The case as people name it, C-20418, and where its chat stands. */
export interface CaseTemplateValues {
  case: string
  chatUrl: string
}

export const caseTemplates = {
  case_solved: {
    en: {
      subject: 'Your case is solved',
      text: 'Tuntas: your case {case} is solved. Rate our help, or say that it is not solved: {chatUrl}',
    },
    'id-ID': {
      subject: 'Kasus Anda sudah selesai',
      text: 'Tuntas: kasus Anda {case} sudah selesai. Beri nilai, atau katakan jika belum selesai: {chatUrl}',
    },
    'zh-CN': {
      subject: '您的问题已解决',
      text: 'Tuntas：您的问题（编号 {case}）已解决。请评价，或告诉我们还没有解决：{chatUrl}',
    },
  },
  case_money_returned: {
    en: {
      subject: 'Your case is solved: the money is back',
      text: 'Tuntas: your case {case} is solved. The money is back. Rate our help, or say that it is not solved: {chatUrl}',
    },
    'id-ID': {
      subject: 'Kasus Anda sudah selesai: uangnya sudah kembali',
      text: 'Tuntas: kasus Anda {case} sudah selesai. Uangnya sudah kembali. Beri nilai, atau katakan jika belum selesai: {chatUrl}',
    },
    'zh-CN': {
      subject: '您的问题已解决：钱已退回',
      text: 'Tuntas：您的问题（编号 {case}）已解决，钱已退回。请评价，或告诉我们还没有解决：{chatUrl}',
    },
  },
  case_shop_delivered: {
    en: {
      subject: 'Your case is solved: the shop has the payment',
      text: 'Tuntas: your case {case} is solved. The shop has the payment. Rate our help, or say that it is not solved: {chatUrl}',
    },
    'id-ID': {
      subject: 'Kasus Anda sudah selesai: toko sudah menerima pembayaran',
      text: 'Tuntas: kasus Anda {case} sudah selesai. Toko sudah menerima pembayaran. Beri nilai, atau katakan jika belum selesai: {chatUrl}',
    },
    'zh-CN': {
      subject: '您的问题已解决：店家已收到付款',
      text: 'Tuntas：您的问题（编号 {case}）已解决，店家已收到付款。请评价，或告诉我们还没有解决：{chatUrl}',
    },
  },
  case_explained: {
    en: {
      subject: 'Your case is solved: it is explained in the chat',
      text: 'Tuntas: your case {case} is solved. What happened is explained in the chat. Rate our help, or say that it is not solved: {chatUrl}',
    },
    'id-ID': {
      subject: 'Kasus Anda sudah selesai: penjelasannya ada di chat',
      text: 'Tuntas: kasus Anda {case} sudah selesai. Penjelasannya ada di chat. Beri nilai, atau katakan jika belum selesai: {chatUrl}',
    },
    'zh-CN': {
      subject: '您的问题已解决：聊天中有说明',
      text: 'Tuntas：您的问题（编号 {case}）已解决，事情经过在聊天中已说明。请评价，或告诉我们还没有解决：{chatUrl}',
    },
  },
  case_not_possible: {
    en: {
      subject: 'Your case is closed: it was not possible',
      text: 'Tuntas: your case {case} is closed. What you asked for was not possible. Rate our help, or say that it is not solved: {chatUrl}',
    },
    'id-ID': {
      subject: 'Kasus Anda ditutup: tidak memungkinkan',
      text: 'Tuntas: kasus Anda {case} ditutup. Yang Anda minta tidak memungkinkan. Beri nilai, atau katakan jika belum selesai: {chatUrl}',
    },
    'zh-CN': {
      subject: '您的问题已结束：无法办到',
      text: 'Tuntas：您的问题（编号 {case}）已结束，您的请求无法办到。请评价，或告诉我们还没有解决：{chatUrl}',
    },
  },
  case_withdrawn: {
    en: {
      subject: 'Your case is closed: it was withdrawn',
      text: 'Tuntas: your case {case} is closed. What you asked for was withdrawn. Rate our help, or say that it is not solved: {chatUrl}',
    },
    'id-ID': {
      subject: 'Kasus Anda ditutup: permintaannya ditarik kembali',
      text: 'Tuntas: kasus Anda {case} ditutup. Permintaan Anda sudah ditarik kembali. Beri nilai, atau katakan jika belum selesai: {chatUrl}',
    },
    'zh-CN': {
      subject: '您的问题已结束：已撤回',
      text: 'Tuntas：您的问题（编号 {case}）已结束，您的请求已撤回。请评价，或告诉我们还没有解决：{chatUrl}',
    },
  },
} as const satisfies Record<`case_${CaseOutcome}`, Record<Locale, Words>>

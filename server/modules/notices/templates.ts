// The words of every message that leaves the house, in three languages. Plain, short, no blame.
// A message that carries a code says what the code is for and that nobody of Tuntas ever asks for it.
import type { Locale } from '#contract/schema.ts'
import { caseTemplates, type CaseTemplateValues } from './case-templates.ts'
import { refundTemplates, type RefundTemplateValues } from './refund-templates.ts'
import { topUpTemplates, type TopUpTemplateValues } from './top-up-templates.ts'

/** What each template needs. Values are strings as they shall be read. */
export interface TemplateValues
  extends
    Record<keyof typeof caseTemplates, CaseTemplateValues>,
    Record<keyof typeof refundTemplates, RefundTemplateValues>,
    Record<keyof typeof topUpTemplates, TopUpTemplateValues> {
  sign_up_code: { code: string; minutes: string }
  sign_up_known: { signInUrl: string }
  unfreeze_code: { code: string; minutes: string }
  wallet_frozen: Record<string, never>
  wallet_unfrozen: Record<string, never>
  new_device: Record<string, never>
  waited_shop_has_it: MovedValues
  payment_returned: MovedValues
  payment_return_no_room: MovedValues
  payment_return_stopped: MovedValues
}

/** What moved, from or to whom, and where to look. */
interface MovedValues {
  amount: string
  party: string
  reference: string
}

export type TemplateName = keyof TemplateValues

export interface Words {
  /** Of an e-mail. Never with a secret: subjects are shown on locked screens. */
  subject: string
  /** `{name}` stands for a value. */
  text: string
}

const templates: Record<TemplateName, Record<Locale, Words>> = {
  ...caseTemplates,
  ...refundTemplates,
  ...topUpTemplates,
  sign_up_code: {
    en: {
      subject: 'Your code to open a Tuntas wallet',
      text: 'Tuntas: {code} is your code to open a wallet. It is valid for {minutes} minutes. We never ask you for it.',
    },
    'id-ID': {
      subject: 'Kode Anda untuk membuka dompet Tuntas',
      text: 'Tuntas: {code} adalah kode untuk membuka dompet. Berlaku {minutes} menit. Kami tidak pernah menanyakannya.',
    },
    'zh-CN': {
      subject: '您的 Tuntas 开户验证码',
      text: 'Tuntas：{code} 是您的开户验证码，{minutes} 分钟内有效。我们绝不会向您索要。',
    },
  },
  sign_up_known: {
    en: {
      subject: 'You already have a Tuntas wallet',
      text: 'Tuntas: someone asked to open a wallet with this contact. You already have one. Sign in at {signInUrl}. If it was not you, you need do nothing.',
    },
    'id-ID': {
      subject: 'Anda sudah punya dompet Tuntas',
      text: 'Tuntas: ada yang ingin membuka dompet dengan kontak ini. Anda sudah punya dompet. Masuk di {signInUrl}. Jika bukan Anda, tidak perlu berbuat apa-apa.',
    },
    'zh-CN': {
      subject: '您已有 Tuntas 钱包',
      text: 'Tuntas：有人想用此联系方式开户。您已有钱包，请在 {signInUrl} 登录。若非本人操作，无需处理。',
    },
  },
  unfreeze_code: {
    en: {
      subject: 'Your code to unfreeze your wallet',
      text: 'Tuntas: {code} is your code to unfreeze your wallet. It is valid for {minutes} minutes. If you did not ask for it, tell nobody: your wallet stays frozen.',
    },
    'id-ID': {
      subject: 'Kode Anda untuk mengaktifkan lagi dompet',
      text: 'Tuntas: {code} adalah kode untuk mengaktifkan lagi dompet Anda. Berlaku {minutes} menit. Jika bukan Anda yang meminta, jangan beri tahu siapa pun: dompet tetap beku.',
    },
    'zh-CN': {
      subject: '您的钱包解冻验证码',
      text: 'Tuntas：{code} 是您的钱包解冻验证码，{minutes} 分钟内有效。若非本人操作，请勿告诉任何人，钱包会保持冻结。',
    },
  },
  wallet_frozen: {
    en: {
      subject: 'Your wallet is frozen',
      text: 'Tuntas: your wallet is frozen. No money can go out. You can unfreeze it in the wallet.',
    },
    'id-ID': {
      subject: 'Dompet Anda dibekukan',
      text: 'Tuntas: dompet Anda dibekukan. Uang tidak bisa keluar. Anda bisa mengaktifkannya lagi di dompet.',
    },
    'zh-CN': {
      subject: '您的钱包已冻结',
      text: 'Tuntas：您的钱包已冻结，钱无法转出。您可以在钱包里解冻。',
    },
  },
  wallet_unfrozen: {
    en: {
      subject: 'Your wallet works again',
      text: 'Tuntas: your wallet is no longer frozen. If it was not you, freeze it again and write to us.',
    },
    'id-ID': {
      subject: 'Dompet Anda aktif lagi',
      text: 'Tuntas: dompet Anda tidak lagi beku. Jika bukan Anda, bekukan lagi dan hubungi kami.',
    },
    'zh-CN': {
      subject: '您的钱包已恢复使用',
      text: 'Tuntas：您的钱包已解冻。若非本人操作，请再次冻结并联系我们。',
    },
  },
  new_device: {
    en: {
      subject: 'Signed in on a new device',
      text: 'Tuntas: someone signed in to your wallet on a new device. If it was not you, freeze the wallet and write to us.',
    },
    'id-ID': {
      subject: 'Masuk dari perangkat baru',
      text: 'Tuntas: ada yang masuk ke dompet Anda dari perangkat baru. Jika bukan Anda, bekukan dompet dan hubungi kami.',
    },
    'zh-CN': {
      subject: '有新设备登录',
      text: 'Tuntas：有新设备登录了您的钱包。若非本人操作，请冻结钱包并联系我们。',
    },
  },
  waited_shop_has_it: {
    en: {
      subject: 'The shop has your payment',
      text: 'Tuntas: {party} now knows of your payment of {amount} ({reference}) and has the money. You need do nothing.',
    },
    'id-ID': {
      subject: 'Toko sudah menerima pembayaran Anda',
      text: 'Tuntas: {party} sekarang tahu tentang pembayaran Anda {amount} ({reference}) dan uangnya sudah diterima. Anda tidak perlu berbuat apa-apa.',
    },
    'zh-CN': {
      subject: '店家已收到您的付款',
      text: 'Tuntas：{party}已确认您的付款 {amount}（{reference}），钱已到店家。您无需做任何事。',
    },
  },
  payment_returned: {
    en: {
      subject: 'Your money is back',
      text: 'Tuntas: {amount} for {party} ({reference}) is back in your balance. The shop did not take the payment in time; you need do nothing.',
    },
    'id-ID': {
      subject: 'Uang Anda sudah kembali',
      text: 'Tuntas: {amount} untuk {party} ({reference}) sudah kembali ke saldo Anda. Toko tidak menerima pembayaran pada waktunya; Anda tidak perlu berbuat apa-apa.',
    },
    'zh-CN': {
      subject: '您的钱已退回',
      text: 'Tuntas：付给 {party} 的 {amount}（{reference}）已退回您的余额。店家未按时收下付款，您无需操作。',
    },
  },
  payment_return_no_room: {
    en: {
      subject: 'Your money waits for room in your wallet',
      text: 'Tuntas: {party} did not take your payment {reference} in time. We keep {amount} for you: with it your wallet would hold more than it may. Spend some; it comes by itself then.',
    },
    'id-ID': {
      subject: 'Uang Anda menunggu: saldo akan melewati batas',
      text: 'Tuntas: {party} tidak menerima pembayaran {reference} pada waktunya. {amount} kami simpan untuk Anda, karena saldo Anda akan melewati batasnya. Pakai sebagian saldo, lalu uangnya masuk sendiri.',
    },
    'zh-CN': {
      subject: '您的钱在等待钱包腾出额度',
      text: 'Tuntas：{party} 未按时收下付款（{reference}）。{amount} 先为您保管，因为退回后余额会超过钱包上限。请先用掉一部分，钱会自动到账。',
    },
  },
  payment_return_stopped: {
    en: {
      subject: 'Your money waits for your wallet',
      text: 'Tuntas: {party} did not take your payment {reference} in time. We keep {amount} for you: your wallet cannot take money in at the moment. Our service looks after it; it comes by itself as soon as it can.',
    },
    'id-ID': {
      subject: 'Uang Anda menunggu dompet Anda',
      text: 'Tuntas: {party} tidak menerima pembayaran {reference} pada waktunya. {amount} kami simpan untuk Anda, karena dompet Anda saat ini belum bisa menerima uang. Layanan kami mengurusnya; uangnya masuk sendiri begitu bisa.',
    },
    'zh-CN': {
      subject: '您的钱正在等待钱包恢复收款',
      text: 'Tuntas：{party} 未按时收下付款（{reference}）。{amount} 先为您保管，因为您的钱包目前不能收款。由我们的客服跟进，恢复后自动到账。',
    },
  },
}

export const templateNames = Object.keys(templates) as TemplateName[]

export function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(templates, name)
}

/** The words with their values. Throws when a value is missing: half a message is never sent. */
export function render(name: TemplateName, locale: Locale, values: Readonly<Record<string, string>>): Words {
  const words = templates[name][locale]
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (_, key: string) => {
      if (!Object.hasOwn(values, key)) throw new Error(`the message ${name} needs the value ${key}`)
      return values[key]!
    })
  return { subject: fill(words.subject), text: fill(words.text) }
}

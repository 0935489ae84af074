// The home page's words in three languages: what this is, each switch, and the clock.
import type { Locale } from '../../contract/schema.ts'

/** A tick box: its name and what it does. */
interface Tick {
  name: string
  detail: string
}

/** One party's switches. */
interface Party<Ticks extends string> {
  name: string
  about: string
  delay: string
  tick: Record<Ticks, Tick>
}

export interface HomeTexts {
  title: string
  heading: string
  lead: string
  phone: string
  shop: string
  bank: string
  wallet: { name: string; about: string }
  console: { name: string; about: string }
  time: string
  timeIs: string
  timeNote: string
  switches: string
  save: string
  noDelay: string
  refunds: string
  refundAnswer: Record<'silent' | 'agree' | 'refuse', string>
  note: Record<'saved' | 'moved' | 'unmoved', string>
  shops: Party<'up' | 'lostAnswer'>
  melati: Party<'twice' | 'lostAnswer' | 'outOfOrder' | 'wrongSignature'>
  payOuts: Party<'lostAnswer' | 'twice' | 'refused'>
  messages: Party<'up'>
}

const en: HomeTexts = {
  title: 'Home',
  heading: 'The world around Tuntas',
  lead: 'A wallet needs a bank, shops and phones. This process plays them, on real protocols, with invented money. It misbehaves when you tell it to.',
  phone: 'Every SMS and e-mail that the product sends, with its code.',
  shop: 'A shop that takes Tuntas. Order something and pay.',
  bank: 'Send a transfer to a virtual account number: a top-up. And what shops were paid out.',
  wallet: { name: 'Wallet', about: 'The customers’ side of the product.' },
  console: { name: 'Console', about: 'The agents’ side of the product.' },
  time: 'Time',
  timeIs: 'Business time:',
  timeNote: 'It can only be moved forward: orders expire, deadlines pass, limits per day start anew.',
  switches: 'Switches',
  save: 'Save switches',
  noDelay: 'no delay',
  refunds: 'Requests for money back',
  refundAnswer: { silent: 'by hand, or not at all', agree: 'agree at once', refuse: 'refuse at once' },
  note: {
    saved: 'Saved. It holds from the next call on, and over a restart.',
    moved: 'Time was moved forward.',
    unmoved: 'The product did not answer, so time was not moved. Is it running?',
  },
  shops: {
    name: 'Shops’ systems',
    about: 'How the demo shops answer when the product tells them of a payment.',
    delay: 'Answer after',
    tick: {
      up: { name: 'Up', detail: 'Off: every webhook is answered 503 and has to be tried again.' },
      lostAnswer: { name: 'Lose the answer', detail: 'Handles the webhook, then cuts the line.' },
    },
  },
  melati: {
    name: 'Bank Melati: transfers in',
    about: 'How the bank tells the product of a transfer.',
    delay: 'Call after',
    tick: {
      twice: { name: 'Call twice', detail: 'Tells of every transfer two times.' },
      lostAnswer: {
        name: 'Lose our answer',
        detail: 'The first answer never arrives: the bank calls again.',
      },
      outOfOrder: {
        name: 'Out of order',
        detail: 'Transfers of the same three seconds are told newest first.',
      },
      wrongSignature: {
        name: 'Wrong signature',
        detail: 'Calls must be refused; they pass once this is off again.',
      },
    },
  },
  payOuts: {
    name: 'Bank Melati: pay-outs to shops',
    about: 'How the bank takes the transfers that the product sends to shops.',
    delay: 'Answer after',
    tick: {
      lostAnswer: {
        name: 'Lose the answer',
        detail: 'Pays, then cuts the line: the product has to ask what happened.',
      },
      twice: {
        name: 'Handle it twice',
        detail:
          'Each order arrives two times; the answer heard is that of the second, which is refused as a duplicate.',
      },
      refused: {
        name: 'Refuse',
        detail: 'The account is not accepted: the money stays with us for the next pay-out.',
      },
    },
  },
  messages: {
    name: 'SMS and e-mail',
    about: 'The gateways that carry codes and notices.',
    delay: 'Take after',
    tick: { up: { name: 'Up', detail: 'Off: SMS is answered 503, mail 451, to be tried again.' } },
  },
}

const id: HomeTexts = {
  title: 'Beranda',
  heading: 'Dunia di sekitar Tuntas',
  lead: 'Dompet perlu bank, toko, dan ponsel. Proses ini memerankan semuanya dengan protokol sungguhan dan uang rekaan. Ia berulah bila Anda menyuruhnya.',
  phone: 'Semua SMS dan email yang dikirim Tuntas, dengan kodenya.',
  shop: 'Toko yang menerima Tuntas. Pesan sesuatu lalu bayar.',
  bank: 'Transfer ke nomor virtual account untuk isi saldo. Di sini juga ada pencairan ke toko.',
  wallet: { name: 'Dompet', about: 'Sisi pelanggan.' },
  console: { name: 'Konsol', about: 'Sisi petugas.' },
  time: 'Waktu',
  timeIs: 'Waktu usaha:',
  timeNote: 'Waktu hanya bisa dimajukan: pesanan kedaluwarsa, tenggat lewat, batas harian mulai dari awal.',
  switches: 'Sakelar',
  save: 'Simpan sakelar',
  noDelay: 'tanpa jeda',
  refunds: 'Permintaan uang kembali',
  refundAnswer: {
    silent: 'dijawab sendiri, atau tidak sama sekali',
    agree: 'langsung disetujui',
    refuse: 'langsung ditolak',
  },
  note: {
    saved: 'Tersimpan. Berlaku mulai panggilan berikutnya, juga setelah dijalankan ulang.',
    moved: 'Waktu sudah dimajukan.',
    unmoved: 'Tuntas tidak menjawab, jadi waktu tidak dimajukan. Apakah Tuntas berjalan?',
  },
  shops: {
    name: 'Sistem toko',
    about: 'Cara toko demo menjawab saat Tuntas mengabarkan pembayaran.',
    delay: 'Menjawab setelah',
    tick: {
      up: { name: 'Menyala', detail: 'Mati: setiap webhook dijawab 503 dan harus dicoba lagi.' },
      lostAnswer: { name: 'Hilangkan jawaban', detail: 'Webhook diolah, lalu sambungan diputus.' },
    },
  },
  melati: {
    name: 'Bank Melati: transfer masuk',
    about: 'Cara bank mengabari Tuntas tentang transfer.',
    delay: 'Mengabari setelah',
    tick: {
      twice: { name: 'Kabari dua kali', detail: 'Setiap transfer dikabarkan dua kali.' },
      lostAnswer: {
        name: 'Hilangkan jawaban kami',
        detail: 'Jawaban pertama tidak pernah tiba: bank mengabari lagi.',
      },
      outOfOrder: {
        name: 'Tidak berurutan',
        detail: 'Transfer dalam tiga detik yang sama dikabarkan dari yang terbaru.',
      },
      wrongSignature: {
        name: 'Tanda tangan salah',
        detail: 'Kabar harus ditolak, dan diterima setelah ini dimatikan.',
      },
    },
  },
  payOuts: {
    name: 'Bank Melati: pencairan ke toko',
    about: 'Cara bank menerima transfer yang dikirim Tuntas ke toko.',
    delay: 'Menjawab setelah',
    tick: {
      lostAnswer: {
        name: 'Hilangkan jawaban',
        detail: 'Dibayar, lalu sambungan diputus: Tuntas harus bertanya apa yang terjadi.',
      },
      twice: {
        name: 'Olah dua kali',
        detail: 'Setiap perintah tiba dua kali; yang terdengar jawaban kedua, yang ditolak karena ganda.',
      },
      refused: {
        name: 'Tolak',
        detail: 'Rekening tidak diterima: uangnya tetap di Tuntas untuk pencairan berikutnya.',
      },
    },
  },
  messages: {
    name: 'SMS dan email',
    about: 'Jalur yang membawa kode dan kabar.',
    delay: 'Menerima setelah',
    tick: { up: { name: 'Menyala', detail: 'Mati: SMS dijawab 503 dan email 451, untuk dicoba lagi.' } },
  },
}

const zh: HomeTexts = {
  title: '首页',
  heading: 'Tuntas 周围的世界',
  lead: '钱包离不开银行、商店和手机。这个程序用真实的协议和虚构的钱来扮演它们，也可以按您的要求故意出错。',
  phone: '产品发出的每一条短信和每一封邮件，以及其中的验证码。',
  shop: '一家接受 Tuntas 的商店。下单并付款试试。',
  bank: '转账到虚拟账户号码即可充值；这里也能看到付给商户的款项。',
  wallet: { name: '钱包', about: '顾客使用的一面。' },
  console: { name: '客服台', about: '客服人员使用的一面。' },
  time: '时间',
  timeIs: '业务时间：',
  timeNote: '时间只能往前调：订单会过期，期限会到，每日限额会重新计算。',
  switches: '开关',
  save: '保存开关',
  noDelay: '不延迟',
  refunds: '退款请求',
  refundAnswer: { silent: '手动答复，或不答复', agree: '立即同意', refuse: '立即拒绝' },
  note: {
    saved: '已保存。从下一次调用起生效，重启后仍然有效。',
    moved: '时间已往前调。',
    unmoved: '产品没有回应，时间没有调动。产品在运行吗？',
  },
  shops: {
    name: '商店的系统',
    about: '产品通知付款时，演示商店如何回应。',
    delay: '多久后回应',
    tick: {
      up: { name: '运行', detail: '关闭后：每个 webhook 都得到 503，需要重试。' },
      lostAnswer: { name: '丢失回应', detail: '处理 webhook 之后切断连接。' },
    },
  },
  melati: {
    name: 'Bank Melati：转入',
    about: '银行如何把转账通知产品。',
    delay: '多久后通知',
    tick: {
      twice: { name: '通知两次', detail: '每笔转账都通知两次。' },
      lostAnswer: { name: '丢失我们的回应', detail: '第一次回应永远收不到：银行会再次通知。' },
      outOfOrder: { name: '顺序颠倒', detail: '同一个三秒内的转账，从最新的开始通知。' },
      wrongSignature: { name: '签名错误', detail: '通知必须被拒绝；关闭此项后即可通过。' },
    },
  },
  payOuts: {
    name: 'Bank Melati：付给商户',
    about: '银行如何处理产品汇给商户的转账。',
    delay: '多久后回应',
    tick: {
      lostAnswer: { name: '丢失回应', detail: '付款之后切断连接：产品必须查询结果。' },
      twice: { name: '处理两次', detail: '每条指令到达两次；产品听到的是第二次的回应：因重复而被拒绝。' },
      refused: { name: '拒绝', detail: '账户不被接受：款项留在 Tuntas，等待下一次付款。' },
    },
  },
  messages: {
    name: '短信和邮件',
    about: '传送验证码和通知的通道。',
    delay: '多久后接收',
    tick: { up: { name: '运行', detail: '关闭后：短信得到 503，邮件得到 451，需要重试。' } },
  },
}

export const homeTexts: Record<Locale, HomeTexts> = { 'id-ID': id, en, 'zh-CN': zh }

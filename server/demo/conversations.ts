// What the demo's customers ask and what they are answered, in their own languages. Invented people, plain words.
// Nothing is promised here that the product does not do.
import type { Locale } from '#contract/schema.ts'
import type { CastName } from './people.ts'

export interface Line {
  by: 'customer' | 'agent' | 'note'
  agoMinutes: number
  text: string
}

/** Which movement a conversation is about: the latest one of the asked kind before its first line. */
export type About =
  | { end: 'waiting' | 'returned' | 'credited'; slug?: string }
  | { end: 'failed'; code: string; paidAfterwards?: boolean }
  | { end: 'top_up' }

export interface Conversation {
  who: CastName | 'somebody'
  locale: Locale
  about?: About
  lines: readonly Line[]
  /** The agent closes it with the last line. */
  solved?: true
  /** What the customer says of it afterwards. */
  rated?: { agoMinutes: number; score: number; comment?: string }
  /** The customer has frozen the wallet. */
  frozen?: true
  /** A lead takes it over. */
  lead?: true
}

const customer = (agoMinutes: number, text: string): Line => ({ by: 'customer', agoMinutes, text })
const agent = (agoMinutes: number, text: string): Line => ({ by: 'agent', agoMinutes, text })
const note = (agoMinutes: number, text: string): Line => ({ by: 'note', agoMinutes, text })
const days = (count: number, minutes = 0) => count * 1440 + minutes

export const conversations: readonly Conversation[] = [
  {
    who: 'somebody',
    locale: 'id-ID',
    about: { end: 'returned', slug: 'apotek-sehat-sentosa' },
    solved: true,
    rated: {
      agoMinutes: days(10, 280),
      score: 5,
      comment: 'Dijelaskan dengan jelas, uang sudah kembali duluan.',
    },
    lines: [
      customer(
        days(10, 300),
        'Kenapa pembayaran saya di Apotek Sehat Sentosa dikembalikan? Saya sudah di kasir waktu itu.',
      ),
      agent(
        days(10, 294),
        'Mohon maaf. Sistem apotek tidak menjawab selama beberapa jam, jadi uangnya kami kembalikan sendiri sesudah dua jam. Tidak ada yang hilang.',
      ),
      customer(days(10, 290), 'Oh begitu. Betul, uangnya sudah kembali. Makasih ya.'),
      agent(days(10, 288), 'Sama-sama. Semoga lekas sehat.'),
    ],
  },
  {
    who: 'somebody',
    locale: 'id-ID',
    about: { end: 'returned', slug: 'apotek-sehat-sentosa' },
    solved: true,
    rated: { agoMinutes: days(9, 60), score: 4 },
    lines: [
      customer(
        days(9, 120),
        'Uang saya kembali, padahal obatnya sudah saya bawa pulang. Apa saya harus bayar lagi?',
      ),
      agent(
        days(9, 113),
        'Terima kasih sudah jujur memberi tahu. Di kami pembayaran itu sudah dikembalikan dan pesanannya ditutup. Silakan bayar langsung ke apotek, ya.',
      ),
      customer(days(9, 110), 'Baik, besok saya mampir.'),
    ],
  },
  {
    who: 'somebody',
    locale: 'id-ID',
    about: { end: 'failed', code: 'daily_limit' },
    solved: true,
    rated: { agoMinutes: days(3, 470), score: 3, comment: 'Jelas, tapi batasnya terlalu kecil.' },
    lines: [
      customer(days(3, 500), 'Saya mau bayar meja kerja tapi ditolak karena batas harian. Kapan bisa lagi?'),
      agent(
        days(3, 495),
        'Batas harian Anda Rp 5.000.000 dan hari itu sudah hampir habis. Batasnya kembali penuh setiap tengah malam WIB, jadi sekarang sudah bisa dicoba lagi.',
      ),
      customer(days(3, 480), 'Sip, sudah saya catat.'),
    ],
  },
  {
    who: 'ratna',
    locale: 'id-ID',
    about: { end: 'returned', slug: 'batik-seruni' },
    solved: true,
    lines: [
      customer(
        days(3, 200),
        'Pesanan saya di Batik Seruni dibatalkan dan uangnya kembali. Apakah saya boleh memesan lagi?',
      ),
      agent(
        days(3, 196),
        'Boleh, Bu Ratna. Toko tidak menjawab dalam dua jam, jadi Rp 189.000 sudah kembali ke saldo Ibu. Pesanan lama ditutup; silakan buat pesanan baru.',
      ),
      customer(days(3, 190), 'Baik, terima kasih banyak.'),
      agent(days(3, 189), 'Sama-sama, Bu. Selamat berbelanja.'),
    ],
  },
  {
    who: 'somebody',
    locale: 'zh-CN',
    about: { end: 'failed', code: 'insufficient_funds', paidAfterwards: true },
    solved: true,
    rated: { agoMinutes: days(2, 380), score: 5, comment: '几分钟就说清楚了，不用截图。' },
    lines: [
      customer(days(2, 400), '有一笔付款失败了，提示余额不足。我充值后又付了一次，会不会扣两次？'),
      agent(days(2, 396), '您好。第一次没有扣款；充值到账后您付的那一次成功了。账上只有一笔扣款，请放心。'),
      customer(days(2, 393), '明白了，谢谢！'),
    ],
  },
  {
    who: 'somebody',
    locale: 'id-ID',
    about: { end: 'top_up' },
    solved: true,
    rated: { agoMinutes: days(1, 225), score: 1, comment: 'Saldo baru muncul setelah saya tanya.' },
    lines: [
      customer(days(1, 240), 'Saya sudah transfer dari bank, kok saldonya belum bertambah?'),
      agent(
        days(1, 235),
        'Transfernya sudah kami terima dan sudah masuk ke saldo Anda. Nomor TP di atas adalah buktinya. Coba buka lagi halaman saldonya.',
      ),
      customer(days(1, 231), 'Sudah muncul. Terima kasih.'),
    ],
  },
  {
    who: 'somebody',
    locale: 'en',
    solved: true,
    rated: { agoMinutes: days(1, 70), score: 5, comment: 'The two pictures are a clever idea.' },
    lines: [
      customer(
        days(1, 90),
        'Somebody called me, said he was from Tuntas and asked for the code I got by SMS. Was that you?',
      ),
      agent(
        days(1, 86),
        'No, and thank you for asking first. We never ask for a code, a PIN or a password. In this chat we both see the same two pictures and number at the top; a caller cannot know them. If you told him anything, freeze your wallet now, it takes one tap.',
      ),
      customer(days(1, 82), 'I told him nothing. Good to know about the pictures.'),
    ],
  },
  {
    who: 'somebody',
    locale: 'id-ID',
    about: { end: 'waiting', slug: 'mebel-jati-mulya' },
    lead: true,
    lines: [
      customer(
        150,
        'Saya sudah bayar lemari Rp 2.450.000, tapi kata tokonya belum diterima. Uang saya di mana?',
      ),
      agent(
        146,
        'Uangnya sudah keluar dari saldo Anda dan disisihkan khusus untuk toko ini. Sistem toko belum menjawab kami. Kami hubungi tokonya sekarang.',
      ),
      note(
        96,
        'Telepon toko tidak diangkat, sudah tiga kali. Jumlahnya di atas batas pengembalian otomatis, jadi setelah lewat batas waktu kita yang memutuskan.',
      ),
      customer(31, 'Sudah lama sekali. Kapan ada kabar?'),
    ],
  },
  {
    who: 'andi',
    locale: 'en',
    lines: [
      customer(96, 'Hi, I want to buy a laptop next week. How much can I pay at once?'),
      agent(
        89,
        'Hello Andi. Your identity is verified, so you can pay up to Rp 10.000.000 at once and Rp 20.000.000 a day. Does the laptop fit into that?',
      ),
    ],
  },
  {
    who: 'somebody',
    locale: 'id-ID',
    lines: [
      customer(84, 'Bagaimana cara mengganti nomor telepon? Nomor lama saya sudah tidak aktif.'),
      agent(
        78,
        'Halo. Nomor belum bisa diganti sendiri di aplikasi. Sebelum kami bantu, kami perlu yakin bahwa ini benar Anda. Apakah alamat e-mail di akun ini masih bisa Anda buka?',
      ),
    ],
  },
  {
    who: 'somebody',
    locale: 'id-ID',
    lines: [
      customer(71, 'PIN saya 394817 kok ditolak terus ya?'),
      agent(
        67,
        'Tolong jangan kirim PIN kepada siapa pun, juga kepada kami. Yang tadi sudah dihapus sebelum tersimpan. Sesudah tiga kali salah, PIN terkunci 15 menit; silakan coba lagi setelah itu.',
      ),
    ],
  },
  {
    who: 'somebody',
    locale: 'id-ID',
    frozen: true,
    lines: [
      customer(63, 'HP saya hilang tadi pagi. Dompetnya sudah saya bekukan lewat laptop. Uang saya aman?'),
      agent(
        60,
        'Aman. Selama beku tidak ada uang yang bisa keluar. Kalau nomor Anda sudah aktif lagi, buka sendiri dengan kata sandi dan kode yang kami kirim ke nomor itu.',
      ),
    ],
  },
  {
    who: 'somebody',
    locale: 'en',
    lines: [
      customer(
        58,
        'My parents will visit Jakarta in December. Can they open a wallet with their Singapore numbers?',
      ),
      agent(
        52,
        'Yes. Mobile numbers from Indonesia, Singapore, Malaysia, China, Japan and the United States work, and an e-mail address does too. The wallet itself is in rupiah.',
      ),
    ],
  },
  {
    who: 'somebody',
    locale: 'id-ID',
    about: { end: 'credited' },
    lines: [
      customer(47, 'Apakah saya terbayar dua kali di sini? Di struk ada dua angka.'),
      agent(
        42,
        'Sudah kami periksa: pembayaran ini tercatat satu kali dan tokonya menerima satu kali. Boleh dilihat lagi, mungkin angka yang kedua nomor pesanan?',
      ),
    ],
  },
  {
    who: 'somebody',
    locale: 'zh-CN',
    about: { end: 'credited' },
    lines: [
      customer(44, '我想取消这笔订单并退款，店家说要问你们。'),
      agent(
        38,
        '您好。这笔款已经记给店家，退款要由店家先同意。请先跟店家说明原因；如果店家不答复，请在这里告诉我们，我们来联系。',
      ),
      customer(12, '跟店家说过了，一直没有回音。'),
    ],
  },
  {
    who: 'meiling',
    locale: 'zh-CN',
    about: { end: 'waiting', slug: 'surya-elektronik' },
    lines: [
      customer(26, '我付了钱，店家说没有收到。订单号是 SE-20817。'),
      agent(
        24,
        '林女士您好。您看到的记录我也看到了：钱已从您的余额扣除，只为这家店保留，店家的系统还没有回应。我正在联系店家。',
      ),
      note(
        20,
        'Surya says that their server was restarted and the order is reserved. Ask the shop again before the deadline.',
      ),
      customer(18, '好的，我在店里等。'),
    ],
  },
  {
    who: 'somebody',
    locale: 'id-ID',
    about: { end: 'failed', code: 'transaction_limit' },
    lines: [
      customer(
        21,
        'Tablet gambar Rp 2.890.000 tidak bisa dibayar. Saldo bisa saya isi, tapi katanya di atas batas satu transaksi. Ada cara lain?',
      ),
    ],
  },
  {
    who: 'somebody',
    locale: 'en',
    about: { end: 'failed', code: 'insufficient_funds' },
    lines: [customer(9, 'This payment was declined, and I thought I had enough. How much was missing?')],
  },
  {
    who: 'somebody',
    locale: 'zh-CN',
    lines: [customer(6, '请问你们几点到几点有人？周末也可以在这里留言吗？')],
  },
  {
    who: 'somebody',
    locale: 'id-ID',
    about: { end: 'waiting', slug: 'apotek-cendana' },
    lines: [
      customer(
        4,
        'Saya sudah bayar di Apotek Cendana tapi kasir bilang belum masuk. Saldo saya sudah terpotong. Bagaimana ini?',
      ),
    ],
  },
  {
    who: 'somebody',
    locale: 'id-ID',
    lines: [customer(2, 'Halo. Apakah ada biaya kalau isi saldo dari bank?')],
  },
]

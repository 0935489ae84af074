// Refunds and decisions of the demo, each with its people and its steps, so that every state has one that can be looked at.
// Invented people, plain words. Nothing is promised here that the product does not do.
import type { RefundReason } from '#contract/refund.ts'
import type { Locale } from '#contract/schema.ts'
import type { CastName } from './people.ts'

/** E-mail without the domain. */
export type AgentName = 'bagus' | 'sari' | 'dewi'

export type RefundStep = { agoMinutes: number } & (
  | { do: 'ask'; reason: RefundReason; note?: string; rupiah?: number; by?: 'customer' | 'shop' }
  | { do: 'agree' | 'refuse'; note?: string }
  | { do: 'grant' | 'decline'; agent: AgentName; note: string }
  | { do: 'approve'; agent: AgentName }
  | { do: 'refuse_approval'; agent: AgentName; note: string }
  | { do: 'withdraw' }
  /** The shop's time to acknowledge the payment is over. */
  | { do: 'shop_stays_silent' }
  /** A silent shop's payment above the limit: staff want it back. */
  | { do: 'return'; agent: AgentName; note: string }
  /** The case about the payment, from here on. */
  | { do: 'say'; text: string }
  | { do: 'missing'; text: string }
  | { do: 'reply'; agent: AgentName; text: string }
  | { do: 'note'; agent: AgentName; text: string }
  /** With the money returned. */
  | { do: 'solve'; agent: AgentName }
  | { do: 'look'; agent: AgentName; field: 'phone' | 'email' | 'money'; reason: string }
  | { do: 'rate'; score: number; comment?: string }
)

export interface RefundStory {
  name: string
  who: CastName | 'somebody'
  locale: Locale
  /** Which payment: the latest one that fits. */
  payment: {
    /** `waiting`: not acknowledged by its shop. */
    end: 'credited' | 'waiting'
    slug?: string
    /** So old at least. */
    fromDaysAgo: number
    atLeastRupiah?: number
    atMostRupiah?: number
    /** The shop has too little with us to give it back. */
    unfunded?: true
    untilDue?: true
  }
  steps: readonly RefundStep[]
}

const days = (count: number, minutes = 0) => count * 1440 + minutes

export const refundStories: readonly RefundStory[] = [
  {
    name: 'asked of a shop that can answer in the sandbox',
    // Nobody with a name: the shop may answer at any moment, and what those own is to stand still.
    who: 'somebody',
    locale: 'id-ID',
    payment: { end: 'credited', slug: 'buku-pelangi', fromDaysAgo: 1 },
    steps: [
      {
        agoMinutes: 310,
        do: 'ask',
        reason: 'wrong_or_broken',
        note: 'Halaman 33 sampai 48 kosong, tidak tercetak. Bukunya masih seperti baru, bisa saya kirim balik.',
      },
    ],
  },
  {
    name: 'part of a payment, asked of a shop without a server',
    who: 'ratna',
    locale: 'id-ID',
    payment: { end: 'credited', slug: 'toko-rempah-ibu', fromDaysAgo: 0 },
    steps: [
      {
        agoMinutes: 300,
        do: 'ask',
        reason: 'wrong_or_broken',
        note: 'Botol minyaknya bocor, setengahnya tumpah di jalan.',
        rupiah: 36_900,
      },
    ],
  },
  {
    name: 'asked, and the case waits for the money without an agent',
    who: 'somebody',
    locale: 'zh-CN',
    payment: { end: 'credited', fromDaysAgo: 2 },
    steps: [{ agoMinutes: 190, do: 'ask', reason: 'not_received', note: '说好昨天送到，到现在还没收到。' }],
  },
  {
    name: 'refused by the shop, now with staff',
    who: 'meiling',
    locale: 'zh-CN',
    payment: { end: 'credited', fromDaysAgo: 8 },
    steps: [
      { agoMinutes: 420, do: 'ask', reason: 'other', note: '收据上的数量和我拿到的不一样，少了一件。' },
      { agoMinutes: 200, do: 'refuse', note: 'Sudah dihitung bersama pembeli di kasir.' },
    ],
  },
  {
    name: 'left unanswered: late, escalated, promised anew',
    who: 'somebody',
    locale: 'id-ID',
    payment: { end: 'credited', fromDaysAgo: 22, atMostRupiah: 400_000 },
    steps: [
      {
        agoMinutes: days(20, 75),
        do: 'ask',
        reason: 'not_received',
        note: 'Barang tidak pernah sampai. Nomor resi dari toko tidak dikenal kurirnya.',
      },
      {
        agoMinutes: days(6, 50),
        do: 'say',
        text: 'Sudah dua minggu. Katanya paling lambat tujuh hari kerja. Kapan uang saya kembali?',
      },
      {
        agoMinutes: days(6, 44),
        do: 'look',
        agent: 'sari',
        field: 'money',
        reason: 'opened in the case',
      },
      {
        agoMinutes: days(6, 41),
        do: 'reply',
        agent: 'sari',
        text: 'Mohon maaf, Anda benar: kami terlambat. Toko tidak menjawab sampai tenggatnya. Sekarang keputusannya ada pada kepala tim kami, dan tanggal barunya tertulis di halaman pengembalian ini.',
      },
      {
        agoMinutes: days(6, 38),
        do: 'note',
        agent: 'sari',
        text: 'Resi JX-5512 tidak ada di kurir. Tidak ada alasan untuk menunggu toko lagi.',
      },
    ],
  },
  {
    name: 'granted above the limit: a second person is asked',
    who: 'somebody',
    locale: 'id-ID',
    payment: { end: 'credited', fromDaysAgo: 2, atLeastRupiah: 510_000, atMostRupiah: 3_000_000 },
    steps: [
      {
        agoMinutes: 1680,
        do: 'ask',
        reason: 'wrong_or_broken',
        note: 'Barang datang retak di sudut. Fotonya sudah saya kirim ke toko.',
      },
      { agoMinutes: 300, do: 'refuse', note: 'Barang keluar dari gudang dalam keadaan baik.' },
      { agoMinutes: 110, do: 'say', text: 'Toko menolak, padahal kardusnya sudah penyok waktu saya terima.' },
      { agoMinutes: 103, do: 'look', agent: 'bagus', field: 'money', reason: 'opened in the case' },
      {
        agoMinutes: 101,
        do: 'look',
        agent: 'bagus',
        field: 'phone',
        reason: 'Menanyakan foto penerimaan barang',
      },
      {
        agoMinutes: 95,
        do: 'grant',
        agent: 'bagus',
        note: 'The courier’s receipt says "box damaged". The shop answered without looking at the picture.',
      },
      {
        agoMinutes: 93,
        do: 'reply',
        agent: 'bagus',
        text: 'Kami setuju uangnya kembali. Karena jumlahnya besar, satu orang lagi harus menyetujui. Batas waktunya tertulis di sini, dan Anda akan diberi tahu.',
      },
    ],
  },
  {
    name: 'agreed by a shop that has too little with us',
    who: 'somebody',
    locale: 'en',
    payment: { end: 'credited', fromDaysAgo: 3, unfunded: true },
    steps: [
      {
        agoMinutes: 480,
        do: 'ask',
        reason: 'cancelled_with_shop',
        note: 'The shop agreed by phone to take it back; I returned it on Saturday.',
      },
      { agoMinutes: 170, do: 'agree', note: 'Barang sudah kami terima kembali.' },
    ],
  },
  {
    name: 'part of a payment, agreed and paid; the case closed itself and was rated',
    who: 'andi',
    locale: 'en',
    payment: { end: 'credited', slug: 'warung-bu-tatik', fromDaysAgo: 0 },
    steps: [
      {
        agoMinutes: 200,
        do: 'ask',
        reason: 'not_received',
        rupiah: 9_000,
        note: 'The soto came, the iced orange did not.',
      },
      { agoMinutes: 5, do: 'agree', note: 'Maaf, es jeruknya terlupa.' },
      {
        agoMinutes: 3,
        do: 'rate',
        score: 5,
        comment: 'Two taps, and I could see the whole time who had to answer.',
      },
    ],
  },
  {
    name: 'refused, granted, approved by a second person, paid',
    who: 'somebody',
    locale: 'id-ID',
    payment: { end: 'credited', slug: 'rotan-cirebon', fromDaysAgo: 2, atLeastRupiah: 510_000 },
    steps: [
      {
        agoMinutes: 1500,
        do: 'ask',
        reason: 'wrong_or_broken',
        note: 'Satu kaki kursinya lebih pendek, goyang.',
      },
      { agoMinutes: 290, do: 'refuse', note: 'Kerajinan tangan, ukurannya memang tidak sama persis.' },
      { agoMinutes: 280, do: 'say', text: 'Selisihnya tiga sentimeter. Itu bukan ciri kerajinan tangan.' },
      { agoMinutes: 34, do: 'look', agent: 'sari', field: 'money', reason: 'opened in the case' },
      {
        agoMinutes: 30,
        do: 'grant',
        agent: 'sari',
        note: 'Three centimetres is a defect; the shop’s own page says so.',
      },
      { agoMinutes: 4, do: 'approve', agent: 'dewi' },
      {
        agoMinutes: 3,
        do: 'reply',
        agent: 'sari',
        text: 'Uangnya sudah kembali ke saldo Anda. Setiap langkahnya ada di halaman pengembalian.',
      },
      { agoMinutes: 3, do: 'solve', agent: 'sari' },
      { agoMinutes: 1, do: 'rate', score: 5, comment: 'Terima kasih, jelas dari awal sampai akhir.' },
    ],
  },
  {
    name: 'given back by the shop itself',
    who: 'somebody',
    locale: 'zh-CN',
    payment: { end: 'credited', slug: 'warung-bu-tatik', fromDaysAgo: 1 },
    steps: [
      {
        agoMinutes: 6,
        do: 'ask',
        by: 'shop',
        reason: 'cancelled_with_shop',
        note: 'Pesanan dibatalkan, bahannya habis.',
      },
    ],
  },
  {
    name: 'declined; the customer said that it is not solved: a supervisor has it',
    who: 'somebody',
    locale: 'id-ID',
    payment: { end: 'credited', fromDaysAgo: 7, atMostRupiah: 490_000 },
    steps: [
      { agoMinutes: days(6, 300), do: 'ask', reason: 'other', note: 'Warnanya tidak seperti di foto.' },
      {
        agoMinutes: days(6, 120),
        do: 'refuse',
        note: 'Pembeli memilih warna ini di toko, di depan kami.',
      },
      {
        agoMinutes: days(6, 30),
        do: 'decline',
        agent: 'sari',
        note: 'Bought in the shop and seen there. The shop offers an exchange.',
      },
      { agoMinutes: days(5, 600), do: 'rate', score: 2, comment: 'Jawabannya cepat, tapi alasannya salah.' },
      {
        agoMinutes: 130,
        do: 'missing',
        text: 'Saya tidak pernah ke toko itu. Saya pesan dari rumah, buktinya ada alamat kirim di pesanannya.',
      },
    ],
  },
  {
    name: 'withdrawn while a second person was asked: what was proposed is void',
    who: 'somebody',
    locale: 'id-ID',
    payment: { end: 'credited', fromDaysAgo: 10, atLeastRupiah: 510_000, atMostRupiah: 4_500_000 },
    steps: [
      { agoMinutes: days(9, 200), do: 'ask', reason: 'not_received', note: 'Belum sampai, sudah lima hari.' },
      { agoMinutes: days(9, 120), do: 'refuse', note: 'Sudah dikirim, tunggu saja.' },
      { agoMinutes: days(9, 60), do: 'grant', agent: 'bagus', note: 'The courier lost the trace of it.' },
      { agoMinutes: days(9, 5), do: 'withdraw' },
    ],
  },
  {
    name: 'the second person said no, then it was declined',
    who: 'somebody',
    locale: 'id-ID',
    payment: { end: 'credited', fromDaysAgo: 13, atLeastRupiah: 510_000, atMostRupiah: 4_500_000 },
    steps: [
      {
        agoMinutes: days(12, 400),
        do: 'ask',
        reason: 'wrong_or_broken',
        note: 'Ada goresan di bagian bawah.',
      },
      { agoMinutes: days(12, 300), do: 'refuse', note: 'Goresan halus, sudah dipotong harganya.' },
      { agoMinutes: days(12, 200), do: 'grant', agent: 'sari', note: 'The picture shows a scratch.' },
      {
        agoMinutes: days(12, 90),
        do: 'refuse_approval',
        agent: 'dewi',
        note: 'The receipt names the scratch and a lower price for it. That was the bargain.',
      },
      {
        agoMinutes: days(12, 60),
        do: 'decline',
        agent: 'sari',
        note: 'Sold cheaper because of that scratch; it stands on the receipt.',
      },
    ],
  },
  {
    name: 'no second person in time, then the shop changed its mind outside',
    who: 'somebody',
    locale: 'id-ID',
    payment: { end: 'credited', fromDaysAgo: 17, atLeastRupiah: 510_000, atMostRupiah: 4_500_000 },
    steps: [
      {
        agoMinutes: days(16, 400),
        do: 'ask',
        reason: 'charged_twice',
        note: 'Saya bayar tunai juga di kasir.',
      },
      { agoMinutes: days(16, 300), do: 'refuse', note: 'Tidak ada catatan pembayaran tunai.' },
      {
        agoMinutes: days(16, 200),
        do: 'grant',
        agent: 'bagus',
        note: 'The cash receipt has the same number.',
      },
      { agoMinutes: days(7, 90), do: 'withdraw' },
    ],
  },
  {
    name: 'overtaken: the silent shop’s payment went back by itself first',
    who: 'somebody',
    locale: 'id-ID',
    payment: { end: 'waiting', slug: 'mebel-jati-mulya', fromDaysAgo: 0, untilDue: true },
    steps: [
      {
        agoMinutes: 170,
        do: 'ask',
        reason: 'shop_has_nothing',
        note: 'Toko bilang tidak ada pesanan atas nama saya.',
      },
      { agoMinutes: 79, do: 'shop_stays_silent' },
      { agoMinutes: 61, do: 'rate', score: 4 },
    ],
  },
  {
    name: 'a silent shop above the limit: giving it back waits for a second person',
    who: 'somebody',
    locale: 'id-ID',
    payment: { end: 'waiting', slug: 'mebel-jati-mulya', fromDaysAgo: 0, atLeastRupiah: 2_600_000 },
    steps: [
      {
        agoMinutes: 40,
        do: 'return',
        agent: 'sari',
        note: 'The shop does not answer its phone either; its neighbour says it is closed this week.',
      },
    ],
  },
]

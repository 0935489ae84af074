// What the demo shops sell. Titles stay as they are printed; what is said about them comes in three languages.
import type { Locale } from '../../contract/schema.ts'

export type Words = Record<Locale, string>

export interface Good {
  sku: string
  title: string
  maker: string
  about: Words
  priceMinor: bigint
  art: { motif: Motif; ground: string; ink: string; second: string }
}

export type Motif =
  | 'market'
  | 'spice'
  | 'waves'
  | 'moon'
  | 'leaves'
  | 'rays'
  | 'kawung'
  | 'parang'
  | 'lamp'
  | 'fan'
  | 'pot'
  | 'radio'

export interface Catalogue {
  theme: 'books' | 'electronics' | 'batik'
  prefix: string
  tagline: Words
  welcome: Words
  shippingMinor: bigint
  /** Covers stand upright, things lie square. */
  shape: 'cover' | 'square'
  goods: readonly Good[]
}

const rupiah = (amount: number) => BigInt(amount) * 100n

const books: Catalogue = {
  theme: 'books',
  prefix: 'BP',
  shape: 'cover',
  tagline: {
    'id-ID': 'Toko buku kecil dari Yogyakarta',
    en: 'A small bookshop from Yogyakarta',
    'zh-CN': '来自日惹的小书店',
  },
  welcome: {
    'id-ID': 'Cerita dari pulau ke pulau, dibungkus rapi dan dikirim besok pagi.',
    en: 'Stories from island to island, wrapped with care and sent tomorrow morning.',
    'zh-CN': '一岛一故事，细心包装，明早寄出。',
  },
  shippingMinor: rupiah(12_000),
  goods: [
    {
      sku: 'pasar-malam',
      title: 'Pasar Malam di Kota Tua',
      maker: 'Dewi Anggraini',
      about: {
        'id-ID': 'Novel, 312 halaman',
        en: 'Novel, 312 pages, in Indonesian',
        'zh-CN': '小说，312 页，印尼文',
      },
      priceMinor: rupiah(98_000),
      art: { motif: 'market', ground: '#365e78', ink: '#f3d9a4', second: '#e08d52' },
    },
    {
      sku: 'rempah',
      title: 'Rempah: Kisah dari Timur',
      maker: 'Yosef Latuheru',
      about: {
        'id-ID': 'Sejarah, 268 halaman',
        en: 'History, 268 pages, in Indonesian',
        'zh-CN': '历史，268 页，印尼文',
      },
      priceMinor: rupiah(104_000),
      art: { motif: 'spice', ground: '#a3602b', ink: '#fbe6c3', second: '#5d2f16' },
    },
    {
      sku: 'laut-banda',
      title: 'Laut Banda, Tujuh Malam',
      maker: 'Ina Wattimena',
      about: {
        'id-ID': 'Catatan perjalanan, 196 halaman',
        en: 'Travel notes, 196 pages',
        'zh-CN': '游记，196 页',
      },
      priceMinor: rupiah(87_500),
      art: { motif: 'waves', ground: '#12525a', ink: '#bfe3d8', second: '#f2c36b' },
    },
    {
      sku: 'bulan-sawah',
      title: 'Bulan di Atas Sawah',
      maker: 'Made Suarsana',
      about: { 'id-ID': 'Kumpulan puisi, 120 halaman', en: 'Poems, 120 pages', 'zh-CN': '诗集，120 页' },
      priceMinor: rupiah(65_000),
      art: { motif: 'moon', ground: '#2d2a4f', ink: '#f5e7b8', second: '#6f8f63' },
    },
    {
      sku: 'kebun-nenek',
      title: 'Kebun Obat Nenek',
      maker: 'Sri Handayani',
      about: { 'id-ID': 'Tanaman obat, bergambar', en: 'Medicinal plants, illustrated', 'zh-CN': '草药图鉴' },
      priceMinor: rupiah(132_000),
      art: { motif: 'leaves', ground: '#e9e2cf', ink: '#2f5d3f', second: '#a9552f' },
    },
    {
      sku: 'canting',
      title: 'Canting dan Lilin',
      maker: 'Ratih Pranoto',
      about: {
        'id-ID': 'Seni batik, 180 halaman',
        en: 'The art of batik, 180 pages',
        'zh-CN': '蜡染艺术，180 页',
      },
      priceMinor: rupiah(145_000),
      art: { motif: 'kawung', ground: '#5b2333', ink: '#e7c98f', second: '#a9656f' },
    },
    {
      sku: 'warung',
      title: 'Warung Simpang Tiga',
      maker: 'Anton Siregar',
      about: {
        'id-ID': 'Cerita pendek, 164 halaman',
        en: 'Short stories, 164 pages',
        'zh-CN': '短篇小说，164 页',
      },
      priceMinor: rupiah(72_000),
      art: { motif: 'parang', ground: '#e7d9bd', ink: '#3d6b6a', second: '#b5482e' },
    },
    {
      sku: 'pagi-pertama',
      title: 'Pagi Pertama di Merapi',
      maker: 'Bagas Wicaksono',
      about: {
        'id-ID': 'Bacaan anak, 6 tahun ke atas',
        en: 'Children, from 6 years',
        'zh-CN': '儿童读物，6 岁以上',
      },
      priceMinor: rupiah(54_000),
      art: { motif: 'rays', ground: '#f0c35a', ink: '#b23c24', second: '#3c5a4a' },
    },
  ],
}

const electronics: Catalogue = {
  theme: 'electronics',
  prefix: 'SE',
  shape: 'square',
  tagline: {
    'id-ID': 'Alat rumah tangga, garansi resmi',
    en: 'Household appliances, with warranty',
    'zh-CN': '家用电器，正规保修',
  },
  welcome: {
    'id-ID': 'Barang yang awet, harga yang jelas, kirim dari Surabaya.',
    en: 'Things that last, prices that are clear, sent from Surabaya.',
    'zh-CN': '耐用好物，价格透明，泗水发货。',
  },
  shippingMinor: rupiah(20_000),
  goods: [
    {
      sku: 'kipas-angin',
      title: 'Kipas Angin Meja 12"',
      maker: 'Anginku',
      about: {
        'id-ID': '3 kecepatan, 35 watt',
        en: 'Desk fan, 3 speeds, 35 W',
        'zh-CN': '台扇，3 档，35 瓦',
      },
      priceMinor: rupiah(329_000),
      art: { motif: 'fan', ground: '#dfe9ee', ink: '#1f4a63', second: '#e36f3f' },
    },
    {
      sku: 'lampu-belajar',
      title: 'Lampu Belajar Terang',
      maker: 'Cahaya',
      about: { 'id-ID': 'LED 7 watt, 3 warna cahaya', en: 'LED desk lamp, 7 W', 'zh-CN': 'LED 台灯，7 瓦' },
      priceMinor: rupiah(149_000),
      art: { motif: 'lamp', ground: '#f4ecd8', ink: '#514129', second: '#e9a526' },
    },
    {
      sku: 'penanak-nasi',
      title: 'Penanak Nasi 1,2 L',
      maker: 'Pulen',
      about: { 'id-ID': 'Untuk 4 orang', en: 'Rice cooker for four', 'zh-CN': '电饭锅，4 人份' },
      priceMinor: rupiah(389_000),
      art: { motif: 'pot', ground: '#efe3e0', ink: '#6d2b2b', second: '#c98f6b' },
    },
    {
      sku: 'radio',
      title: 'Radio Saku FM',
      maker: 'Gelombang',
      about: { 'id-ID': 'Baterai 20 jam', en: 'Pocket radio, 20 hours', 'zh-CN': '便携收音机，续航 20 小时' },
      priceMinor: rupiah(119_000),
      art: { motif: 'radio', ground: '#dde6dc', ink: '#2f4a3a', second: '#c5572f' },
    },
  ],
}

const batik: Catalogue = {
  theme: 'batik',
  prefix: 'BS',
  shape: 'square',
  tagline: {
    'id-ID': 'Batik tulis dari Pekalongan',
    en: 'Hand-drawn batik from Pekalongan',
    'zh-CN': '北加浪岸手绘蜡染',
  },
  welcome: {
    'id-ID': 'Setiap helai digambar tangan. Tidak ada dua yang sama.',
    en: 'Each cloth is drawn by hand. No two are alike.',
    'zh-CN': '每一幅都手工绘制，绝无重样。',
  },
  shippingMinor: rupiah(18_000),
  goods: [
    {
      sku: 'selendang-kawung',
      title: 'Selendang kawung indigo',
      maker: 'Katun primisima, 200 × 55 cm',
      about: { 'id-ID': 'Pewarna alami', en: 'Shawl, natural dye', 'zh-CN': '披肩，天然染料' },
      priceMinor: rupiah(265_000),
      art: { motif: 'kawung', ground: '#2a3a5c', ink: '#e6d3a3', second: '#8fa3c7' },
    },
    {
      sku: 'kemeja-parang',
      title: 'Kemeja parang, lengan pendek',
      maker: 'Katun, ukuran M',
      about: { 'id-ID': 'Jahitan rapi', en: 'Shirt, short sleeves', 'zh-CN': '短袖衬衫' },
      priceMinor: rupiah(318_000),
      art: { motif: 'parang', ground: '#ead9bd', ink: '#7a4326', second: '#2e2a26' },
    },
    {
      sku: 'syal-daun',
      title: 'Syal daun jati',
      maker: 'Sutra, 180 × 50 cm',
      about: { 'id-ID': 'Cap dan tulis', en: 'Silk scarf', 'zh-CN': '丝巾' },
      priceMinor: rupiah(420_000),
      art: { motif: 'leaves', ground: '#51302a', ink: '#e8b98a', second: '#c5763f' },
    },
    {
      sku: 'taplak-ombak',
      title: 'Taplak ombak laut',
      maker: 'Katun, 150 × 100 cm',
      about: { 'id-ID': 'Untuk meja makan', en: 'Table cloth', 'zh-CN': '桌布' },
      priceMinor: rupiah(235_000),
      art: { motif: 'waves', ground: '#1e4b4d', ink: '#e3efe4', second: '#e0a75a' },
    },
  ],
}

const bySlug: Record<string, Catalogue> = { 'surya-elektronik': electronics, 'batik-seruni': batik }

/** The catalogue of a shop; a shop that is not known by its slug sells books. */
export function catalogueOf(slug: string): Catalogue {
  return (Object.hasOwn(bySlug, slug) ? bySlug[slug] : undefined) ?? books
}

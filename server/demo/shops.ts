// The invented shops of the demo and what people buy there. Names and goods stay as they are printed, in Indonesian.

export interface DemoGood {
  name: string
  rupiah: number
  detail?: string
}

export interface DemoShop {
  slug: string
  name: string
  city: string
  category: string
  /** Begins the shop's order numbers. */
  prefix: string
  /** How often people buy here, in relation to the others. */
  weight: number
  goods: readonly DemoGood[]
  shippingRupiah?: number
  /** Lives in the sandbox: has pages there and hears our webhooks. */
  inSandbox?: true
  /** The system of this shop answers nobody: its payments wait. */
  unreachable?: true
}

const good = (name: string, rupiah: number, detail?: string): DemoGood => ({
  name,
  rupiah,
  ...(detail ? { detail } : {}),
})

const coffee = [
  good('Kopi susu gula aren', 22_000),
  good('Es kopi hitam', 18_000),
  good('Kopi tubruk Gayo', 20_000),
  good('Teh tarik', 16_000),
  good('Roti bakar srikaya', 19_000),
  good('Pisang goreng madu', 17_500),
]
const meals = [
  good('Nasi goreng kampung', 32_000),
  good('Ayam bakar taliwang', 46_000),
  good('Soto ayam', 27_000),
  good('Gado-gado', 25_000),
  good('Sate ayam, 10 tusuk', 35_000),
  good('Es jeruk', 9_000),
  good('Paket makan siang', 42_500),
]
const groceries = [
  good('Beras pandan wangi 5 kg', 78_500),
  good('Minyak goreng 2 L', 36_900),
  good('Telur ayam 1 kg', 29_500),
  good('Gula pasir 1 kg', 17_500),
  good('Sayur segar campur', 24_000),
  good('Buah musiman 1 kg', 38_000),
  good('Bumbu dapur lengkap', 21_000),
]
const bakery = [
  good('Roti sobek cokelat', 26_500),
  good('Roti gandum', 32_000),
  good('Bolu pandan', 48_000),
  good('Donat kentang, isi 6', 39_000),
  good('Kue tar kecil', 165_000),
]
const souvenirs = [
  good('Rendang kering 250 g', 85_000),
  good('Keripik balado', 32_500),
  good('Kopi bubuk Solok', 47_000),
  good('Sulaman taplak kecil', 120_000),
]
const household = [
  good('Sabun cuci 1,8 kg', 38_900),
  good('Tisu, 6 gulung', 27_400),
  good('Ember bertutup', 45_000),
  good('Lampu LED 9 watt, 4 buah', 69_000),
  good('Rak piring', 135_000),
  good('Payung lipat', 58_000),
]
const medicine = [
  good('Vitamin C, 30 tablet', 43_500),
  good('Masker medis, 50 lembar', 34_000),
  good('Minyak kayu putih', 26_500),
  good('Obat batuk sirup', 31_000),
  good('Termometer digital', 62_000),
  good('Plester dan kasa', 18_500),
]
const clothes = [
  good('Kaus katun polos', 79_000),
  good('Kemeja linen', 189_000),
  good('Celana chino', 215_000),
  good('Jilbab voal', 68_000),
  good('Tas selempang', 165_000),
]
const shoes = [
  good('Sepatu kulit pantofel', 385_000),
  good('Sandal kulit', 145_000),
  good('Sepatu anak', 189_000),
  good('Semir dan sikat', 42_000),
]
const beauty = [
  good('Tabir surya SPF 50', 89_000),
  good('Sabun muka', 47_500),
  good('Minyak zaitun tubuh', 54_000),
  good('Bedak tabur', 61_000),
  good('Sampo urang-aring', 38_500),
]
const gadgets = [
  good('Pengisi daya 20 watt', 149_000),
  good('Pelindung layar', 45_000),
  good('Penyuara jemala nirkabel', 359_000),
  good('Kartu memori 128 GB', 175_000),
  good('Bank daya 10.000 mAh', 229_000),
  good('Tablet gambar 10 inci', 2_890_000),
]
const furniture = [
  good('Bangku jati kecil', 385_000),
  good('Rak buku tiga susun', 640_000),
  good('Meja kerja lipat', 725_000),
  good('Lemari dua pintu', 2_450_000),
  good('Kursi makan, sepasang', 890_000),
]
const sport = [
  good('Bola futsal', 159_000),
  good('Raket bulu tangkis', 275_000),
  good('Kok, isi 12', 92_000),
  good('Matras yoga', 139_000),
  good('Botol minum 1 L', 64_500),
]
const children = [
  good('Balok kayu 50 keping', 129_000),
  good('Buku mewarnai', 24_500),
  good('Popok isi 40', 98_500),
  good('Baju bayi, 3 potong', 115_000),
  good('Sepeda roda tiga', 465_000),
]
const pets = [
  good('Makanan kucing 1,2 kg', 74_000),
  good('Pasir kucing 10 L', 59_500),
  good('Vaksin dan periksa', 225_000),
  good('Mandi dan potong kuku', 85_000),
]
const plants = [
  good('Monstera dalam pot', 125_000),
  good('Pupuk kompos 5 kg', 32_000),
  good('Pot tanah liat', 27_500),
  good('Benih cabai dan tomat', 18_000),
]
const rides = [
  good('Tiket kereta antarkota', 145_000),
  good('Tiket bus malam', 210_000),
  good('Parkir bandara, dua hari', 90_000),
]
const bicycles = [
  good('Sewa sepeda, satu jam', 20_000),
  good('Sewa sepeda, satu hari', 60_000),
  good('Tur kota tua, dua jam', 150_000),
]
const lessons = [
  good('Kursus bahasa, satu bulan', 275_000),
  good('Modul belajar', 68_000),
  good('Alat tulis lengkap', 52_500),
]

/** What the sandbox's own pages sell, so that old and new orders of these shops look alike. */
const sandboxShops: readonly DemoShop[] = [
  {
    slug: 'buku-pelangi',
    name: 'Buku Pelangi',
    city: 'Yogyakarta',
    category: 'books',
    prefix: 'BP',
    weight: 3,
    inSandbox: true,
    shippingRupiah: 12_000,
    goods: [
      good('Pasar Malam di Kota Tua', 98_000, 'Dewi Anggraini'),
      good('Rempah: Kisah dari Timur', 104_000, 'Yosef Latuheru'),
      good('Laut Banda, Tujuh Malam', 87_500, 'Ina Wattimena'),
      good('Bulan di Atas Sawah', 65_000, 'Made Suarsana'),
      good('Kebun Obat Nenek', 132_000, 'Sri Handayani'),
      good('Pagi Pertama di Merapi', 54_000, 'Bagas Wicaksono'),
    ],
  },
  {
    slug: 'surya-elektronik',
    name: 'Surya Elektronik',
    city: 'Surabaya',
    category: 'electronics',
    prefix: 'SE',
    weight: 2,
    inSandbox: true,
    shippingRupiah: 20_000,
    goods: [
      good('Kipas Angin Meja 12"', 329_000, 'Anginku'),
      good('Lampu Belajar Terang', 149_000, 'Cahaya'),
      good('Penanak Nasi 1,2 L', 389_000, 'Pulen'),
      good('Radio Saku FM', 119_000, 'Gelombang'),
    ],
  },
  {
    slug: 'batik-seruni',
    name: 'Batik Seruni',
    city: 'Pekalongan',
    category: 'fashion',
    prefix: 'BS',
    weight: 2,
    inSandbox: true,
    shippingRupiah: 18_000,
    goods: [
      good('Selendang kawung indigo', 265_000, 'Katun primisima, 200 × 55 cm'),
      good('Kemeja parang, lengan pendek', 318_000, 'Katun, ukuran M'),
      good('Syal daun jati', 420_000, 'Sutra, 180 × 50 cm'),
      good('Taplak ombak laut', 235_000, 'Katun, 150 × 100 cm'),
      good('Sapu tangan truntum', 171_000, 'Katun, isi 3'),
    ],
  },
]

function shop(
  slug: string,
  name: string,
  city: string,
  category: string,
  prefix: string,
  weight: number,
  goods: readonly DemoGood[],
): DemoShop {
  return { slug, name, city, category, prefix, weight, goods }
}

export const demoShops: readonly DemoShop[] = [
  ...sandboxShops,
  shop('kedai-kopi-lumbung', 'Kedai Kopi Lumbung', 'Jakarta', 'cafe', 'KL', 9, coffee),
  shop('kopi-tetangga', 'Kopi Tetangga', 'Bandung', 'cafe', 'KT', 7, coffee),
  shop('warung-kopi-gayo', 'Warung Kopi Gayo Indah', 'Medan', 'cafe', 'WG', 5, coffee),
  shop('teh-poci-sore', 'Teh Poci Sore', 'Tegal', 'cafe', 'TS', 3, coffee),
  shop('rm-sari-bundo', 'RM Sari Bundo Rancak', 'Padang', 'restaurant', 'SB', 6, meals),
  shop('warung-bu-tatik', 'Warung Bu Tatik', 'Semarang', 'restaurant', 'BT', 7, meals),
  shop('dapur-manado', 'Dapur Manado Tinutuan', 'Manado', 'restaurant', 'DM', 4, meals),
  shop('sate-pak-joko', 'Sate Pak Joko Lestari', 'Surakarta', 'restaurant', 'PJ', 5, meals),
  shop('bakmi-siantar', 'Bakmi Siantar Akiong', 'Jakarta', 'restaurant', 'BA', 5, meals),
  shop('nasi-jinggo-dewata', 'Nasi Jinggo Dewata', 'Denpasar', 'restaurant', 'ND', 4, meals),
  shop('pasar-segar-online', 'Pasar Segar Nusantara', 'Jakarta', 'food', 'PS', 7, groceries),
  shop('toko-rempah-ibu', 'Toko Rempah Ibu', 'Ambon', 'food', 'RI', 3, groceries),
  shop('sayur-pak-dadang', 'Sayur Pak Dadang', 'Bandung', 'food', 'SD', 5, groceries),
  shop('roti-mentari', 'Roti Mentari Pagi', 'Malang', 'food', 'RM', 4, bakery),
  shop('oleh-oleh-minang', 'Oleh-Oleh Minang Saiyo', 'Bukittinggi', 'food', 'OM', 2, souvenirs),
  shop('warung-berkah', 'Toko Berkah Sejati', 'Bogor', 'retail', 'BJ', 6, household),
  shop('swalayan-gemilang', 'Swalayan Gemilang', 'Makassar', 'retail', 'SG', 5, household),
  shop('toko-serba-ada-jaya', 'Serba Ada Jaya', 'Palembang', 'retail', 'AJ', 4, household),
  shop('apotek-sehat-sentosa', 'Apotek Sehat Sentosa', 'Jakarta', 'pharmacy', 'AS', 5, medicine),
  shop('apotek-melur', 'Apotek Melur', 'Pekanbaru', 'pharmacy', 'AM', 3, medicine),
  shop('butik-kenanga', 'Butik Kenanga', 'Bandung', 'fashion', 'BK', 3, clothes),
  shop('sandang-rakyat', 'Sandang Rakyat', 'Surakarta', 'fashion', 'SR', 3, clothes),
  shop('sepatu-cibaduyut', 'Sepatu Cibaduyut Asli', 'Bandung', 'fashion', 'SC', 2, shoes),
  shop('ayu-kosmetika', 'Ayu Kosmetika', 'Surabaya', 'shopping', 'AK', 3, beauty),
  shop('rumah-jamu-ratih', 'Rumah Jamu Ratih', 'Yogyakarta', 'shopping', 'RJ', 2, beauty),
  shop('gawai-nusantara', 'Gawai Nusantara', 'Jakarta', 'electronics', 'GN', 3, gadgets),
  shop('servis-ponsel-kilat', 'Servis Ponsel Kilat', 'Tangerang', 'electronics', 'SK', 2, gadgets),
  {
    ...shop('mebel-jati-mulya', 'Mebel Jati Mulya', 'Jepara', 'home', 'MJ', 1, furniture),
    unreachable: true,
  },
  shop('rotan-cirebon', 'Rotan Cirebon Permai', 'Cirebon', 'home', 'RC', 1, furniture),
  shop('raga-sehat-olahraga', 'Raga Sehat Olahraga', 'Surabaya', 'sports', 'RS', 2, sport),
  shop('toko-anak-ceria', 'Toko Anak Ceria', 'Bekasi', 'children', 'AC', 3, children),
  shop('sahabat-satwa', 'Sahabat Satwa', 'Depok', 'pets', 'SS', 2, pets),
  shop('kebun-hijau-lembang', 'Kebun Hijau Lembang', 'Lembang', 'garden', 'KH', 2, plants),
  shop('tiket-kelana', 'Tiket Kelana', 'Jakarta', 'travel', 'TK', 3, rides),
  shop('sepeda-kota-tua', 'Sepeda Kota Tua', 'Jakarta', 'travel', 'ST', 1, bicycles),
  { ...shop('apotek-cendana', 'Apotek Cendana', 'Kupang', 'pharmacy', 'CD', 1, medicine), unreachable: true },
  shop('bimbel-cakrawala', 'Bimbel Cakrawala', 'Denpasar', 'education', 'BC', 1, lessons),
]

export const shopsBySlug: ReadonlyMap<string, DemoShop> = new Map(demoShops.map((each) => [each.slug, each]))

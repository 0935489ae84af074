// The invented people of the demo: three customers and seven people of the service with a name and a story, and some hundred besides.
// Their passwords and PIN are the same for all and printed at the start: this is play money on one's own machine.
import type { Locale } from '#contract/schema.ts'
import type { Random } from './random.ts'

export const customerPassword = 'mangga-manis-42'
export const customerPin = '271828'
export const agentPassword = 'ruang-loket-42'

export interface DemoCustomer {
  id: string
  displayName: string
  /** E.164 */
  phone: string
  email: string | undefined
  locale: Locale
  verified: boolean
  createdAt: Date
  /** Payments a day, on average. */
  perDay: number
}

export type CastName = 'ratna' | 'meiling' | 'andi'

interface CastMember {
  displayName: string
  phone: string
  email?: string
  /** How it is shown to the person who starts Tuntas. */
  contact: string
  locale: Locale
  joined: string
}

export const cast: Readonly<Record<CastName, CastMember>> = {
  ratna: {
    displayName: 'Ratna Kusumawati',
    phone: '+6281234564417',
    contact: '+62 812 3456 4417',
    locale: 'id-ID',
    joined: '2024-02-11T03:12:00Z',
  },
  meiling: {
    displayName: 'Meiling Lin',
    phone: '+6281355202290',
    email: 'meiling.lin@surat.example',
    contact: '+62 813 5520 2290',
    locale: 'zh-CN',
    joined: '2023-05-08T08:40:00Z',
  },
  andi: {
    displayName: 'Andi Saputra',
    phone: '+6285711229034',
    email: 'andi.saputra@surat.example',
    contact: '+62 857 1122 9034',
    locale: 'en',
    joined: '2025-01-19T10:05:00Z',
  },
}

export const demoAgents = [
  { name: 'Bagus Pratama', email: 'bagus@tuntas.example', role: 'agent', available: true },
  { name: 'Sari Wulandari', email: 'sari@tuntas.example', role: 'agent', available: true },
  { name: 'Dewi Lestari', email: 'dewi@tuntas.example', role: 'lead', available: true },
  { name: 'Nadia Permana', email: 'nadia@tuntas.example', role: 'auditor', available: false },
  // Off duty now: they take no new cases until they say that they are there.
  { name: 'Intan Permatasari', email: 'intan@tuntas.example', role: 'agent', available: false },
  { name: 'Zhou Yating', email: 'yating@tuntas.example', role: 'agent', available: false },
  { name: 'Yusuf Ramadhan', email: 'yusuf@tuntas.example', role: 'lead', available: false },
] as const

/** Lists read better as text than as one name a line. */
const listed = (text: string) => text.split(',').map((name) => name.trim())

const firstNames = listed(`
  Adi, Agus, Ahmad, Aisyah, Anisa, Arif, Ayu, Bambang, Bayu, Bunga, Cahya, Citra, Dedi, Desi,
  Dian, Dimas, Eka, Elok, Fajar, Farah, Fitri, Galih, Gita, Hana, Hendra, Hesti, Ika, Ilham,
  Indah, Intan, Irfan, Joko, Kartika, Komang, Laila, Lestari, Lukman, Made, Maya, Mega, Melati,
  Nanda, Ngurah, Nur, Putri, Putu, Rahmat, Rani, Reza, Rini, Rizky, Samuel, Sekar, Siti, Surya,
  Tari, Teguh, Tri, Umar, Vina, Wahyu, Wayan, Wulan, Yani, Yohanes, Yusuf, Zahra, Maria, Daniel,
  Ester, Togar, Uli`)
const lastNames = listed(`
  Anggraini, Ardiansyah, Aritonang, Astuti, Cahyadi, Darmawan, Fauzi, Gunawan, Halim, Handayani,
  Hasibuan, Hidayat, Irawan, Kurniawan, Lubis, Maharani, Manurung, Maulana, Mulyani, Nasution,
  Nugroho, Nurhayati, Pangestu, Permatasari, Prasetyo, Purnama, Rahmawati, Ramadhan, Salim,
  Santoso, Setiawan, Sihombing, Simanjuntak, Siregar, Suarsana, Sudarsono, Suharto, Sukmawati,
  Susanti, Sutrisno, Syahputra, Tampubolon, Utami, Wibowo, Wijaya, Yulianti`)
const chineseSurnames = listed('陈, 林, 黄, 李, 王, 张, 吴, 刘, 郑, 许, 蔡, 叶')
const chineseGivenNames = listed('伟, 静, 晓燕, 志强, 海涛, 雅文, 俊杰, 丽华, 文杰, 佳慧, 明, 芳')
const travellerNames = listed(`
  Emma Clarke, Oliver Bennett, Priya Nair, James Tan, Sophie Laurent, Daniel Okafor, Nurul Hassan,
  Grace Lim, Thomas Becker, Aiko Mori, Ravi Kumar, Hannah Schmidt, Lucas Ferreira, Mei Ong,
  Chloe Martin, Kenji Sato, Farid Rahman, Elena Rossi, Noah Williams, Siti Aminah, Peter Novak`)
const networks = ['811', '812', '813', '821', '822', '852', '853', '857', '858', '877', '878', '895', '896']

const day = 86_400_000

/** The cast first, in the order of `cast`, then people of chance until there are `count`. */
export function inventCustomers(random: Random, now: Date, count: number): DemoCustomer[] {
  const phones = new Set<string>()
  const customers: DemoCustomer[] = Object.values(cast).map((member) => {
    phones.add(member.phone)
    const createdAt = new Date(member.joined)
    const { displayName, phone, email, locale } = member
    return {
      id: random.uuid(createdAt),
      displayName,
      phone,
      email,
      locale,
      verified: true,
      createdAt,
      perDay: 0,
    }
  })
  while (customers.length < count) {
    const locale = random.weighted([
      { value: 'id-ID', weight: 78 },
      { value: 'en', weight: 12 },
      { value: 'zh-CN', weight: 10 },
    ] as const).value
    const phone = inventPhone(random, phones)
    const createdAt = new Date(now.getTime() - random.whole(6 * day, 900 * day))
    customers.push({
      id: random.uuid(createdAt),
      displayName: inventName(random, locale),
      phone,
      email: random.chance(0.4) ? `nasabah.${phone.slice(-8)}@surat.example` : undefined,
      locale,
      verified: random.chance(0.45),
      createdAt,
      // Most pay now and then, a few every day.
      perDay: random.weighted([
        { value: 0.04, weight: 30 },
        { value: 0.09, weight: 40 },
        { value: 0.2, weight: 22 },
        { value: 0.48, weight: 8 },
      ]).value,
    })
  }
  return customers
}

function inventName(random: Random, locale: Locale): string {
  if (locale === 'zh-CN') return random.pick(chineseSurnames) + random.pick(chineseGivenNames)
  if (locale === 'en' && random.chance(0.6)) return random.pick(travellerNames)
  return `${random.pick(firstNames)} ${random.pick(lastNames)}`
}

function inventPhone(random: Random, taken: Set<string>): string {
  for (;;) {
    const phone = `+62${random.pick(networks)}${random.whole(10_000_000, 99_999_999)}`
    if (taken.has(phone)) continue
    taken.add(phone)
    return phone
  }
}

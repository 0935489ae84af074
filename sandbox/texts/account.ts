// The words of the shopkeeper's page of its bank account and pay-outs, in three languages.
import type { Settlement } from '../../contract/merchant.ts'
import type { Locale } from '../../contract/schema.ts'

interface AccountTexts {
  nav: string
  title: string
  keeper: string
  noAnswer: string
  current: string
  owed: string
  nextPayOut: string
  stopped: string
  given: string
  givenMore: string
  refused: string
  refusedMore: string
  change: string
  replace: string
  changeMore: string
  bank: string
  number: string
  numberHint: string
  name: string
  nameHint: string
  send: string
  payOuts: string
  none: string
  bankSaid: string
  problem: Record<'number' | 'name' | 'bank' | 'refused' | 'no_answer', string>
  state: Record<Settlement['state'], string>
}

const id: AccountTexts = {
  nav: 'Rekening',
  title: 'Rekening bank toko',
  keeper: 'Untuk pemilik toko: ke sini Tuntas mengirim uang penjualan pada hari kerja.',
  noAnswer: 'Tuntas tidak menjawab. Coba muat ulang halaman ini.',
  current: 'Rekening sekarang',
  owed: 'Uang penjualan yang belum dikirim',
  nextPayOut: 'Pengiriman berikutnya',
  stopped: 'Pengiriman dihentikan oleh Tuntas sampai ada keputusan.',
  given: 'Rekening baru sedang diperiksa',
  givenMore:
    'Dua orang di Tuntas harus menyetujuinya dulu. Sampai saat itu uang tetap dikirim ke rekening sekarang, atau disimpan.',
  refused: 'Bank menolak pengiriman terakhir',
  refusedMore:
    'Uangnya aman dan tetap milik toko. Periksa rekeningnya, atau beri rekening lain di bawah ini.',
  change: 'Beri rekening lain',
  replace: 'Beri rekening lain lagi',
  changeMore:
    'Yang baru berlaku setelah disetujui. Tuntas tidak pernah menggantinya lewat telepon atau surat.',
  bank: 'Bank',
  number: 'Nomor rekening',
  numberHint: 'Angka saja, 5 sampai 34 angka',
  name: 'Nama pemilik rekening',
  nameHint: 'Seperti tertulis di buku tabungan',
  send: 'Kirim ke Tuntas',
  payOuts: 'Pengiriman terakhir',
  none: 'Belum ada pengiriman.',
  bankSaid: 'Kata bank',
  problem: {
    number: 'Nomor rekening hanya berisi angka, 5 sampai 34 angka.',
    name: 'Tulis nama pemilik rekening.',
    bank: 'Pilih banknya.',
    refused: 'Tuntas tidak menerimanya',
    no_answer: 'Tuntas tidak menjawab. Belum ada yang berubah; kirim lagi.',
  },
  state: { paying: 'Dikirim, bank belum menjawab', paid: 'Sudah masuk', refused: 'Ditolak bank' },
}

const en: AccountTexts = {
  nav: 'Bank account',
  title: 'The shop’s bank account',
  keeper: 'For the shopkeeper: this is where Tuntas sends what was sold, on working days.',
  noAnswer: 'Tuntas does not answer. Try to load this page again.',
  current: 'Account now',
  owed: 'Sold and not sent yet',
  nextPayOut: 'Sent next',
  stopped: 'Tuntas has stopped the pay-outs until somebody decides.',
  given: 'The new account is being checked',
  givenMore:
    'Two people at Tuntas must approve it first. Until then the money still goes to the account of now, or is kept.',
  refused: 'The bank refused the last pay-out',
  refusedMore: 'The money is safe and still the shop’s. Check the account, or give another one below.',
  change: 'Give another account',
  replace: 'Give yet another account',
  changeMore: 'The new one counts once it is approved. Tuntas never changes it by a call or a letter.',
  bank: 'Bank',
  number: 'Account number',
  numberHint: 'Digits only, 5 to 34 of them',
  name: 'Name of the account’s owner',
  nameHint: 'As it stands in the bank’s papers',
  send: 'Send to Tuntas',
  payOuts: 'Latest pay-outs',
  none: 'No pay-outs yet.',
  bankSaid: 'The bank said',
  problem: {
    number: 'An account number has digits only, 5 to 34 of them.',
    name: 'Write the name of the account’s owner.',
    bank: 'Choose the bank.',
    refused: 'Tuntas did not take it',
    no_answer: 'Tuntas does not answer. Nothing has changed; send it again.',
  },
  state: { paying: 'Sent, no answer of the bank yet', paid: 'Arrived', refused: 'Refused by the bank' },
}

const zh: AccountTexts = {
  nav: '银行账户',
  title: '本店银行账户',
  keeper: '店家专用：Tuntas 在工作日把货款汇到这里。',
  noAnswer: 'Tuntas 没有回应，请重新打开本页。',
  current: '目前账户',
  owed: '尚未汇出的货款',
  nextPayOut: '下次汇出',
  stopped: 'Tuntas 已暂停汇款，等待处理。',
  given: '新账户正在核对',
  givenMore: '须由 Tuntas 两人批准。在此之前，款项仍汇往目前账户，或暂时保管。',
  refused: '银行拒收了上一笔汇款',
  refusedMore: '款项安全，仍属于本店。请核对账户，或在下面提供另一个账户。',
  change: '提供另一个账户',
  replace: '再换一个账户',
  changeMore: '新账户经批准后才生效。Tuntas 绝不会凭电话或信件更改。',
  bank: '银行',
  number: '账号',
  numberHint: '只填数字，5 至 34 位',
  name: '账户户名',
  nameHint: '与银行登记一致',
  send: '提交给 Tuntas',
  payOuts: '最近汇款',
  none: '还没有汇款。',
  bankSaid: '银行回复',
  problem: {
    number: '账号只能是数字，5 至 34 位。',
    name: '请填写户名。',
    bank: '请选择银行。',
    refused: 'Tuntas 未接受',
    no_answer: 'Tuntas 没有回应，没有任何更改；请再次提交。',
  },
  state: { paying: '已汇出，银行尚未回应', paid: '已到账', refused: '银行拒收' },
}

export const accountTexts: Record<Locale, AccountTexts> = { 'id-ID': id, en, 'zh-CN': zh }

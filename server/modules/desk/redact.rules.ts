// Takes out of a message what nobody may keep, before it is stored: card numbers, codes, passwords, PINs, identity numbers (N10).
// Pure, and linear in the length of the text: words are found by plain alternatives, numbers once, and what belongs
// together is looked for in a short window only (C6). It must never let a whole card number through; amounts,
// references, orders, dates, times and telephone numbers stay, because a case cannot be worked without them.
import { findIdentityNumbers, findNumbers, findCards, type FoundNumber } from './redact-numbers.rules.ts'
import { findSplit, tailOf } from './redact-split.rules.ts'

export type RedactionKind = 'card_number' | 'code' | 'id_number' | 'password' | 'pin'

export interface Redacted {
  text: string
  /** Each kind once, in order of the alphabet. */
  redactions: RedactionKind[]
  /** The message speaks of a code without giving all of it: the next one may be the code alone (C12). */
  expectsCode: boolean
  /** The digits that it ends with: the next message may complete a number that began here (C12). */
  tail: string
}

interface Span {
  from: number
  to: number
  kind: RedactionKind
}

interface Word {
  kind: 'code' | 'password' | 'pin'
  from: number
  to: number
  /** `Verification` has a code, but who speaks of it does not announce one. */
  isAct: boolean
  isCardCode: boolean
}

export const redactionMark = '▮▮▮▮'
/** How far from its word a number is still taken for the code that the word speaks of. */
const reach = 48
/** A message that is little more than the code alone. */
const aloneLength = 40

const words =
  /验证码|校验码|动态码|动态密码|激活码|安全码|支付密码|密码|口令|one[- ]time (?:password|code|pin)|sandi sekali pakai|kata sandi|kata kunci|verification|verifikasi|passwords?|passcode|passwd|pwd|sandi|codes?|kode|otp|cvv2?|cvc2?|pin/g

function kindOfWord(word: string): Word['kind'] {
  if (/^(?:pin|支付密码)$/.test(word)) return 'pin'
  return /^(?:密码|口令|kata sandi|kata kunci|passwords?|passwd|pwd|sandi)$/.test(word) ? 'password' : 'code'
}

/** Codes that are no secret: `promo code`, `kode pos`; and words that belonged to what was cleaned before. */
const publicBefore =
  /(?:error|promo|voucher|coupon|discount|referral|country|area|postal|post|zip|qr|bar|swift|source|product|booking|order|transaction|reference|bank|▮)[- ]?$/
const publicAfter =
  /^[- ]?(?:error|pos|promo|voucher|kupon|diskon|referral|referensi|negara|area|qr|batang|swift|bank|produk|pesanan|transaksi|pembayaran|booking|of conduct)\b/

/** What may stand between a word and its value: `adalah`, `: `, ` saya is still `. */
const connector =
  /^(?:[\s:=#"'“”‘’「」()*>,-]|(?:is|was|are|it|its|adalah|ialah|yaitu|my|your|the|this|saya|aku|anda|kamu|ini|itu|baru|lama|number|nomor|code|kode|otp|pin|us|me|still|now|just|masih|sekarang)(?![a-z0-9])|了|是|为|码|我的|您的|你的|这个)*/
const saysValue = /[:=是为]|\b(?:is|was|adalah|ialah|yaitu)\b/
/** What follows `my password is` when no password follows. */
const noPassword =
  /^(?:not|wrong|incorrect|invalid|expired|blocked|locked|correct|right|being|always|never|no|too|working|required|needed|secret|safe|same|different|forgotten|lost|reset|changed|weak|strong|good|bad|gone|accepted|rejected|refused|unknown|again|asked|ok|okay|fine|so|also|and|or|but|for|to|on|in|at|with|what|why|how|hacked|stolen|leaked|salah|benar|tidak|tak|gak|ga|nggak|bukan|belum|sudah|lupa|terkunci|diblokir|ditolak|kedaluwarsa|kadaluarsa|rahasia|aman|lemah|kuat|apa|yang|untuk|di|ke|dan|atau|tapi|sama|hilang|kenapa|bagaimana)(?=[\s.,;!?)]|$)/

const amountBefore =
  /(?:rp\.?|idr|usd|cny|rmb|sgd|[¥￥$€£]|paid|pay|paying|amount|balance|total|refund|transfer(?:red)?|top[- ]?up|bayar|membayar|dibayar|sebesar|senilai|saldo|jumlah|nominal|harga|付了?|支付了?|金额|余额|转账?了?|充值了?)\s?[:=]?\s?$/
const amountAfter =
  /^\s?(?:rupiah|idr|rp\b|usd|cny|rmb|ribu|rb\b|k\b|juta|jt\b|yuan|元|块|万|%|percent|persen)/
const orderBefore =
  /(?:order|pesanan|invoice|receipt|case|ticket|kasus|tiket|struk|订单号?|单号|编号|工单)\s?(?:number|nomor|no\.?|id|#)?\s?[:#]?\s?$/
const timeAfter =
  /^\s?(?:am\b|pm\b|wib\b|wita\b|wit\b|hours?\b|minutes?\b|mins?\b|seconds?\b|days?\b|times?\b|jam\b|menit\b|detik\b|hari\b|kali\b|点|分|秒|天|次|年|月|日|小时|[ -](?:19|20)\d\d\b)/

/** `previous` is what came of the message before, of the same sender in the same conversation. Never throws. */
export function redact(text: string, previous?: { expectsCode: boolean; tail?: string }): Redacted {
  const plain = plainOf(text)
  const numbers = findNumbers(plain)
  const cards = findCards(plain)
  const spans: Span[] = [
    ...cards.map((found) => ({ ...found, kind: 'card_number' as const })),
    // A card whose digits could also be a birthday is a card.
    ...findIdentityNumbers(plain, cards).map((found) => ({ ...found, kind: 'id_number' as const })),
    ...findSplit(plain, previous?.tail ?? ''),
  ]
  const secrets = findWords(plain)
  const near = nearby(numbers)
  let speaksOfCode = false
  let gaveCode = false
  for (const word of secrets) {
    const found = valuesOf(plain, word, near(word))
    for (const { from, to } of found) spans.push({ from, to, kind: word.kind })
    if (word.kind !== 'password' && !word.isAct) speaksOfCode = true
    if (found.some((value) => value.whole)) gaveCode = true
  }
  let expectsCode = speaksOfCode && !gaveCode
  if (previous?.expectsCode && secrets.length === 0) {
    const alone = findAlone(plain, numbers)
    if (alone) spans.push({ from: alone.from, to: alone.to, kind: 'code' })
    // Half a code: its other half is still to come.
    if (alone && !alone.whole) expectsCode = true
  }
  const cleaned = replaceSpans(text, spans)
  return { ...cleaned, expectsCode, tail: tailOf(plainOf(cleaned.text), previous?.tail ?? '') }
}

/** The same length as the text, so that places in one are places in the other: half-width and in small letters. */
function plainOf(text: string): string {
  return text
    .replace(/[\uFF01-\uFF5E]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) - 0xfee0))
    .replace(/[\u3000\u00A0\u202F]/g, ' ')
    .replace(/[A-Z]/g, (letter) => letter.toLowerCase())
}

const isLetter = (letter: string | undefined) => letter !== undefined && /[a-z]/.test(letter)

function findWords(plain: string): Word[] {
  const found: Word[] = []
  for (const match of plain.matchAll(words)) {
    const from = match.index
    let to = from + match[0].length
    const kind = kindOfWord(match[0])
    if (isLetter(match[0][0])) {
      if (isLetter(plain[from - 1])) continue
      // Indonesian hangs `-nya`, `-ku`, `-mu` on its nouns.
      const ending = /^-?(?:nya|ku|mu)(?![a-z])/.exec(plain.slice(to, to + 5))
      if (ending) to += ending[0].length
      if (isLetter(plain[to])) continue
    }
    if (kind === 'code' && isPublic(plain, from, to)) continue
    found.push({
      kind,
      from,
      to,
      isAct: match[0].startsWith('verif'),
      isCardCode: match[0].startsWith('cv'),
    })
  }
  return found
}

function isPublic(plain: string, from: number, to: number): boolean {
  return (
    publicBefore.test(plain.slice(Math.max(0, from - 14), from)) || publicAfter.test(plain.slice(to, to + 14))
  )
}

interface Value {
  from: number
  to: number
  /** False for the first piece of something longer. */
  whole: boolean
}

/** The numbers within reach of a word, for words that are asked for in order. */
function nearby(numbers: readonly FoundNumber[]): (word: Word) => FoundNumber[] {
  let first = 0
  return (word) => {
    while (first < numbers.length && numbers[first]!.to < word.from - reach) first++
    const near: FoundNumber[] = []
    for (let at = first; at < numbers.length && numbers[at]!.from <= word.to + reach; at++)
      near.push(numbers[at]!)
    return near
  }
}

/** What a word gives away: the number beside it, or for a password the text that follows it. */
function valuesOf(plain: string, word: Word, near: readonly FoundNumber[]): Value[] {
  const between = connector.exec(plain.slice(word.to, word.to + reach))![0]
  const start = word.to + between.length
  // Cleaned before: what was beside the word is gone, and nothing else was meant.
  if (plain[start] === '▮') return []
  if (word.kind === 'password') return passwordAt(plain, start, between)
  const beside = near.find((number) => number.from === start)
  if (beside && isBesideCode(plain, word, beside)) {
    return [{ from: beside.from, to: beside.to, whole: word.isCardCode || beside.digits >= 4 }]
  }
  const mixed = mixedAt(plain, start)
  if (mixed) return [mixed]
  return near
    .filter((number) => isFarCode(plain, number) && !hasMarkBetween(plain, word, number))
    .map((number) => ({ from: number.from, to: number.to, whole: true }))
}

function isBesideCode(plain: string, word: Word, number: FoundNumber): boolean {
  if (isBusiness(plain, number, word)) return false
  if (number.digits >= 4 && number.digits <= 8) return true
  if (number.digits !== 2 && number.digits !== 3) return false
  // Three digits are all of a card's code; of another code they are the first part when the message ends with them.
  return word.isCardCode || plain.slice(number.to, number.to + 4).trim() === ''
}

function isFarCode(plain: string, number: FoundNumber): boolean {
  if (number.digits < 4 || number.digits > 8 || isBusiness(plain, number)) return false
  if (orderBefore.test(plain.slice(Math.max(0, number.from - 24), number.from))) return false
  const digits = plain.slice(number.from, number.to)
  // A year, a round sum, the beginning of a telephone number.
  return !/^(?:(?:19|20)\d\d|\d{1,5}[ -]?000|08\d+)$/.test(digits)
}

function hasMarkBetween(plain: string, word: Word, number: FoundNumber): boolean {
  const [from, to] = number.from >= word.to ? [word.to, number.from] : [number.to, word.from]
  return plain.slice(from, Math.min(to, from + 2 * reach)).includes('▮')
}

/** Amounts, dates, times, orders, references and telephone numbers: what a case is worked with. */
function isBusiness(plain: string, number: FoundNumber, word?: Word): boolean {
  const before = plain.slice(Math.max(0, number.from - 24), number.from)
  const after = plain.slice(number.to, number.to + 12)
  if (!number.even) return true
  // Part of something longer: 1.250.000, 12:30, 20/11, a telephone number, or what was cleaned before.
  if (/(?:[\d▮][.,:/-]|[+/@▮]|▮[\s.,:/-]{1,3}|(?:19|20)\d\d[ -])$/.test(before)) return true
  if (/^(?:[.,:/-]\d|[\s.,:/-]{0,3}▮)/.test(after)) return true
  if (amountBefore.test(before) || amountAfter.test(after) || timeAfter.test(after)) return true
  // SE-20817 and TN-7Q2M-9381 are names of things; `G-482913` is how some write their codes.
  const left = /[a-z0-9▮-]*$/.exec(before)![0]
  const right = /^[a-z0-9▮-]*/.exec(after)![0]
  const isGlued = word?.to === number.from
  return !isGlued && ((/[a-z▮]/.test(left) && !/^[a-z]-?$/.test(left)) || /[a-z▮]/.test(right))
}

/** A code of letters and digits directly after its word: `OTP A7K9Q2`. References and orders are none. */
function mixedAt(plain: string, start: number): Value | undefined {
  const token = tokenAt(plain, start)
  if (token.length < 5 || token.length > 10 || !/^[a-z0-9]+$/.test(token)) return undefined
  if ((token.match(/\d/g)?.length ?? 0) < 2 || !/[a-z]/.test(token)) return undefined
  return { from: start, to: start + token.length, whole: true }
}

/** The word that begins here, at most 64 characters, without the sign that ends its sentence. */
function tokenAt(plain: string, start: number): string {
  const token = /^[!-~]{0,64}/.exec(plain.slice(start, start + 64))![0]
  // What is left of something that was cleaned before says nothing of its own.
  if (plain[start + token.length] === '▮') return ''
  return token.replace(/[.,;"')]{1,3}$/, '')
}

const isReference = (token: string) => /^(?:[a-z]{2}-[a-z0-9]{4}-[a-z0-9]{4}|[a-z]{2,6}-\d+)$/.test(token)

function passwordAt(plain: string, start: number, between: string): Value[] {
  const token = tokenAt(plain, start)
  if (token === '' || noPassword.test(token) || isReference(token)) return []
  const value = { from: start, to: start + token.length, whole: true }
  if (saysValue.test(between)) return [value]
  // Without `is` or a colon only what looks like a password: letters with digits, or as many digits as a code has.
  if (/^\d{4,8}$/.test(token))
    return isFarCode(plain, { ...value, digits: token.length, even: true }) ? [value] : []
  return token.length >= 6 && /\d/.test(token) && /[a-z]/.test(token) && !between.includes(',') ? [value] : []
}

/** In a message that follows talk of a code: the one number in it, or the one piece of letters and digits. */
function findAlone(plain: string, numbers: readonly FoundNumber[]): Value | undefined {
  const trimmed = plain.trim()
  if (trimmed.length > aloneLength || trimmed.includes('▮')) return undefined
  const start = plain.length - plain.trimStart().length
  const [only, ...others] = numbers
  if (only && others.length === 0 && only.digits <= 8) {
    const isAll = only.from === start && only.to - only.from >= trimmed.replace(/[.!?]{1,3}$/, '').length
    if (isAll && only.even && !/[.,]/.test(plain.slice(only.from, only.to)))
      return { from: only.from, to: only.to, whole: only.digits >= 4 }
    if (isFarCode(plain, only)) return { from: only.from, to: only.to, whole: true }
  }
  const mixed = mixedAt(plain, start)
  return mixed && mixed.to - start === trimmed.length ? mixed : undefined
}

function replaceSpans(text: string, spans: Span[]): Pick<Redacted, 'text' | 'redactions'> {
  const redactions = [...new Set(spans.map((span) => span.kind))].sort()
  let result = ''
  let at = 0
  for (const { from, to } of spans.sort((one, other) => one.from - other.from || other.to - one.to)) {
    if (from > at || at === 0) result += text.slice(at, from) + redactionMark
    at = Math.max(at, to)
  }
  return { text: result + text.slice(at), redactions }
}

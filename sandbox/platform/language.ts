// Which language a page of the sandbox speaks: asked by ?lang=, kept in a cookie, else the browser's, else Indonesian.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Locale } from '../../contract/schema.ts'

export const languages: readonly { locale: Locale; name: string }[] = [
  { locale: 'id-ID', name: 'Bahasa Indonesia' },
  { locale: 'en', name: 'English' },
  { locale: 'zh-CN', name: '简体中文' },
]

function toLocale(text: string | undefined): Locale | undefined {
  const primary = text?.trim().toLowerCase().slice(0, 2)
  return languages.find(({ locale }) => locale.slice(0, 2) === primary)?.locale
}

/** The reader's language; a valid ?lang= is remembered. */
export function readLanguage(request: FastifyRequest, reply: FastifyReply): Locale {
  const asked = toLocale((request.query as { lang?: string }).lang)
  if (asked) reply.setCookie('sandbox_language', asked, { path: '/', sameSite: 'lax', maxAge: 31_536_000 })
  const accepted = (request.headers['accept-language'] ?? '')
    .split(',')
    .map((entry) => toLocale(entry.split(';')[0]))
    .find(Boolean)
  return asked ?? toLocale(request.cookies['sandbox_language']) ?? accepted ?? 'id-ID'
}

/** Rupiah the Indonesian way in every language, whole rupiah. */
export function rupiah(amountMinor: bigint): string {
  return `Rp\u00a0${(amountMinor / 100n).toString().replace(/\B(?=(\d{3})+$)/g, '.')}`
}

export function timeOfDay(time: Date, locale: Locale): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: 'Asia/Jakarta',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(time)
}

// The frame of the sandbox's own pages (home, phone) and the mark that every page carries: no real money here.
import type { FastifyReply } from 'fastify'
import type { Locale } from '../../contract/schema.ts'
import { frameTexts } from '../texts/frame.ts'
import { html, type Html } from './html.ts'
import { languages } from './language.ts'

export interface PageOptions {
  title: string
  /** Style sheets of /assets besides the common one. */
  styles?: readonly string[]
  locale: Locale
  bodyClass?: string
  body: Html
}

/** The line on top of every page; it leads back to the sandbox's home. */
function sandboxMark(locale: Locale): Html {
  const texts = frameTexts[locale]
  return html`<aside class="sandbox-mark" aria-label="${texts.sandbox}"><a href="/">${texts.mark}</a></aside>`
}

/** The switch of languages; `path` is the page itself, with what it was asked for besides the language. */
export function languageLinks(locale: Locale, path: string): Html {
  const separator = path.includes('?') ? '&' : '?'
  return html`<nav class="languages" aria-label="${frameTexts[locale].language}">
    ${languages.map(
      (language) =>
        html`<a
          href="${path}${separator}lang=${language.locale}"
          lang="${language.locale}"
          ${language.locale === locale ? html`aria-current="true"` : ''}
          >${language.name}</a
        >`,
    )}
  </nav>`
}

export function page(options: PageOptions): Html {
  const { locale } = options
  return html`<!doctype html>
    <html lang="${locale}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${options.title}</title>
        <link rel="icon" href="/assets/icon.svg" type="image/svg+xml" />
        <link rel="stylesheet" href="/assets/tokens.css" />
        <link rel="stylesheet" href="/assets/sandbox.css" />
        ${(options.styles ?? []).map((name) => html`<link rel="stylesheet" href="/assets/${name}.css" />`)}
        <script src="/assets/live.js" defer></script>
      </head>
      <body class="${options.bodyClass ?? ''}">
        ${sandboxMark(locale)} ${options.body}
      </body>
    </html>`
}

/** The header and menu of the pages that are the sandbox itself. `path` as for `languageLinks`. */
export function sandboxPage(options: {
  locale: Locale
  title: string
  current: 'home' | 'phone'
  path: string
  body: Html
}): Html {
  const { locale, title, current, path, body } = options
  const texts = frameTexts[locale]
  const links = [
    { href: '/', key: 'home' },
    { href: '/phone', key: 'phone' },
    { href: '/shop', key: 'shop' },
    { href: '/bank', key: 'bank' },
  ] as const
  return page({
    title: `${title} · ${texts.sandbox}`,
    locale,
    body: html`<header class="bar">
        <a class="name" href="/">${texts.sandbox}</a>
        <nav aria-label="${texts.sandbox}">
          ${links.map(
            ({ href, key }) =>
              html`<a href="${href}" ${key === current ? html`aria-current="page"` : ''}>${texts[key]}</a>`,
          )}
        </nav>
        ${languageLinks(locale, path)}
      </header>
      <main>${body}</main>`,
  })
}

export function sendPage(reply: FastifyReply, content: Html, status = 200): FastifyReply {
  return reply
    .code(status)
    .type('text/html; charset=utf-8')
    .header('cache-control', 'no-store')
    .send(content.text)
}

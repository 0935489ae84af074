// The frame of the sandbox's own pages (home, phone) and the mark that every page carries: no real money here.
import type { FastifyReply } from 'fastify'
import type { Locale } from '../../contract/schema.ts'
import { html, type Html } from './html.ts'

export interface PageOptions {
  title: string
  /** Style sheets of /assets besides the common one. */
  styles?: readonly string[]
  locale?: Locale
  bodyClass?: string
  body: Html
}

const marks: Record<Locale, string> = {
  en: 'Sandbox: no real money',
  'id-ID': 'Sandbox: bukan uang sungguhan',
  'zh-CN': '沙盒环境：不是真钱',
}

/** The line on top of every page; it leads back to the sandbox's home. */
export function sandboxMark(locale: Locale = 'en'): Html {
  return html`<aside class="sandbox-mark" aria-label="Sandbox"><a href="/">${marks[locale]}</a></aside>`
}

export function page(options: PageOptions): Html {
  const locale = options.locale ?? 'en'
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

/** The header and menu of the pages that are the sandbox itself. */
export function sandboxPage(title: string, current: 'home' | 'phone', body: Html): Html {
  const links = [
    { href: '/', key: 'home', name: 'Switches' },
    { href: '/phone', key: 'phone', name: 'Phone' },
    { href: '/shop', key: 'shop', name: 'Shop' },
    { href: '/bank', key: 'bank', name: 'Bank' },
  ]
  return page({
    title: `${title} · Tuntas sandbox`,
    body: html`<header class="bar">
        <a class="name" href="/">Tuntas sandbox</a>
        <nav aria-label="Sandbox">
          ${links.map(
            ({ href, key, name }) =>
              html`<a href="${href}" ${key === current ? html`aria-current="page"` : ''}>${name}</a>`,
          )}
        </nav>
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

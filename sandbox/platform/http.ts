// The sandbox's web server: forms and JSON in, pages out, a strict content policy, and own files as assets.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import cookie from '@fastify/cookie'
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import fastify from 'fastify'
import helmet from 'helmet'

/** Bodies as they came, for checking signatures over them. */
export const rawBodies = new WeakMap<object, Buffer>()

export type App = ReturnType<typeof createApp>

export function createApp(options: { formTargets: readonly string[] }) {
  const app = fastify({
    bodyLimit: 256 * 1024,
    forceCloseConnections: true,
    ajv: { customOptions: { removeAdditional: false, coerceTypes: 'array', useDefaults: true } },
  }).withTypeProvider<TypeBoxTypeProvider>()

  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, Object.fromEntries(new URLSearchParams(body as string)))
    },
  )
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    rawBodies.set(request, body as Buffer)
    try {
      done(null, body.length === 0 ? undefined : JSON.parse(body.toString()))
    } catch {
      done(Object.assign(new Error('not JSON'), { statusCode: 400 }))
    }
  })
  app.register(cookie)
  const secure = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'none'"],
        'script-src': ["'self'"],
        'style-src': ["'self'"],
        'img-src': ["'self'"],
        'font-src': ["'self'"],
        'connect-src': ["'self'"],
        'base-uri': ["'none'"],
        // A shop's form ends, by redirect, on the checkout page of the product.
        'form-action': ["'self'", ...options.formTargets],
        'frame-ancestors': ["'none'"],
      },
    },
    hsts: false,
    crossOriginEmbedderPolicy: false,
    referrerPolicy: { policy: 'same-origin' },
  })
  app.addHook('onRequest', (request, reply, done) =>
    secure(request.raw, reply.raw, (error) => done(error as Error | undefined)),
  )
  // Browsers tell where a form or script stands: other sites may not press our buttons.
  app.addHook('onRequest', async (request, reply) => {
    const origin = request.headers.origin
    if (request.method === 'GET' || request.method === 'HEAD' || origin === undefined) return
    if (!URL.canParse(origin) || new URL(origin).host !== request.headers.host)
      await reply.code(403).send({ error: 'requests from this origin are refused' })
  })
  return app
}

const assets: Record<string, { file: string; type: string }> = {
  'tokens.css': { file: '../../web/ui/tokens.css', type: 'text/css' },
  'sandbox.css': { file: '../assets/sandbox.css', type: 'text/css' },
  'shop.css': { file: '../assets/shop.css', type: 'text/css' },
  'orders.css': { file: '../assets/orders.css', type: 'text/css' },
  'bank.css': { file: '../assets/bank.css', type: 'text/css' },
  'live.js': { file: '../assets/live.js', type: 'text/javascript' },
  'icon.svg': { file: '../assets/icon.svg', type: 'image/svg+xml' },
  'inter.woff2': {
    file: '../../node_modules/@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
    type: 'font/woff2',
  },
}

/** A fixed list of files: no path of a request ever reaches the disk. */
export async function serveAssets(app: App): Promise<void> {
  for (const [name, { file, type }] of Object.entries(assets)) {
    const content = await readFile(new URL(file, import.meta.url))
    const tag = `"${createHash('sha256').update(content).digest('base64url').slice(0, 20)}"`
    app.get(`/assets/${name}`, async (request, reply) => {
      reply.header('cache-control', 'no-cache').header('etag', tag)
      if (request.headers['if-none-match'] === tag) return reply.code(304).send()
      return reply.type(`${type}; charset=utf-8`).send(content)
    })
  }
}

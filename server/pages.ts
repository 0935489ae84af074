// Serves a built browser app: hashed files for ever, its page for every address that is a page.
import fastifyStatic from '@fastify/static'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { problemOf } from '#contract/errors.ts'
import type { Face } from '#platform/http.ts'

const notPages = /^\/(api|merchant|rails|docs|live|sandbox-control|assets)(\/|$)/

export async function servePages(app: Face, folder: string): Promise<void> {
  if (!existsSync(path.join(folder, 'index.html'))) return
  await app.register(fastifyStatic, {
    root: folder,
    cacheControl: false,
    setHeaders(response, file) {
      // Vite puts a hash of the content into the names under assets/.
      const forEver = file.includes(`${path.sep}assets${path.sep}`)
      response.header('cache-control', forEver ? 'public, max-age=31536000, immutable' : 'no-cache')
    },
  })
  app.setNotFoundHandler((request, reply) => {
    const isPage =
      request.method === 'GET' && !notPages.test(request.url) && !/\.[a-z0-9]{2,5}(\?|$)/i.test(request.url)
    if (isPage) return reply.header('cache-control', 'no-cache').sendFile('index.html')
    const problem = problemOf('not_found', { instance: String(request.id) })
    return reply.code(404).header('content-type', 'application/problem+json').send(JSON.stringify(problem))
  })
}

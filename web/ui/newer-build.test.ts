// A page learns that the server has another build, once, and only when the server really says so.
import { expect, it, vi } from 'vitest'

const page = (build: string) => `<script type="module" crossorigin src="/assets/index-${build}.js"></script>`
let served: () => Promise<Response>
let asked = 0

async function load() {
  vi.resetModules()
  asked = 0
  vi.stubGlobal('fetch', () => {
    asked++
    return served()
  })
  vi.stubGlobal('document', { querySelector: () => ({ src: 'http://localhost/assets/index-old1.js' }) })
  const build = await import('./newer-build.ts')
  const told = vi.fn()
  build.onNewerBuild(told)
  return { ...build, told }
}

it('tells once that the build changed, and asks no more then', async () => {
  const { lookForNewerBuild, isNewerBuild, told } = await load()
  served = async () => new Response(page('old1'))
  await lookForNewerBuild()
  expect(isNewerBuild()).toBe(false)
  served = async () => new Response(page('new-2_x'))
  await Promise.all([lookForNewerBuild(), lookForNewerBuild()])
  expect(isNewerBuild()).toBe(true)
  expect(told).toHaveBeenCalledTimes(1)
  asked = 0
  await lookForNewerBuild()
  expect(asked).toBe(0)
})

it.each([
  ['a server that is away', () => Promise.reject(new TypeError('failed to fetch'))],
  ['a server that starts', async () => new Response('busy', { status: 503 })],
  ['another page in its place', async () => new Response('<p>Sign in to this network</p>')],
])('%s is no newer build', async (_name, answer) => {
  const { lookForNewerBuild, isNewerBuild, told } = await load()
  served = answer
  await lookForNewerBuild()
  expect(isNewerBuild()).toBe(false)
  expect(told).not.toHaveBeenCalled()
})

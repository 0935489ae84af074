// Keeps the app's files on the device, so that the wallet opens without a connection.
// It keeps files only: never an answer of /api, never a customer's data. Two builds are kept, so that an open
// page still finds its own parts after a new build came.

const build = new URL(self.location.href).searchParams.get('build') ?? 'none'
const cacheName = `tuntas-shell-${build}`
const prefix = 'tuntas-shell-'
const keptBuilds = 2

/** Every file of the build, by Vite's manifest. */
async function filesOfBuild() {
  const manifest = await (await fetch('/build-manifest.json', { cache: 'no-store' })).json()
  const files = Object.values(manifest).flatMap((entry) => [
    entry.file,
    ...(entry.css ?? []),
    ...(entry.assets ?? []),
  ])
  return ['/', '/manifest.webmanifest', '/icon.svg', ...new Set(files.map((file) => `/${file}`))]
}

async function install() {
  const cache = await caches.open(cacheName)
  await cache.addAll((await filesOfBuild()).map((file) => new Request(file, { cache: 'no-cache' })))
  await self.skipWaiting()
}

async function activate() {
  const builds = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== cacheName)
  await Promise.all(
    builds.slice(0, Math.max(0, builds.length - (keptBuilds - 1))).map((name) => caches.delete(name)),
  )
  await self.clients.claim()
}

/** The newest page from the server; without a connection the kept one. */
async function page(request) {
  try {
    const response = await fetch(request)
    if (response.status < 500) return response
    throw new Error(`HTTP ${response.status}`)
  } catch (error) {
    const kept = (await (await caches.open(cacheName)).match('/')) ?? (await caches.match('/'))
    if (kept) return kept
    throw error
  }
}

/** Files carry a hash in their name: a kept one is the right one. */
async function file(request) {
  return (await caches.match(request)) ?? fetch(request)
}

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(activate()))
self.addEventListener('fetch', (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== 'GET' || origin !== self.location.origin) return
  if (/^\/(api|live|merchant|rails|docs|healthz|readyz|metrics)(\/|$)/.test(pathname)) return
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (
    pathname.startsWith('/assets/') ||
    pathname === '/icon.svg' ||
    pathname === '/manifest.webmanifest'
  )
    event.respondWith(file(request))
})

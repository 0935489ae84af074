// The service worker of this build. Its address carries the build's name, so that a page brings its own worker:
// an open page keeps its files until it is closed, a new visit starts with the new ones.

type UpdateListener = () => void
const listeners = new Set<UpdateListener>()
let updateReady = false

export const isUpdateReady = (): boolean => updateReady
export function onUpdate(listener: UpdateListener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const entryOf = (html: string): string | undefined => /assets\/index-[\w-]+\.js/.exec(html)?.[0]
const ownEntry = (): string | undefined =>
  entryOf(document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src ?? '')

const lookEveryMs = 15 * 60_000

/** Looks whether the server has another build than this page; nothing is ever reloaded by itself. */
async function look(entry: string): Promise<void> {
  const html = await fetch('/', { headers: { accept: 'text/html' }, cache: 'no-store' }).then(
    (response) => (response.ok ? response.text() : ''),
    () => '',
  )
  const served = entryOf(html)
  if (!served || served === entry) return
  updateReady = true
  for (const listener of listeners) listener()
}

export function registerServiceWorker(): void {
  const entry = ownEntry()
  if (!entry) return
  if ('serviceWorker' in navigator) {
    const register = (): void => {
      navigator.serviceWorker.register(`/service-worker.js?build=${encodeURIComponent(entry)}`).catch(() => {
        // Private windows and plain http on another host: the wallet then needs a connection.
      })
    }
    // After the page itself: keeping files must not slow down the first look.
    if (document.readyState === 'complete') register()
    else addEventListener('load', register)
  }
  let last = Date.now()
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState !== 'visible' || Date.now() - last < lookEveryMs) return
    last = Date.now()
    void look(entry)
  })
}

// The service worker of this build. Its address carries the build's name, so that a page brings its own worker:
// an open page keeps its files until it is closed, a new visit starts with the new ones.

import { lookForNewerBuild, ownBuild } from '../../ui/newer-build.ts'

const lookEveryMs = 15 * 60_000

export function registerServiceWorker(): void {
  const entry = ownBuild()
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
    void lookForNewerBuild(entry)
  })
}

// Whether the server has another build by now than the one this page came with. It looks and tells: nothing is ever reloaded
// by itself, because somebody may be writing or paying.

const listeners = new Set<() => void>()
let newer = false

/** For `useSyncExternalStore`. */
export const isNewerBuild = (): boolean => newer
export function onNewerBuild(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

const entryIn = (text: string): string | undefined => /assets\/index-[\w-]+\.js/.exec(text)?.[0]

/** The script that this page began with, which carries the build's name; undefined outside of a build. */
export const ownBuild = (): string | undefined =>
  entryIn(document.querySelector<HTMLScriptElement>('script[type=module][src]')?.src ?? '')

/** Asks the server which build it serves. No answer is no news. */
export async function lookForNewerBuild(own = ownBuild()): Promise<void> {
  if (!own || newer) return
  const html = await fetch('/', { headers: { accept: 'text/html' }, cache: 'no-store' }).then(
    (response) => (response.ok ? response.text() : ''),
    () => '',
  )
  const served = entryIn(html)
  if (!served || served === own || newer) return
  newer = true
  for (const listener of listeners) listener()
}

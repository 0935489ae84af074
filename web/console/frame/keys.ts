// Keys of the console. They never act while somebody types, nor together with Ctrl, Alt or Cmd,
// nor while a dialog is open: the dialog's own keys come first.

import { useEffect, useRef } from 'react'

export type KeyActions = Partial<Record<string, () => void>>

const typesInto = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches('input:not([type=radio], [type=checkbox]), textarea, select'))

const dialogOpen = (): boolean => document.querySelector('dialog[open], [aria-modal="true"]') !== null

/** Runs the action of a key that is pressed alone, anywhere on the page. */
export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions)
  latest.current = actions
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return
      if (typesInto(event.target) || dialogOpen()) return
      const action = latest.current[event.key]
      if (!action) return
      event.preventDefault()
      action()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }, [])
}

export const isApple = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent)
/** How Ctrl or Cmd with Enter is written on this computer. */
export const sendKeys = (): string => (isApple() ? '⌘↵' : 'Ctrl ↵')

// How much room the frame has, in the reader's own type size: with larger type a wide screen holds fewer panes.

import { useSyncExternalStore } from 'react'

/** `wide`: all three panes; `middle`: the customer in a drawer; `narrow`: the queue too; `phone`: one view at a time. */
export type Width = 'wide' | 'middle' | 'narrow' | 'phone'

/** Widths in rem, so that they follow the size of type. */
export function widthOf(windowPx: number, remPx: number): Width {
  const rem = windowPx / remPx
  if (rem >= 80) return 'wide'
  if (rem >= 64) return 'middle'
  return rem >= 40 ? 'narrow' : 'phone'
}

const remPx = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16
const read = (): Width => widthOf(document.documentElement.clientWidth, remPx())

function subscribe(listener: () => void): () => void {
  addEventListener('resize', listener)
  const type = new MutationObserver(listener)
  type.observe(document.documentElement, { attributes: true, attributeFilter: ['data-type'] })
  return () => {
    removeEventListener('resize', listener)
    type.disconnect()
  }
}

export const useWidth = (): Width => useSyncExternalStore(subscribe, read, () => 'wide')

/** So high that a diagnosis, a trace and some ten lines of talk stand one above the other. */
const tallRem = 62
const readTall = (): boolean => document.documentElement.clientHeight / remPx() >= tallRem
export const useIsTall = (): boolean => useSyncExternalStore(subscribe, readTall, () => false)

const shortRem = 46
/** So low that a trace, the writing and the actions would leave nothing of the talk; large type on a laptop is. */
export const isShortOf = (windowPx: number, remPx: number): boolean => windowPx / remPx < shortRem
const readShort = (): boolean => isShortOf(document.documentElement.clientHeight, remPx())
export const useIsShort = (): boolean => useSyncExternalStore(subscribe, readShort, () => false)

function subscribeToType(listener: () => void): () => void {
  return subscribe(listener)
}
/** Pixels of one rem now. */
export const useRem = (): number => useSyncExternalStore(subscribeToType, remPx, () => 16)

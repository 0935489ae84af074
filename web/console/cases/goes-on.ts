// Where the keyboard goes on after taking a case and after giving it back: the button that did it is gone with what it did.

import { useEffect, useId, useRef } from 'react'
import { focusCase, focusNewest } from './focus.ts'
import type { CaseRights } from './rights.ts'

type Change = 'take' | 'release'

/** Told when one of them is pressed, or did not work; acts once the case shows it, however the page came to know. */
export function useGoesOn({ take, release }: Pick<CaseRights, 'take' | 'release'>) {
  const takeId = useId()
  const awaited = useRef<Change | undefined>(undefined)
  useEffect(() => {
    const change = awaited.current
    // The case is ours exactly while we may give it back.
    if (!change || release !== (change === 'take')) return
    awaited.current = undefined
    // Who has gone on elsewhere meanwhile is left there.
    if (document.activeElement !== document.body) return
    if (change === 'take') return focusCase()
    const button = document.getElementById(takeId)
    if (button) button.focus()
    // What waits for a supervisor cannot be taken again: it can be read.
    else focusNewest()
  }, [take, release, takeId])
  return {
    takeId,
    pressed: (action: unknown): void => {
      awaited.current = action === 'take' || action === 'release' ? action : undefined
    },
    failed: (): void => {
      awaited.current = undefined
    },
  }
}

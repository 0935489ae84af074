// Which of the case's movements of money is pinned above the talk: what the case is about, until the agent picks another.

import { useSyncExternalStore } from 'react'
import type { CaseDetail } from '../../../../contract/desk.ts'

const picked = new Map<string, string>()
const listeners = new Set<() => void>()
const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

type Holding = Pick<CaseDetail, 'id' | 'about' | 'references'>

export function useShownReference({
  id,
  about,
  references,
}: Holding): [string | undefined, (reference: string) => void] {
  const choice = useSyncExternalStore(subscribe, () => picked.get(id))
  const shown =
    choice !== undefined && references.includes(choice) ? choice : (about?.reference ?? references[0])
  const pick = (reference: string): void => {
    picked.set(id, reference)
    for (const listener of listeners) listener()
  }
  return [shown, pick]
}

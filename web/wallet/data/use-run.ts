// Ties something that goes on by itself until it has its answer to a page: shown as it moves, told when the network is back.

import { useEffect, useSyncExternalStore } from 'react'
import { useLiveState } from './live.ts'

export interface Run<State> {
  subscribe: (listener: () => void) => () => void
  getState: () => State
  networkBack: () => void
  stop: () => void
}

/** How long one request may take before its answer counts as lost; then it is repeated with the same key. */
export const answerWithinMs = 20_000

/** Does something later; the answer takes it back. */
export function schedule(delayMs: number, action: () => void): () => void {
  const timer = setTimeout(action, delayMs)
  return () => clearTimeout(timer)
}

/** The state of a run, for as long as the page stands; then it is stopped. */
export function useRun<State>(run: Run<State>): State {
  const state = useSyncExternalStore(run.subscribe, run.getState, run.getState)
  const live = useLiveState()
  useEffect(() => {
    const back = (): void => run.networkBack()
    addEventListener('online', back)
    return () => {
      removeEventListener('online', back)
      run.stop()
    }
  }, [run])
  useEffect(() => {
    if (live === 'online') run.networkBack()
  }, [live, run])
  return state
}

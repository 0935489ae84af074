// Ties a form that must take effect once to a page: what waits for its answer is kept with the customer's other data,
// and tried again when the network is back.

import { useEffect, useState, useSyncExternalStore } from 'react'
import { dropKept, keep, readKept } from '../data/keep.ts'
import { useLiveState } from '../data/live.ts'
import { FormRun, type FormState, type StoredForm } from './form-run.ts'

/** How long one request may take before its answer counts as lost; then it is repeated with the same key. */
const answerWithinMs = 20_000

/** `name` names the form on this device, e.g. `refund.TN-7Q2M-93TD`. `send` gets a signal that ends a request without an answer. */
export function useFormRun<Body, Answer>(
  name: string,
  send: (key: string, body: Body, signal: AbortSignal) => Promise<Answer>,
): { run: FormRun<Body, Answer>; state: FormState<Answer> } {
  const [run] = useState(() => {
    const kept = `form.${name}`
    return new FormRun<Body, Answer>({
      store: {
        read: () => readKept<StoredForm<Body>>(kept)?.data,
        write: (form) => keep(kept, form),
        remove: () => dropKept(kept),
      },
      send: (key, body) => send(key, body, AbortSignal.timeout(answerWithinMs)),
      schedule: (delayMs, action) => {
        const timer = setTimeout(action, delayMs)
        return () => clearTimeout(timer)
      },
    })
  })
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
  return { run, state }
}

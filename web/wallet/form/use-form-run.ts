// Ties a form that must take effect once to a page: what waits for its answer is kept with the customer's other data,
// and tried again when the network is back.

import { useState } from 'react'
import { dropKept, keep, readKept } from '../data/keep.ts'
import { answerWithinMs, schedule, useRun } from '../data/use-run.ts'
import { FormRun, type FormState, type StoredForm } from './form-run.ts'

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
      schedule,
    })
  })
  const state = useRun(run)
  return { run, state }
}

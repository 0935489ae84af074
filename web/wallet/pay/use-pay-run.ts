// Ties the run of an order's payment to a page: one run for an order and a customer, told when the network is back.

import { useEffect, useState, useSyncExternalStore } from 'react'
import { api } from '../../ui/api.ts'
import { queryClient } from '../data/client.ts'
import { useLiveState } from '../data/live.ts'
import type { Checkout, Payment } from '../data/types.ts'
import type { PayState } from './attempt.ts'
import { PayRun } from './run.ts'
import { attemptStore } from './store.ts'

/** How long one request may take before its answer counts as lost; then it is repeated with the same key. */
const answerWithinMs = 20_000

/** The page gives each order and customer a component of their own (`key`), so that a run never changes hands. */
export function usePayRun(checkout: Checkout, customerId: string): { run: PayRun; state: PayState } {
  const { orderId, total } = checkout
  const [run] = useState(
    () =>
      new PayRun(
        {
          orderId,
          customerId,
          store: attemptStore,
          pay: (key, pin) =>
            api.post<Payment>(
              `/api/checkout/${orderId}/pay`,
              { pin, expectedTotal: total },
              { idempotencyKey: key, signal: AbortSignal.timeout(answerWithinMs) },
            ),
          ask: async () => {
            const answer = await api.get<Checkout>(`/api/checkout/${orderId}`)
            queryClient.setQueryData(['checkout', orderId], answer)
            return answer
          },
          schedule: (delayMs, action) => {
            const timer = setTimeout(action, delayMs)
            return () => clearTimeout(timer)
          },
        },
        checkout,
      ),
  )
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
  useEffect(() => run.seen(checkout), [checkout, run])
  useEffect(() => {
    if (state.step !== 'paid') return
    for (const name of ['wallet', 'transactions', 'checkout'])
      void queryClient.invalidateQueries({ queryKey: [name] })
  }, [state.step])
  return { run, state }
}

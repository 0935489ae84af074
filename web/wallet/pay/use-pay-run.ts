// Ties the run of an order's payment to a page: one run for an order and a customer, told when the network is back.

import { useEffect, useState } from 'react'
import { api } from '../../ui/api.ts'
import { queryClient } from '../data/client.ts'
import type { Checkout, Payment } from '../data/types.ts'
import { answerWithinMs, schedule, useRun } from '../data/use-run.ts'
import type { PayState } from './attempt.ts'
import { PayRun } from './run.ts'
import { attemptStore } from './store.ts'

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
          schedule,
        },
        checkout,
      ),
  )
  const state = useRun(run)
  useEffect(() => run.seen(checkout), [checkout, run])
  useEffect(() => {
    if (state.step !== 'paid') return
    for (const name of ['wallet', 'transactions', 'checkout'])
      void queryClient.invalidateQueries({ queryKey: [name] })
  }, [state.step])
  return { run, state }
}

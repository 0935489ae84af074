// How much of a payment can still be asked for: what was paid less what its refunds gave back already.

import { useQuery } from '@tanstack/react-query'
import { api } from '../../ui/api.ts'
import type { Money } from '../../../contract/money.ts'
import type { Detail } from '../data/types.ts'

export function useLeft(payment: Detail): Money {
  const references = payment.refunds ?? []
  const { data = [] } = useQuery({
    queryKey: ['transaction', payment.reference, 'refunds', references],
    queryFn: () =>
      Promise.all(references.map((reference) => api.get<Detail>(`/api/transactions/${reference}`))),
    enabled: references.length > 0,
  })
  const paidMinor = BigInt(payment.amount.amountMinor.replace('-', ''))
  const backMinor = data.reduce(
    (sum, { refund }) => (refund?.state === 'paid' ? sum + BigInt(refund.amount.amountMinor) : sum),
    0n,
  )
  return {
    amountMinor: (paidMinor > backMinor ? paidMinor - backMinor : 0n).toString(),
    currency: payment.amount.currency,
  }
}

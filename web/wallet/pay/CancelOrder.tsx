// Cancelling an order that is still open. The sheet says what it means before it is done.

import { useState } from 'react'
import { Button, ErrorNote, Sheet, api, toProblem, type ApiProblem } from '../../ui/index.ts'
import { queryClient } from '../data/client.ts'
import type { Checkout } from '../data/types.ts'
import { t } from '../texts.ts'

export function CancelOrder({ checkout, disabled }: { checkout: Checkout; disabled?: boolean }) {
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  if (checkout.state !== 'open') return <span />
  const cancel = async (): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      queryClient.setQueryData(
        ['checkout', checkout.orderId],
        await api.post<Checkout>(`/api/checkout/${checkout.orderId}/cancel`),
      )
      setOpen(false)
    } catch (error) {
      setProblem(toProblem(error))
      void queryClient.invalidateQueries({ queryKey: ['checkout', checkout.orderId] })
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <button type="button" className="foot-link" onClick={() => !disabled && setOpen(true)}>
        {t('checkout.cancel')}
      </button>
      <Sheet
        open={open}
        onClose={() => setOpen(false)}
        locked={busy}
        title={t('checkout.cancel.title')}
        actions={
          <>
            <Button look="danger" wide busy={busy && t('checkout.cancel.busy')} onClick={() => void cancel()}>
              {t('checkout.cancel')}
            </Button>
            <Button look="quiet" wide onClick={() => setOpen(false)}>
              {t('checkout.cancel.keep')}
            </Button>
          </>
        }
      >
        <p>{t('checkout.cancel.body', { shop: checkout.merchant.name })}</p>
        {problem && <ErrorNote problem={problem} />}
      </Sheet>
    </>
  )
}

// Withdrawing a refund: what it means is said before it is done.

import { useState } from 'react'
import {
  Button,
  ErrorNote,
  Sheet,
  api,
  formatMoney,
  toProblem,
  useLanguage,
  type ApiProblem,
} from '../../ui/index.ts'
import { queryClient } from '../data/client.ts'
import type { Detail } from '../data/types.ts'
import { t } from '../texts.ts'

export function WithdrawRefund({ detail }: { detail: Detail }) {
  const language = useLanguage()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const withdraw = async (): Promise<void> => {
    setBusy(true)
    setProblem(null)
    try {
      const answer = await api.post<Detail>(`/api/refunds/${detail.reference}/withdraw`)
      queryClient.setQueryData(['transaction', detail.reference], answer)
      if (answer.refund)
        void queryClient.invalidateQueries({ queryKey: ['transaction', answer.refund.payment] })
      void queryClient.invalidateQueries({ queryKey: ['transactions'] })
      setOpen(false)
    } catch (error) {
      setProblem(toProblem(error))
      // It may have gone on meanwhile: what is true now stands behind the sheet.
      void queryClient.invalidateQueries({ queryKey: ['transaction', detail.reference] })
    } finally {
      setBusy(false)
    }
  }
  return (
    <>
      <Button look="quiet" wide onClick={() => setOpen(true)}>
        {t('refund.withdraw')}
      </Button>
      <Sheet
        open={open}
        onClose={() => setOpen(false)}
        locked={busy}
        title={t('refund.withdraw.title')}
        actions={
          <>
            <Button
              look="danger"
              wide
              busy={busy && t('refund.withdraw.busy')}
              onClick={() => void withdraw()}
            >
              {t('refund.withdraw')}
            </Button>
            <Button look="quiet" wide onClick={() => setOpen(false)}>
              {t('refund.withdraw.keep')}
            </Button>
          </>
        }
      >
        <p>
          {t('refund.withdraw.body', {
            shop: detail.party.name,
            amount: formatMoney(detail.refund?.amount ?? detail.amount, { language, sign: 'none' }),
          })}
        </p>
        {problem && <ErrorNote problem={problem} />}
      </Sheet>
    </>
  )
}

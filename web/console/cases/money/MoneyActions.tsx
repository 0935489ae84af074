// What can be done with the money that stands above the talk: ask its shop again, ask for it back. Only what works now.

import { useMutation } from '@tanstack/react-query'
import { RefreshCw, Undo2 } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { CaseDetail } from '../../../../contract/desk.ts'
import { Button, ErrorNote, formatMoney, useLanguage } from '../../../ui/index.ts'
import { noteSessionEnd, queryClient } from '../../data/client.ts'
import { moneyRequests } from '../../data/money-requests.ts'
import { shownProblem } from '../../data/problem.ts'
import { keys } from '../../data/requests.ts'
import { useMay, useMe } from '../../data/workplace.tsx'
import { t } from '../../texts.ts'
import { focusCase } from '../focus.ts'
import { useMoney } from '../useCase.ts'
import { RefundSheet } from './RefundSheet.tsx'
import { needsTwoPeople } from './two-people.ts'
import { TwoPeople } from './TwoPeople.tsx'

export type MoneyActionsProps = { detail: CaseDetail; reference: string; onPick: (reference: string) => void }

export function MoneyActions({ detail, reference, onPick }: MoneyActionsProps) {
  const language = useLanguage()
  const me = useMe()
  const mayRefund = useMay('refund.request')
  const { data: money } = useMoney(detail.id, reference)
  const [asking, setAsking] = useState(false)
  const asked = useRef(false)
  // What was asked for takes its button away: the keyboard goes on where the customer is told of it.
  useEffect(() => {
    if (asking || !asked.current) return
    asked.current = false
    focusCase()
  }, [asking])
  const again = useMutation({
    mutationFn: () => moneyRequests.askShopAgain(detail.id, reference),
    onSuccess: (fresh) => queryClient.setQueryData(keys.money(detail.id, reference), fresh),
    onError: (error) => {
      noteSessionEnd(error)
      void queryClient.invalidateQueries({ queryKey: keys.money(detail.id, reference) })
    },
  })
  // Who serves the case acts on its money.
  if (!money || detail.agentId !== me.agentId || detail.state === 'solved') return null
  const amount = money.refundTerms?.left ?? {
    ...money.amount,
    amountMinor: money.amount.amountMinor.replace('-', ''),
  }
  const someBack = (money.refunds?.length ?? 0) > 0
  return (
    <>
      {again.isError && <ErrorNote problem={shownProblem(again.error)} />}
      {money.canAskShopAgain && (
        <Button
          icon={RefreshCw}
          busy={again.isPending && t('money.ask_again.busy')}
          onClick={() => again.mutate()}
        >
          {t('money.ask_again')}
        </Button>
      )}
      {money.canAskMoneyBack && mayRefund && (
        <Button icon={Undo2} onClick={() => setAsking(true)}>
          {t(someBack ? 'money.refund.left' : 'money.refund', { amount: formatMoney(amount, { language }) })}
          {needsTwoPeople(money.refundTerms, BigInt(amount.amountMinor)) && <TwoPeople />}
        </Button>
      )}
      {asking && (
        <RefundSheet
          caseId={detail.id}
          payment={money}
          onClose={() => setAsking(false)}
          onAsked={(refund) => {
            asked.current = true
            setAsking(false)
            onPick(refund)
          }}
        />
      )}
    </>
  )
}

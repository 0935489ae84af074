// What the helper found out, as its outlined bubble, and what can be chosen. What was picked stays marked; what the helper
// offers now may be less than when it wrote, so the open choices are read live; what is offered no more looks like it.

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import {
  Bubble,
  Choices,
  DiagnosisText,
  ErrorNote,
  api,
  choiceIcons,
  toProblem,
  useLanguage,
  type ApiProblem,
} from '../../ui/index.ts'
import { queryClient } from '../data/client.ts'
import type { Choice, Conversation, Diagnosis } from '../data/types.ts'
import { t } from '../texts.ts'
import type { ThreadLine } from './thread.ts'

export function DiagnosisLine({
  line,
  conversationId,
  closed,
}: {
  line: Extract<ThreadLine, { kind: 'diagnosis' }>
  conversationId: string
  closed: boolean
}) {
  useLanguage()
  const diagnosis = line.message.diagnosis!
  const { reference } = diagnosis
  const open = line.latest && !closed
  const { data: now, refetch } = useQuery<Diagnosis>({
    queryKey: ['diagnosis', reference],
    queryFn: () => api.get(`/api/transactions/${reference}/diagnosis`),
    enabled: open,
  })
  const [, navigate] = useLocation()
  const [busy, setBusy] = useState<Choice>()
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const offered = open ? (now ?? diagnosis).choices : []
  const shown = diagnosis.choices.filter((choice) => line.picked.includes(choice) || offered.includes(choice))
  const added = offered.filter((choice) => !shown.includes(choice))
  const choices = [...shown, ...added].sort(
    (one, other) => Number(one === 'person') - Number(other === 'person'),
  )

  const choose = async (choice: Choice): Promise<void> => {
    setBusy(choice)
    setProblem(null)
    try {
      if (choice === 'ask_money_back') {
        // The money may be back since: the form opens only for what can be asked for at this moment.
        const { data, error } = await refetch()
        if (error) throw error
        // It asks what is still unknown; the talk hears of it once it is sent.
        if (data?.choices.includes(choice)) navigate(`/transactions/${reference}/refund`)
        return
      }
      const answer = await api.post<Conversation>(`/api/conversations/${conversationId}/choose`, {
        choice,
        reference,
      })
      queryClient.setQueryData(['conversation', conversationId], answer)
      void queryClient.invalidateQueries({ queryKey: ['messages', conversationId] })
    } catch (error) {
      setProblem(toProblem(error))
    } finally {
      setBusy(undefined)
      void queryClient.invalidateQueries({ queryKey: ['diagnosis', reference] })
    }
  }
  return (
    <>
      <Bubble author="helper" text={<DiagnosisText diagnosis={diagnosis} />} />
      {choices.length > 0 && (
        <Choices<Choice>
          label={t('chat.choices')}
          choices={choices.slice(-4).map((value) => ({
            value,
            label: t(`diagnosis.choice.${value}`),
            icon: choiceIcons[value],
            disabled: !offered.includes(value),
          }))}
          picked={line.picked}
          again
          busy={busy}
          onPick={(choice) => void choose(choice)}
        />
      )}
      {problem && <ErrorNote problem={problem} />}
    </>
  )
}

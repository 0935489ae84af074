// What is true of a movement now, what happens by itself and when, and what the customer can choose.
// What waits is waited for with a notice: the choice opens a conversation that tells when it moves.

import { useState } from 'react'
import { useLocation } from 'wouter'
import {
  A,
  Callout,
  Choices,
  DiagnosisText,
  ErrorNote,
  api,
  choiceIcons,
  localeOf,
  toProblem,
  useLanguage,
  type ApiProblem,
} from '../../ui/index.ts'
import { queryClient } from '../data/client.ts'
import { useConversations, useKept } from '../data/queries.ts'
import type { Choice, Conversation, Detail, Diagnosis } from '../data/types.ts'
import { t } from '../texts.ts'

const useDiagnosis = (reference: string) =>
  useKept<Diagnosis>(['diagnosis', reference], `diagnosis.${reference}`, () =>
    api.get(`/api/transactions/${reference}/diagnosis`),
  )

export function WhatNow({ reference, stale }: { reference: string; stale: boolean }) {
  const language = useLanguage()
  const [, navigate] = useLocation()
  const { data: diagnosis } = useDiagnosis(reference)
  const { data: list } = useConversations()
  const [busy, setBusy] = useState<Choice>()
  const [asked, setAsked] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  if (!diagnosis) return null
  const talk = list?.conversations.find(
    ({ about, state }) => about?.reference === reference && state === 'open',
  )
  // Once nothing is on its way any more, there is nothing to wait for.
  const moving = Boolean(diagnosis.byItself)
  const waiting = moving && talk?.chosen?.reference === reference && talk.chosen.choice === 'wait_with_notice'

  const choose = async (choice: Choice): Promise<void> => {
    if (choice === 'ask_money_back') return navigate(`/transactions/${reference}/refund`)
    // On a refund's page the sheet asks before it is withdrawn.
    if (choice === 'withdraw_refund') return navigate(`/transactions/${reference}`)
    setBusy(choice)
    setProblem(null)
    try {
      if (choice === 'ask_shop_again') {
        const detail = await api.post<Detail>(`/api/transactions/${reference}/ask-shop-again`)
        queryClient.setQueryData(['transaction', reference], detail)
        setAsked(true)
      } else {
        const opened = await api.post<Conversation>('/api/conversations', {
          about: reference,
          language: localeOf[language],
        })
        await api.post<Conversation>(`/api/conversations/${opened.id}/choose`, { choice, reference })
        void queryClient.invalidateQueries({ queryKey: ['conversation', opened.id] })
        void queryClient.invalidateQueries({ queryKey: ['conversations'] })
        if (choice === 'person') navigate(`/help/chat/${opened.id}`)
      }
    } catch (error) {
      setProblem(toProblem(error))
    } finally {
      setBusy(undefined)
      void queryClient.invalidateQueries({ queryKey: ['diagnosis', reference] })
    }
  }

  return (
    <section className="card pad what-now" data-testid="what-now">
      <h2>{t('facts.title')}</h2>
      <DiagnosisText diagnosis={diagnosis} />
      <div className="stack" aria-live="polite">
        {waiting && (
          <Callout tone="back">
            {t('facts.waiting')} <A href={`/help/chat/${talk.id}`}>{t('facts.see_chat')}</A>
          </Callout>
        )}
        {asked && moving && <Callout tone="back">{t('facts.asked_again')}</Callout>}
      </div>
      {problem && <ErrorNote problem={problem} />}
      {!stale && (
        <Choices<Choice>
          label={t('facts.choose')}
          choices={diagnosis.choices.map((value) => ({
            value,
            label: t(`diagnosis.choice.${value}`),
            icon: choiceIcons[value],
          }))}
          picked={waiting ? 'wait_with_notice' : undefined}
          again
          busy={busy}
          onPick={(choice) => void choose(choice)}
        />
      )}
    </section>
  )
}

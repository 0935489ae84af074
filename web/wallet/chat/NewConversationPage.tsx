// Opens a conversation. From a payment it goes straight on; else the customer says what it is about,
// so that nobody has to ask for it.

import { MessageCircle } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import {
  Button,
  MoneyRow,
  Skeleton,
  api,
  localeOf,
  toProblem,
  useLanguage,
  type ApiProblem,
} from '../../ui/index.ts'
import { queryClient } from '../data/client.ts'
import { useRecent } from '../data/queries.ts'
import type { Conversation } from '../data/types.ts'
import { Failed, Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { t } from '../texts.ts'

const referencePattern = /^[A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4}$/

function givenReference(): string | undefined {
  const about = new URLSearchParams(location.search).get('about') ?? ''
  return referencePattern.test(about) ? about : undefined
}

export default function NewConversationPage() {
  const language = useLanguage()
  const [, navigate] = useLocation()
  const [given] = useState(givenReference)
  const [opening, setOpening] = useState(Boolean(given))
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  const recent = useRecent()

  const open = async (about?: string): Promise<void> => {
    setOpening(true)
    setProblem(null)
    try {
      const conversation = await api.post<Conversation>('/api/conversations', {
        ...(about ? { about } : {}),
        language: localeOf[language],
      })
      queryClient.setQueryData(['conversation', conversation.id], conversation)
      void queryClient.invalidateQueries({ queryKey: ['conversations'] })
      navigate(`/help/chat/${conversation.id}`, { replace: true })
    } catch (error) {
      setProblem(toProblem(error))
      setOpening(false)
    }
  }
  const openNow = useRef(open)
  openNow.current = open
  useEffect(() => {
    if (given) void openNow.current(given)
  }, [given])

  const back = given ? `/transactions/${given}` : '/help'
  if (problem || (given && opening))
    return (
      <Page title={t('help.write')} section="help" back={back}>
        {problem ? (
          <Failed error={problem} retry={() => void open(given)} busy={opening} />
        ) : (
          <Skeleton rows={3} />
        )}
      </Page>
    )
  return (
    <Page title={t('help.write')} section="help" back={back}>
      <h2>{t('chat.about')}</h2>
      <Button
        look="secondary"
        icon={MessageCircle}
        wide
        busy={opening && t('chat.opening')}
        onClick={() => void open()}
      >
        {t('chat.about.other')}
      </Button>
      <Loaded read={recent} rows={4}>
        {({ transactions }) =>
          transactions.length > 0 && (
            <>
              <p className="t14 mute">{t('chat.about.payment')}</p>
              <ul className="rows pickable">
                {transactions.map((transaction) => (
                  <li key={transaction.reference}>
                    <button type="button" disabled={opening} onClick={() => void open(transaction.reference)}>
                      <MoneyRow money={transaction} />
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )
        }
      </Loaded>
    </Page>
  )
}

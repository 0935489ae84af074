// A conversation with us: who it is and how to know, the payment it is about, the talk, the composer.

import { BadgeCheck, ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import { useParams } from 'wouter'
import {
  A,
  Avatar,
  Callout,
  Icon,
  MoneyObject,
  OfficialSign,
  Skeleton,
  formatDeadline,
  formatDuration,
  useLanguage,
} from '../../ui/index.ts'
import type { Attachment } from '../../../contract/files.ts'
import { uuidv7 } from '../../../contract/ids.ts'
import { localeOf } from '../../ui/language.ts'
import { outbox, useLiveState, useLost } from '../data/live.ts'
import { useConversation, useService } from '../data/queries.ts'
import type { Conversation } from '../data/types.ts'
import { DeskBar, usePageTitle } from '../frame/Page.tsx'
import { Failed } from '../frame/Loaded.tsx'
import { t } from '../texts.ts'
import { Closing } from './Closing.tsx'
import { Composer } from './Composer.tsx'
import { Thread } from './Thread.tsx'
import { useAgentTyping, useMessages, useReadMark } from './use-messages.ts'
import './chat.css'

export default function ChatPage() {
  const language = useLanguage()
  const { conversationId = '' } = useParams<{ conversationId: string }>()
  const read = useConversation(conversationId)
  const messages = useMessages(conversationId)
  const live = useLiveState()
  const lost = useLost()
  const typing = useAgentTyping(conversationId, messages.data?.at(-1)?.sequence)
  useReadMark(conversationId, messages.data)
  const conversation = read.data
  // Said not to be solved it goes to a supervisor: the usual wait is not theirs.
  const last = messages.data?.findLast(({ author, fact }) => author === 'agent' || fact === 'case_not_solved')
  const toSupervisor = last?.fact === 'case_not_solved'
  const answered = messages.data?.findLast(({ author }) => author !== 'system')?.author === 'agent'
  const serviceNote = useServiceNote(conversation, answered, toSupervisor)
  usePageTitle(conversation?.agent?.name ?? t('chat.title'))
  const send = (text: string, files: Attachment[]): void =>
    outbox.add({
      clientMessageId: uuidv7(),
      conversationId,
      text,
      language: localeOf[language],
      ...(files.length > 0 ? { files } : {}),
      writtenAt: new Date().toISOString(),
    })
  return (
    <div className="page inner chat-page">
      <DeskBar section="help" />
      <main className="column chat">
        <ChatHead conversation={conversation} />
        <div className="chat-scroll">
          {conversation?.about && (
            <MoneyObject money={conversation.about} href={`/transactions/${conversation.about.reference}`} />
          )}
          {messages.data ? (
            <Thread
              conversationId={conversationId}
              messages={messages.data}
              agentName={conversation?.agent?.name}
              typing={typing}
              note={serviceNote}
              closed={conversation?.state === 'solved'}
            />
          ) : messages.error ? (
            <Failed error={messages.error} retry={() => void messages.refetch()} busy={messages.isFetching} />
          ) : (
            <Skeleton rows={4} />
          )}
          {conversation?.state === 'solved' && (
            <Closing key={conversation.updatedAt} conversation={conversation} />
          )}
        </div>
        <Composer
          key={conversationId}
          conversationId={conversationId}
          offline={lost || live === 'offline'}
          onSend={send}
        />
      </main>
    </div>
  )
}

function ChatHead({ conversation }: { conversation: Conversation | undefined }) {
  useLanguage()
  const agent = conversation?.agent
  const helper = Boolean(conversation?.withHelper) && !agent
  return (
    <header className="chat-head">
      <div className="chat-who">
        <A className="ib" href="/help" aria-label={t('back')}>
          <Icon of={ChevronLeft} size="lg" />
        </A>
        <Avatar name={agent?.name ?? 'Tuntas'} kind={helper ? 'helper' : 'agent'} />
        <div className="grow">
          <h1 className="cut">{agent?.name ?? t('chat.title')}</h1>
          <p className="t13 mute fx">
            {agent && <Icon of={BadgeCheck} size="xs" />}
            {agent
              ? t('chat.agent')
              : helper
                ? t('chat.helper')
                : conversation
                  ? t('chat.number', { number: conversation.caseNumber })
                  : ' '}
          </p>
        </div>
      </div>
      {conversation && (
        <div className="chat-sign">
          <span className="t13 mute">{t('chat.sign')}</span>
          <OfficialSign pictures={conversation.sign.pictures} number={conversation.sign.number} />
        </div>
      )}
    </header>
  )
}

/** When nobody is there it says so, and when somebody will be; while waiting, how long it usually takes. */
function useServiceNote(
  conversation: Conversation | undefined,
  answered: boolean,
  toSupervisor: boolean,
): ReactNode {
  const language = useLanguage()
  const { data } = useService()
  const chat = data?.channels.find(({ channel }) => channel === 'chat')
  if (!conversation || !chat) return null
  if (conversation.state === 'solved' || conversation.withHelper || answered) return null
  if (chat.state === 'closed' || chat.state === 'unavailable')
    return (
      <Callout tone="hold" title={t('chat.closed')}>
        {chat.opensAt
          ? t('chat.closed.until', { at: formatDeadline(chat.opensAt, { language, withTime: true }) })
          : t('chat.closed.body')}
      </Callout>
    )
  if (conversation.agent || toSupervisor || chat.expectedWaitSeconds === undefined) return null
  const minutes = Math.max(60, Math.ceil(chat.expectedWaitSeconds / 60) * 60)
  return <p className="t13 mute chat-wait">{t('chat.wait', { time: formatDuration(minutes, language) })}</p>
}

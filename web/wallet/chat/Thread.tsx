// The talk as it is drawn, with what is still on its way. It stays at the newest line unless the reader has scrolled up.

import { ChevronDown } from 'lucide-react'
import { useEffect, useLayoutEffect, useMemo, useRef, useState, type ReactNode } from 'react'
import type { Attachment } from '../../../contract/files.ts'
import {
  A,
  Bubble,
  FileRow,
  Icon,
  Speaker,
  TalkLog,
  TypingLine,
  formatDateLong,
  localeOf,
  problemText,
  useLanguage,
  walletZone,
} from '../../ui/index.ts'
import { ownFile } from '../attach/own-file.ts'
import { outbox } from '../data/live.ts'
import type { Message } from '../data/types.ts'
import { t } from '../texts.ts'
import { DiagnosisLine } from './DiagnosisLine.tsx'
import { FactLine } from './FactLine.tsx'
import { threadOf, type ThreadLine } from './thread.ts'
import { useOutbox } from './use-messages.ts'

const dayFormat = new Intl.DateTimeFormat('en-CA', { timeZone: walletZone })
const dayOf = (at: string): string => dayFormat.format(new Date(at))

export function Thread({
  conversationId,
  messages,
  agentName,
  typing,
  note,
  closed,
}: {
  conversationId: string
  messages: readonly Message[]
  agentName?: string
  typing: boolean
  /** Stands under the newest line. */
  note: ReactNode
  /** Solved: nothing can be chosen any more. */
  closed: boolean
}) {
  const items = useOutbox()
  const lines = useMemo(
    () => threadOf(messages, items, conversationId, dayOf),
    [messages, items, conversationId],
  )
  const end = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  useEffect(() => {
    const observer = new IntersectionObserver(([entry]) => setAtEnd(Boolean(entry?.isIntersecting)), {
      rootMargin: '120px',
    })
    observer.observe(end.current!)
    return () => observer.disconnect()
  }, [])
  const last = lines.at(-1)
  const own = last?.kind === 'outgoing' || (last?.kind === 'message' && last.message.author === 'customer')
  const isNoted = Boolean(note)
  const follow = useRef(true)
  follow.current = atEnd || own
  useLayoutEffect(() => {
    if (follow.current) end.current?.scrollIntoView({ block: 'end' })
  }, [lines.length, typing, isNoted])
  // A new page starts at its top; a talk starts at its newest line, once the page stands.
  useEffect(() => {
    const frame = requestAnimationFrame(() => end.current?.scrollIntoView({ block: 'end' }))
    return () => cancelAnimationFrame(frame)
  }, [])
  return (
    <>
      <TalkLog label={t('chat.log')}>
        {lines.map((line) => (
          <Line key={line.key} line={line} conversationId={conversationId} closed={closed} />
        ))}
        {lines.length === 0 && <p className="chat-empty">{t('chat.empty')}</p>}
      </TalkLog>
      <TypingLine name={typing ? (agentName ?? t('talk.agent')) : undefined} />
      {note}
      <div ref={end} className="chat-end" />
      {!atEnd && (
        <button
          type="button"
          className="to-end"
          aria-label={t('chat.to_end')}
          onClick={() => end.current?.scrollIntoView({ block: 'end' })}
        >
          <Icon of={ChevronDown} />
        </button>
      )}
    </>
  )
}

/** Pictures first, then the words. */
const withFiles = (text: string, files: readonly Attachment[] | undefined): ReactNode =>
  files ? (
    <>
      <FileRow files={files} addressOf={ownFile} />
      {text && <span>{text}</span>}
    </>
  ) : (
    text
  )

function Line({
  line,
  conversationId,
  closed,
}: {
  line: ThreadLine
  conversationId: string
  closed: boolean
}) {
  const language = useLanguage()
  switch (line.kind) {
    case 'day':
      return <p className="chat-day">{formatDateLong(line.at, { language })}</p>
    case 'speaker':
      return <Speaker author={line.author} name={line.name} at={line.at} />
    case 'fact':
      return <FactLine message={line.message} />
    case 'chose':
      return <Bubble author="customer" text={t(`diagnosis.choice.${line.choice}`)} at={line.at} />
    case 'diagnosis':
      return <DiagnosisLine line={line} conversationId={conversationId} closed={closed} />
    case 'message': {
      const { message } = line
      const author = message.author === 'system' ? 'helper' : message.author
      const foreign =
        message.language && message.language !== localeOf[language] ? message.language : undefined
      return (
        <Bubble
          author={author}
          text={withFiles(message.text, message.files)}
          lang={foreign}
          redactions={message.redactions}
          {...(author === 'customer' ? { state: 'sent' as const, at: message.storedAt } : {})}
        />
      )
    }
    case 'outgoing': {
      const { item } = line
      const problem = item.failure && problemText(item.failure, language)
      return (
        <>
          <Bubble
            author="customer"
            text={withFiles(item.text, item.files)}
            state={problem ? 'failed' : 'sending'}
            onRetry={() => outbox.retry(item.clientMessageId)}
          />
          {problem && (
            <p className="chat-failure">
              {problem.title} {problem.body}{' '}
              {item.failure?.code === 'case_closed' && <A href="/help/new">{t('chat.start_new')}</A>}{' '}
              <button type="button" className="link" onClick={() => outbox.drop(item.clientMessageId)}>
                {t('chat.drop')}
              </button>
            </p>
          )}
        </>
      )
    }
  }
}

// The conversation of a case: customer, agents, helper, facts, notes, and what is just being sent. It stays at its
// end while one reads there, and never jumps while one reads above.

import { ArrowDown } from 'lucide-react'
import { Fragment, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from 'react'
import type { CaseDetail, Message } from '../../../../contract/desk.ts'
import {
  Button,
  Icon,
  Skeleton,
  TalkLog,
  TypingLine,
  formatDateLong,
  useLanguage,
} from '../../../ui/index.ts'
import { requests } from '../../data/requests.ts'
import { useWorkplace } from '../../data/workplace.tsx'
import { Failed } from '../../frame/Failed.tsx'
import { t } from '../../texts.ts'
import { onFocusNewest } from '../focus.ts'
import { useMessages } from '../useCase.ts'
import { startsGroup } from './messages.ts'
import { MessageLine, OutgoingLine } from './MessageLine.tsx'
import type { Outgoing } from './outbox.ts'

/** So many messages are drawn at first; the earlier ones on request. */
const firstShown = 150
const none: readonly Message[] = []

export function Talk({ detail }: { detail: CaseDetail }) {
  const { data = none, isPending, isError, error, refetch, isFetching } = useMessages(detail.id)
  const outgoing = useOutgoing(detail.id, data)
  const [shown, setShown] = useState(firstShown)
  const { scroller, atEnd, toEnd } = useStayAtEnd(data.length, outgoing.length)
  useMarkRead(detail, data, atEnd)
  const from = Math.max(0, data.length - shown)
  const visible = data.slice(from)
  return (
    <div className="case-talk">
      <div
        className="case-talk-scroll"
        ref={scroller}
        // What scrolls must be reachable by keys.
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="region"
        aria-label={t('talk.region')}
      >
        {isError && <Failed read={{ error, isFetching, refetch }} />}
        {isPending && <Skeleton rows={4} />}
        {from > 0 && (
          <Button look="quiet" small className="talk-earlier" onClick={() => setShown(shown + firstShown)}>
            {t('talk.earlier', { count: from })}
          </Button>
        )}
        {!isPending && data.length === 0 && outgoing.length === 0 && (
          <p className="mute talk-none">{t('talk.none')}</p>
        )}
        <TalkLog label={t('talk.label', { name: detail.customerName })}>
          {visible.map((message, index) => (
            <Fragment key={message.sequence}>
              <DayLine message={message} previous={data[from + index - 1]} />
              <MessageLine
                caseId={detail.id}
                message={message}
                customerName={detail.customerName}
                first={startsGroup(message, data[from + index - 1])}
                last={!data[from + index + 1] || startsGroup(data[from + index + 1]!, message)}
              />
            </Fragment>
          ))}
          {outgoing.map((message) => (
            <OutgoingLine key={message.clientMessageId} message={message} />
          ))}
        </TalkLog>
      </div>
      <div className="case-talk-foot">
        <Typing detail={detail} />
        {!atEnd && (
          <Button small className="talk-to-end" onClick={toEnd}>
            <Icon of={ArrowDown} size="xs" />
            {t('talk.to_end')}
          </Button>
        )}
      </div>
    </div>
  )
}

/** The day, where it changes. */
function DayLine({ message, previous }: { message: Message; previous: Message | undefined }) {
  const language = useLanguage()
  const day = formatDateLong(message.storedAt, { language })
  if (!previous || formatDateLong(previous.storedAt, { language }) === day) return null
  return (
    <div className="talk-day t12 mute3">
      <span>{day}</span>
    </div>
  )
}

function Typing({ detail }: { detail: CaseDetail }) {
  const { typing } = useWorkplace()
  const writes = useSyncExternalStore(typing.subscribe, () => typing.isTyping(detail.conversationId))
  return <TypingLine name={writes ? detail.customerName : undefined} />
}

/** What is on its way for this case and not yet among the stored messages. */
function useOutgoing(caseId: string, stored: readonly Message[]): Outgoing[] {
  const { outbox } = useWorkplace()
  const all = useSyncExternalStore(outbox.subscribe, outbox.getMessages)
  const known = new Set(stored.slice(-50).map((message) => message.clientMessageId))
  return all.filter((message) => message.caseId === caseId && !known.has(message.clientMessageId))
}

const nearEndPx = 48

/** At the end while one reads there, and again with what one writes oneself. */
function useStayAtEnd(stored: number, outgoing: number) {
  const scroller = useRef<HTMLDivElement>(null)
  const staying = useRef(true)
  const sent = useRef(outgoing)
  const [atEnd, setAtEnd] = useState(true)
  const toEnd = (): void => {
    const element = scroller.current
    if (element) element.scrollTop = element.scrollHeight
  }
  useEffect(() => {
    const element = scroller.current!
    const size = (): string => `${element.clientHeight} of ${element.scrollHeight}`
    let seen = size()
    const note = (): void => {
      const near = element.scrollHeight - element.scrollTop - element.clientHeight < nearEndPx
      // The trace came in above and took room: that is heard here before the observer hears it, and nobody scrolled away.
      if (!near && staying.current && seen !== size()) return
      staying.current = near
      setAtEnd(near)
    }
    // The room changes too: the composer grows, the trace turns, the window is resized.
    const room = new ResizeObserver(() => {
      seen = size()
      if (staying.current) toEnd()
    })
    room.observe(element)
    // Lines grow after they came in, e.g. when a refusal tells its reason.
    const lines = element.querySelector('.talk')
    if (lines) room.observe(lines)
    element.addEventListener('scroll', note, { passive: true })
    return () => {
      room.disconnect()
      element.removeEventListener('scroll', note)
    }
  }, [])
  useEffect(
    () =>
      onFocusNewest(() => {
        scroller.current?.focus()
        toEnd()
      }),
    [],
  )
  useLayoutEffect(() => {
    if (outgoing > sent.current) staying.current = true
    sent.current = outgoing
    if (staying.current) toEnd()
  }, [stored, outgoing])
  return { scroller, atEnd, toEnd }
}

/** Tells the server what was read: only when it is really on the screen. */
function useMarkRead(detail: CaseDetail, messages: readonly Message[], atEnd: boolean): void {
  const last = messages.at(-1)?.sequence ?? 0
  const told = useRef(0)
  useEffect(() => {
    const tell = (): void => {
      if (!atEnd || last <= told.current || document.visibilityState !== 'visible') return
      told.current = last
      requests.markRead(detail.id, last).catch(() => {
        // Told again with the next message.
        told.current = 0
      })
    }
    tell()
    document.addEventListener('visibilitychange', tell)
    return () => document.removeEventListener('visibilitychange', tell)
  }, [detail.id, last, atEnd])
}

// A conversation: bubbles of people, the helper's outlined ones, facts of the system in the middle, and
// notes that are never sent. Text of others is shown as text only, with its own direction.

import {
  Check,
  CheckCheck,
  CircleAlert,
  Clock,
  Info,
  ShieldCheck,
  StickyNote,
  type LucideIcon,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { formatTime, type Instant } from '../format/time.ts'
import { unbroken } from '../format/unbroken.tsx'
import { hasText, t, type UiMessageId } from '../i18n.ts'
import { useLanguage } from '../language.ts'
import { Avatar } from './Avatar.tsx'
import { Icon } from './Icon.tsx'

export type SendState = 'sending' | 'sent' | 'read' | 'failed'
const sendIcons: Record<SendState, LucideIcon> = {
  sending: Clock,
  sent: Check,
  read: CheckCheck,
  failed: CircleAlert,
}

/** The talk itself; new messages are read out politely. */
export const TalkLog = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="talk" role="log" aria-label={label}>
    {children}
  </div>
)

/** Who speaks from here on: name, what they are, when. The helper is always said to be no person. */
export function Speaker({
  author,
  name,
  at,
  zone,
  now,
}: {
  author: 'agent' | 'helper' | 'customer'
  name?: string
  at?: Instant
  zone?: string
  now?: Instant
}) {
  const language = useLanguage()
  const shown = author === 'helper' ? t('talk.helper') : (name ?? '')
  const role = author === 'helper' ? t('talk.not_a_person') : author === 'agent' ? t('talk.agent') : ''
  return (
    <div className="speaker">
      <Avatar
        kind={author === 'helper' ? 'helper' : author === 'agent' ? 'agent' : 'person'}
        name={name}
        size="s"
      />
      <span>
        <b>{shown}</b>
        {role && ` · ${role}`}
      </span>
      {at !== undefined && (
        <time dateTime={new Date(at).toISOString()}>{formatTime(at, { language, zone, now })}</time>
      )}
    </div>
  )
}

export type BubbleProps = {
  author: 'customer' | 'agent' | 'helper'
  /** Who is looking: one's own side is right. */
  view?: 'customer' | 'agent'
  text: ReactNode
  /** BCP 47 tag of the text when it is not the page's language. */
  lang?: string
  translation?: { text: string; lang: string }
  state?: SendState
  onRetry?: () => void
  /** What was taken out before it was stored: `redacted.KIND`. */
  redactions?: readonly string[]
  at?: Instant
  zone?: string
  now?: Instant
}

export function Bubble({
  author,
  view = 'customer',
  text,
  lang,
  translation,
  state,
  onRetry,
  redactions = [],
  at,
  zone,
  now,
}: BubbleProps) {
  const language = useLanguage()
  const mine = author === view
  return (
    <div className={`msg ${mine ? 'mine' : ''} ${view === 'agent' ? 'desk' : ''}`}>
      <div className={`bub ${author}`} lang={lang} dir="auto">
        {unbroken(text)}
      </div>
      {redactions.map((kind) => (
        <div className="bub-foot" key={kind}>
          <span className="fx">
            <Icon of={ShieldCheck} size="xs" />
            <span>
              {t(hasText(`redacted.${kind}`) ? (`redacted.${kind}` as UiMessageId) : 'redacted.other')}
            </span>
          </span>
        </div>
      ))}
      {translation && (
        <div className="bub-foot">
          <span lang={translation.lang}>{unbroken(translation.text)}</span> · {t('talk.translated')}
        </div>
      )}
      {(state || at !== undefined) && (
        <div className={`bub-foot ${state === 'failed' ? 'fail' : ''}`}>
          {at !== undefined && (
            <time dateTime={new Date(at).toISOString()}>{formatTime(at, { language, zone, now })}</time>
          )}
          {state && (
            <span className="fx">
              <Icon of={sendIcons[state]} size="xs" />
              {t(`talk.${state}`)}
            </span>
          )}
          {state === 'failed' && onRetry && (
            <button type="button" className="link" onClick={onRetry}>
              {t('talk.send_again')}
            </button>
          )}
        </div>
      )}
    </div>
  )
}

/** A fact of the system: centred, no bubble. */
export const SystemFact = ({ icon = Info, children }: { icon?: LucideIcon; children: ReactNode }) => (
  <div className="sysfact">
    <Icon of={icon} size="xs" />
    <span>{unbroken(children)}</span>
  </div>
)

/** An agent's note: it stays inside, the customer never gets it. */
export function Note({
  author,
  text,
  at,
  zone,
  now,
}: {
  author?: string
  text: ReactNode
  at?: Instant
  zone?: string
  now?: Instant
}) {
  const language = useLanguage()
  return (
    <div className="inote hold">
      <Icon of={StickyNote} size="sm" />
      <div className="grow" dir="auto">
        <b>{author ? t('talk.note_by', { name: author }) : t('talk.note')}</b> {unbroken(text)}
      </div>
      {at !== undefined && (
        <time dateTime={new Date(at).toISOString()}>{formatTime(at, { language, zone, now })}</time>
      )}
    </div>
  )
}

/** "Bagus is writing": in a place of its own, so that nothing moves. */
export const TypingLine = ({ name }: { name?: string }) => (
  <div className="typing" aria-live="polite">
    {name && t('talk.typing', { name })}
  </div>
)

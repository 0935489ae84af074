// Where agents write: a reply to the customer, or a note that stays inside. What is written is kept per case until
// it is sent; what is sent goes through the outbox and is never lost on the way.

import { Languages, StickyNote } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type RefObject } from 'react'
import type { CaseDetail, maximumMessageLength } from '../../../../contract/desk.ts'
import { uuidv7 } from '../../../../contract/ids.ts'
import { Button, Icon, localeOf, useLanguage } from '../../../ui/index.ts'
import { useMe, useWorkplace } from '../../data/workplace.tsx'
import { useKeys, sendKeys } from '../../frame/keys.ts'
import { t } from '../../texts.ts'
import { Closed } from '../closing/Closed.tsx'
import { focusCase, onFocusCase } from '../focus.ts'
import { useCaseRights } from '../rights.ts'
import { languageName } from '../words.ts'
import { keepDraft, readDraft, type Draft } from './drafts.ts'
import { onTakeBack } from './take-back.ts'

/** A typing notice goes out at most this often. */
const typingEveryMs = 3000
/** The contract's own figure, as a type: its value would bring the schema library into the page. */
const longestMessage: typeof maximumMessageLength = 4000
/** The rest is counted from here on. */
const countFrom = longestMessage - 500

export function Composer({ detail }: { detail: CaseDetail }) {
  const may = useCaseRights(detail)
  if (detail.state === 'solved') return <Closed detail={detail} />
  if (!may.reply && !may.note) return <p className="composer-closed mute t13">{t('composer.not_for_you')}</p>
  return <Open key={detail.id} detail={detail} mayReply={may.reply} forLeads={may.forLeads} />
}

type OpenProps = { detail: CaseDetail; mayReply: boolean; forLeads: boolean }

function Open({ detail, mayReply, forLeads }: OpenProps) {
  const { agentId } = useMe()
  const language = useLanguage()
  const { live, outbox } = useWorkplace()
  const input = useRef<HTMLTextAreaElement>(null)
  const [kept, setDraft] = useState<Draft>(() => readDraft(sessionStorage, agentId, detail.id))
  // A colleague has the case: what was begun as a reply can only become a note.
  const draft: Draft = mayReply ? kept : { ...kept, kind: 'note' }
  const lastTyping = useRef(0)
  const note = draft.kind === 'note'

  const change = (next: Draft): void => {
    setDraft(next)
    keepDraft(sessionStorage, agentId, detail.id, next)
  }
  useKeys({ r: () => focusCase('text'), n: () => focusCase('note') })
  useEffect(
    () =>
      onFocusCase((kind) => {
        if (kind) setDraft((before) => ({ ...before, kind }))
        input.current?.focus()
      }),
    [],
  )
  useEffect(
    () =>
      onTakeBack(({ caseId, kind, text }) => {
        if (caseId !== detail.id) return
        setDraft((before) => {
          const next = { kind, text: before.text ? `${text}\n${before.text}` : text }
          keepDraft(sessionStorage, agentId, detail.id, next)
          return next
        })
        input.current?.focus()
      }),
    [agentId, detail.id],
  )
  useGrowing(input, draft.text)

  const write = (text: string): void => {
    change({ ...draft, text })
    if (note || text === '' || Date.now() - lastTyping.current < typingEveryMs) return
    lastTyping.current = Date.now()
    live.typing(detail.conversationId)
  }
  const text = draft.text.trim()
  const left = longestMessage - draft.text.length
  const ready = text !== '' && left >= 0
  const send = (): void => {
    if (!ready) return
    outbox.add({ caseId: detail.id, clientMessageId: uuidv7(), kind: draft.kind, text })
    change({ text: '', kind: 'text' })
    lastTyping.current = 0
    input.current?.focus()
  }
  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !event.nativeEvent.isComposing) {
      event.preventDefault()
      send()
    }
    if (event.key === 'Escape') input.current?.blur()
  }
  return (
    <section className="composer" data-kind={draft.kind} aria-label={t('composer.label')}>
      <div className="composer-kinds t13">
        {(mayReply ? (['text', 'note'] as const) : (['note'] as const)).map((kind) => (
          <button
            key={kind}
            type="button"
            aria-pressed={draft.kind === kind}
            onClick={() => {
              change({ ...draft, kind })
              input.current?.focus()
            }}
          >
            {t(`composer.${kind}`)}
          </button>
        ))}
        <span className="grow" />
        {note ? (
          <span className="composer-hint">
            <Icon of={StickyNote} size="xs" />
            {mayReply
              ? t('composer.stays_inside')
              : forLeads
                ? t('composer.with_lead')
                : t('composer.with_colleague', { name: detail.agentName ?? '' })}
          </span>
        ) : (
          detail.language !== localeOf[language] && (
            <span className="composer-hint">
              <Icon of={Languages} size="xs" />
              {t('composer.reads', { language: languageName(detail.language) })}
            </span>
          )
        )}
      </div>
      <div className="composer-box">
        <textarea
          ref={input}
          rows={1}
          value={draft.text}
          placeholder={
            note ? t('composer.placeholder.note') : t('composer.placeholder', { name: detail.customerName })
          }
          aria-label={
            note ? t('composer.placeholder.note') : t('composer.placeholder', { name: detail.customerName })
          }
          aria-invalid={left < 0 || undefined}
          dir="auto"
          onChange={(event) => write(event.currentTarget.value)}
          onKeyDown={press}
        />
        <Button
          look="primary"
          small
          disabled={!ready}
          onClick={send}
          aria-keyshortcuts="Control+Enter Meta+Enter"
        >
          {note ? t('composer.keep') : t('composer.send')}
          <span className="composer-keys" aria-hidden="true">
            {sendKeys()}
          </span>
        </Button>
      </div>
      {draft.text.length > countFrom && (
        <div className={`t12 num ${left < 0 ? 'composer-over' : 'mute'}`} role="status">
          {left < 0 ? t('composer.too_long', { count: -left }) : t('composer.left', { count: left })}
        </div>
      )}
    </section>
  )
}

/** The field grows with what is written, up to what CSS allows. */
function useGrowing(input: RefObject<HTMLTextAreaElement | null>, text: string): void {
  useLayoutEffect(() => {
    const element = input.current
    if (!element) return
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight}px`
  }, [input, text])
}

// How a conversation ended, what the customer thinks of it, and the way on when it is not solved. Reopening goes out
// under one id until its answer is known: it opens the case once and stores the words once.

import { useEffect, useRef, useState } from 'react'
import type { Rating } from '../../../contract/desk.ts'
import { Button, Callout, ErrorNote, Sheet, TextArea, api, localeOf, useLanguage } from '../../ui/index.ts'
import { queryClient } from '../data/client.ts'
import type { Conversation } from '../data/types.ts'
import { useFormRun } from '../form/use-form-run.ts'
import { t } from '../texts.ts'
import { maximumMessageLength } from './limits.ts'

/** What is sent of a rating. */
type Rated = { score: number; comment?: string }

const scores = [1, 2, 3, 4, 5] as const
const commentLength = 1000
/** Pixels that still count as the end of the talk. */
const nearEnd = 240

export function Closing({ conversation }: { conversation: Conversation }) {
  useLanguage()
  const { outcome, solvedBy } = conversation
  const card = useRef<HTMLElement>(null)
  // Whoever reads the newest line sees how it ended; whoever reads further up is not moved.
  useEffect(() => {
    const frame = requestAnimationFrame(() => {
      const toEnd = document.documentElement.scrollHeight - (scrollY + innerHeight)
      if (toEnd < (card.current?.offsetHeight ?? 0) + nearEnd) card.current?.scrollIntoView({ block: 'end' })
    })
    return () => cancelAnimationFrame(frame)
  }, [])
  const lost = outcome === 'not_possible' || outcome === 'withdrawn'
  return (
    <section ref={card} className="card pad stack closing" aria-label={t('chat.outcome')}>
      <Callout
        tone={lost ? 'hold' : 'ok'}
        title={outcome && outcome !== 'solved' && t(`chat.outcome.${outcome}`)}
      >
        {solvedBy === 'helper' ? t('chat.outcome.by_helper') : t('chat.solved_note')}
      </Callout>
      {(conversation.canRate || conversation.rating) && (
        <Rate
          conversationId={conversation.id}
          rating={conversation.rating}
          mayChange={conversation.canRate}
        />
      )}
      <Reopen conversationId={conversation.id} />
    </section>
  )
}

function Rate({
  conversationId,
  rating,
  mayChange,
}: {
  conversationId: string
  rating: Rating | undefined
  mayChange: boolean
}) {
  useLanguage()
  const [editing, setEditing] = useState(!rating)
  const [score, setScore] = useState<number | undefined>(rating?.score)
  const [comment, setComment] = useState(rating?.comment ?? '')
  // An answer that is lost is found out by itself: the same marks sent again are the same rating.
  const { run, state } = useFormRun<Rated, Conversation>(
    `rate.${conversationId}`,
    async (_key, body, signal) => {
      const answer = await api.post<Conversation>(`/api/conversations/${conversationId}/rate`, body, {
        signal,
      })
      queryClient.setQueryData(['conversation', conversationId], answer)
      setScore(body.score)
      setEditing(false)
      return answer
    },
  )
  const waiting = state.step === 'sending' || state.step === 'finding'
  const picked = score !== undefined
  const form = useRef<HTMLDivElement>(null)
  // The form has become longer: what sends it must not be under the dock.
  useEffect(() => {
    if (editing && picked) form.current?.closest('.closing')?.scrollIntoView({ block: 'end' })
  }, [editing, picked])
  const send = (): void => {
    const words = comment.trim()
    if (score !== undefined) run.submit({ score, ...(words ? { comment: words } : {}) })
  }
  if (!editing && score !== undefined)
    return (
      <p className="rate-done" role="status">
        {t('chat.rate.thanks', { score })}{' '}
        {mayChange && (
          <button type="button" className="link" onClick={() => setEditing(true)}>
            {t('chat.rate.change')}
          </button>
        )}
      </p>
    )
  return (
    <div ref={form} className="stack">
      <fieldset className="segments" disabled={waiting}>
        <legend className="semi">{t('chat.rate')}</legend>
        <div className="segments-row rate">
          {scores.map((value) => (
            <label key={value}>
              <input
                type="radio"
                name={`score-${conversationId}`}
                value={value}
                checked={score === value}
                aria-label={t('chat.rate.score', { score: value })}
                onChange={() => setScore(value)}
              />
              <span aria-hidden="true">{value}</span>
            </label>
          ))}
        </div>
        <p className="rate-ends t13 mute" aria-hidden="true">
          <span>1 · {t('chat.rate.worst')}</span>
          <span>5 · {t('chat.rate.best')}</span>
        </p>
      </fieldset>
      {score !== undefined && (
        <>
          <TextArea
            label={t('chat.rate.words')}
            rows={2}
            maxLength={commentLength}
            value={comment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
          {state.step === 'finding' && <Finding />}
          {state.step === 'editing' && state.refusal && <ErrorNote problem={state.refusal} />}
          <Button look="primary" wide busy={waiting && t('chat.rate.busy')} onClick={send}>
            {t('chat.rate.send')}
          </Button>
        </>
      )}
    </div>
  )
}

/** No answer came; what was sent goes out again until there is one. */
const Finding = () => (
  <Callout tone="wait" title={t('refund.form.finding')}>
    {t('refund.form.finding.body')}
  </Callout>
)

function Reopen({ conversationId }: { conversationId: string }) {
  const language = useLanguage()
  const [open, setOpen] = useState(false)
  const [missing, setMissing] = useState('')
  const { run, state } = useFormRun<string, Conversation>(
    `reopen.${conversationId}`,
    async (key, body, signal) => {
      const answer = await api.post<Conversation>(
        `/api/conversations/${conversationId}/reopen`,
        { missing: body, clientMessageId: key, language: localeOf[language] },
        { signal },
      )
      queryClient.setQueryData(['conversation', conversationId], answer)
      void queryClient.invalidateQueries({ queryKey: ['messages', conversationId] })
      void queryClient.invalidateQueries({ queryKey: ['conversations'] })
      return answer
    },
  )
  const waiting = state.step === 'sending' || state.step === 'finding'
  return (
    <>
      <Button look="secondary" wide busy={waiting && t('chat.reopen.busy')} onClick={() => setOpen(true)}>
        {t('chat.not_solved')}
      </Button>
      <Sheet
        open={open}
        onClose={() => setOpen(false)}
        locked={waiting}
        title={t('chat.reopen.title')}
        actions={
          <>
            <Button
              look="primary"
              wide
              disabled={missing.trim() === ''}
              busy={waiting && t('chat.reopen.busy')}
              onClick={() => run.submit(missing.trim())}
            >
              {t('chat.reopen.send')}
            </Button>
            <Button look="quiet" wide onClick={() => setOpen(false)}>
              {t('chat.reopen.not')}
            </Button>
          </>
        }
      >
        <p className="t14 mute">{t('chat.reopen.body')}</p>
        <TextArea
          label={t('chat.reopen.field')}
          labelHidden
          data-autofocus
          maxLength={maximumMessageLength}
          value={missing}
          onInput={(event) => setMissing(event.currentTarget.value)}
        />
        {state.step === 'finding' && <Finding />}
        {state.step === 'editing' && state.refusal && <ErrorNote problem={state.refusal} />}
      </Sheet>
    </>
  )
}

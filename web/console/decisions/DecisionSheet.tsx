// One decision, closely: the facts as they are now, and the two ways on, each with a note that stays on record.

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Decision } from '../../../contract/refund.ts'
import type { TransactionDetail } from '../../../contract/trace.ts'
import {
  A,
  Button,
  ButtonLink,
  Callout,
  ErrorNote,
  Money,
  Skeleton,
  SlaChip,
  Trace,
  formatDeadline,
  formatMoney,
  toProblem,
  useLanguage,
} from '../../ui/index.ts'
import { leftOf } from '../approvals/words.ts'
import { useNow } from '../data/clock.ts'
import { noteSessionEnd, queryClient } from '../data/client.ts'
import { moneyKeys, moneyRequests } from '../data/money-requests.ts'
import { shownProblem } from '../data/problem.ts'
import { useMe } from '../data/workplace.tsx'
import { TwoPeople } from '../cases/money/TwoPeople.tsx'
import { NoteForm } from '../frame/NoteForm.tsx'
import { SidePanel } from '../frame/SidePanel.tsx'
import { isPresenceProblem, usePresence } from '../session/presence.tsx'
import { RefundFactList } from '../cases/money/RefundFactList.tsx'
import { t, type MessageId } from '../texts.ts'
import { ReturnsByItself } from './ReturnsByItself.tsx'
import { closingOf, notFound, type Closing } from './closing.ts'
import { useRefund } from './useDecisions.ts'
import { whyWords } from './words.ts'

type Way = 'grant' | 'decline' | 'return' | 'wait' | 'wait_on'
type Press = { chosen: Way; note: string }
const waysOf = {
  refund_review: ['decline', 'grant'],
  silent_shop: ['wait', 'return'],
  waiting_return: ['wait_on'],
  held_top_up: [],
  refused_pay_out: [],
} as const

export type DecisionSheetProps = {
  reference: string
  /** Absent when it is decided already, or was never to be. */
  decision: Decision | undefined
  onClose: () => void
}

export function DecisionSheet({ reference, decision: given, onClose }: DecisionSheetProps) {
  const language = useLanguage()
  const me = useMe()
  const now = useNow(1000)
  // What was opened stays on the screen when deciding takes it off the list.
  const [first] = useState(given)
  const decision = given ?? first
  const [way, setWay] = useState<Way | null>(null)
  const isRefund = reference.startsWith('RF-')
  const { data: refund, isError, error } = useRefund(reference, isRefund)
  const presence = usePresence()
  const decide = useMutation({
    mutationFn: ({ chosen, note }: Press): Promise<unknown> =>
      chosen === 'grant' || chosen === 'decline'
        ? moneyRequests.decideRefund(reference, { decision: chosen, note })
        : moneyRequests.decideSilentShop(reference, {
            decision: chosen === 'return' ? chosen : 'wait',
            note,
          }),
    onSuccess: (answer, { chosen }) => {
      setWay(null)
      if (chosen === 'grant' || chosen === 'decline')
        queryClient.setQueryData(moneyKeys.refund(reference), answer)
      void queryClient.invalidateQueries({ queryKey: moneyKeys.decisions })
    },
    onError: (failure, press) => {
      noteSessionEnd(failure)
      if (isPresenceProblem(failure)) return presence.ask(stepOf(press))
      void queryClient.invalidateQueries({ queryKey: moneyKeys.decisions })
    },
  })
  const done = decide.isSuccess ? decide.variables.chosen : undefined
  // Off the list without us: somebody was quicker, or the money went back by itself.
  const gone = !given && !done && !decide.isPending
  // Who is told that a colleague was quicker needs no second box for the same.
  const wasBeaten = decide.isError && toProblem(decide.error).code === 'conflict'
  const closing = closingOf({ reference, known: decision !== undefined, isRead: Boolean(refund), error })
  const forLead = decision?.escalated === true && me.role !== 'lead'
  const ways: readonly Way[] = decision && !done && !gone && !forLead ? waysOf[decision.kind] : []
  const amount = decision && formatMoney(decision.amount, { language })
  const needsTwo = (chosen: Way): boolean =>
    decision?.secondPerson === true && (chosen === 'grant' || chosen === 'return')
  const stepOf = (press: Press) => ({
    what: t('presence.grant', { amount: amount ?? '', name: decision?.customerName ?? '' }),
    submit: t(`decision.way.${press.chosen}`, { amount: amount ?? '' }),
    go: () => decide.mutate(press),
  })
  const send = (press: Press): void =>
    needsTwo(press.chosen) ? presence.guard(stepOf(press)) : decide.mutate(press)
  return (
    <SidePanel
      title={decision ? t(`decision.kind.${decision.kind}`) : t('decisions.title')}
      tag={<span className="tag num">{reference}</span>}
      clock={!done && !gone && decision && <SlaChip {...leftOf(decision.untilAt, now, language)} />}
      onClose={onClose}
      locked={decide.isPending || presence.asking}
      actions={
        way && !gone ? undefined : (
          <>
            {decision?.caseId && (
              <ButtonLink href={`/cases/${decision.caseId}?view=team`}>{t('approval.open_case')}</ButtonLink>
            )}
            {ways.map((each, index) => (
              <Button
                key={each}
                look={index === ways.length - 1 ? 'primary' : 'secondary'}
                className={index === ways.length - 1 ? 'grow' : ''}
                onClick={() => setWay(each)}
              >
                {t(`decision.way.${each}`, { amount: amount ?? '' })}
                {needsTwo(each) && <TwoPeople />}
              </Button>
            ))}
            {gone && closing === 'decided' && !decision?.caseId && (
              <ButtonLink href="/cases">{t('decision.closed.cases')}</ButtonLink>
            )}
            {ways.length === 0 && <Button onClick={onClose}>{t('close')}</Button>}
          </>
        )
      }
    >
      {decision && (
        <div className="approval-amount">
          <Money amount={decision.amount} size={36} sign="none" />
          <p className="mute">
            {[decision.customerName, decision.partyName, whyWords(decision)].filter(Boolean).join(' · ')}
          </p>
        </div>
      )}
      {gone && !wasBeaten && <Gone closing={closing} />}
      {decision && !done && !gone && <About decision={decision} />}
      {done && <Done way={done} refund={isRefund ? refund : undefined} />}
      {decide.isError && !isPresenceProblem(decide.error) && (
        <ErrorNote problem={shownProblem(decide.error)} />
      )}
      {!done && !gone && <ReturnsByItself refund={refund?.refund} />}
      {forLead && !gone && (
        <Callout tone="wait" title={t('decision.escalated')}>
          <p>{t('decision.escalated.body')}</p>
        </Callout>
      )}
      {decision && !done && !gone && !way && (
        <p className="t13 mute">
          {t(decision.escalated ? 'decision.then.lead' : `decision.then.${decision.kind}`, {
            at: formatDeadline(decision.untilAt, { language, now, withTime: true }),
          })}
        </p>
      )}
      {isRefund &&
        (refund ? (
          <RefundDetail refund={refund} />
        ) : isError ? (
          !(gone && closing) && <ErrorNote problem={shownProblem(error)} />
        ) : (
          <Skeleton rows={4} />
        ))}
      {presence.dialog}
      {way && !gone && (
        <NoteForm
          label={t(way === 'wait_on' ? 'decision.note.what' : 'decision.note')}
          hint={t(`decision.note.${way}`)}
          submit={
            way === 'grant' || way === 'return'
              ? t(`decision.way.${way}`, { amount: amount ?? '' })
              : t(`decision.submit.${way}`)
          }
          busy={decide.isPending && t('decision.busy')}
          onCancel={() => setWay(null)}
          onSubmit={(note) => send({ chosen: way, note })}
        />
      )}
    </SidePanel>
  )
}

/** Nothing is to decide, said once: beside what can still be read, or for what only its case shows now. */
function Gone({ closing }: { closing: Closing | undefined }) {
  if (closing === 'left')
    return (
      <Callout tone="hold" title={t('decision.gone')}>
        {t('decision.gone.body')}
      </Callout>
    )
  if (closing === 'decided') return <Callout tone="hold" title={t('decision.closed')} />
  if (closing === 'unknown') return <ErrorNote problem={notFound} />
  return null
}

/** What it is about and what may be done, where no refund's own facts say so. */
function About({ decision: { kind, why } }: { decision: Decision }) {
  if (kind === 'silent_shop') return <p>{t('decision.about.silent_shop')}</p>
  if (kind !== 'waiting_return') return null
  return <p>{t(why === 'wallet_stopped' ? 'decision.about.wallet_stopped' : 'decision.about.no_room')}</p>
}

function RefundDetail({ refund }: { refund: TransactionDetail }) {
  const now = useNow()
  return (
    <>
      {refund.refund && <RefundFactList reference={refund.reference} facts={refund.refund} />}
      <section aria-labelledby="decision-trace">
        <div className="approval-head">
          <h3 id="decision-trace">{t('decision.trace')}</h3>
        </div>
        <Trace
          hops={refund.hops}
          layout="upright"
          audience="agent"
          ownerNames={{ customer: t('trace.owner.customer.desk'), shop: refund.party.name }}
          now={now}
        />
      </section>
    </>
  )
}

/** What became of it, in one box: where it goes on, and what nobody needs to do any more. */
function Done({ way, refund }: { way: Way; refund: TransactionDetail | undefined }) {
  const { state: moved, waitingFor } = refund?.refund ?? {}
  const state = waitingFor === undefined || waitingFor === 'shop_funds' ? moved : waitingFor
  // Giving back what a silent shop has not confirmed always needs a second person: nothing has moved yet.
  const isAsked = way === 'return' || (way === 'grant' && state === 'awaiting_approval')
  const id = way === 'grant' && state ? `decision.done.grant.${state}` : `decision.done.${way}`
  return (
    <div role="status">
      <Callout
        tone={isAsked ? 'wait' : way === 'decline' ? 'hold' : 'ok'}
        title={t(
          way === 'return'
            ? 'decision.done.asked'
            : way === 'wait_on'
              ? 'decision.done.noted'
              : 'decision.done',
        )}
      >
        {t(
          (
            {
              'decision.done.grant.awaiting_approval': 'decision.done.grant.awaiting_approval',
              'decision.done.grant.waiting_for_funds': 'decision.done.grant.waiting_for_funds',
              'decision.done.grant.wallet_room': 'decision.done.grant.wallet_room',
              'decision.done.grant.wallet_stopped': 'decision.done.grant.wallet_stopped',
              'decision.done.grant.paid': 'decision.done.grant.paid',
              'decision.done.decline': 'decision.done.decline',
              'decision.done.return': 'decision.done.return',
              'decision.done.wait': 'decision.done.wait',
              'decision.done.wait_on': 'decision.done.wait_on',
            } as Record<string, MessageId>
          )[id] ?? 'decision.done.grant',
        )}
        {isAsked && (
          <p>
            <A href="/approvals">{t('decision.done.asked.see')}</A>
          </p>
        )}
      </Callout>
    </div>
  )
}

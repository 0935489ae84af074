// One approval, closely: how much, who asks whom, exactly what will happen, and the checks of now. A person who may not
// decide is told which rule says so. What is approved is the fingerprint that stands here, never another one.

import { useMutation } from '@tanstack/react-query'
import { ArrowRight, Check, CircleDashed, Clock, Stamp, X } from 'lucide-react'
import { useState } from 'react'
import type { Approval } from '../../../contract/refund.ts'
import {
  Avatar,
  Button,
  ButtonLink,
  Callout,
  ErrorNote,
  Icon,
  Money,
  Skeleton,
  SlaChip,
  formatFingerprint,
  formatMoney,
  formatTime,
  toProblem,
  useLanguage,
} from '../../ui/index.ts'
import { CustomersFiles } from '../data/CustomersFiles.tsx'
import { useNow } from '../data/clock.ts'
import { noteSessionEnd, queryClient } from '../data/client.ts'
import { moneyKeys, moneyRequests } from '../data/money-requests.ts'
import { shownProblem } from '../data/problem.ts'
import { useMay, useMe } from '../data/workplace.tsx'
import { ReturnsByItself } from '../decisions/ReturnsByItself.tsx'
import { useRefund } from '../decisions/useDecisions.ts'
import { isPresenceProblem, usePresence } from '../session/presence.tsx'
import { NoteForm } from '../frame/NoteForm.tsx'
import { SidePanel } from '../frame/SidePanel.tsx'
import { Failed } from '../frame/Failed.tsx'
import { t, T } from '../texts.ts'
import { stateLooks } from './states.ts'
import { placeApproval, readApprovalsAgain, useApproval } from './useApprovals.ts'
import { checkWords, kindTitle, leftOf, reasonWords, rowsOf } from './words.ts'

export function ApprovalSheet({ approvalId, onClose }: { approvalId: string; onClose: () => void }) {
  const { data, isError, error, isFetching, refetch } = useApproval(approvalId)
  if (data) return <Shown approval={data} onClose={onClose} />
  return (
    <SidePanel title={t('approval.kind.other')} onClose={onClose}>
      {isError ? <Failed read={{ error, isFetching, refetch }} /> : <Skeleton rows={5} />}
    </SidePanel>
  )
}

function Shown({ approval, onClose }: { approval: Approval; onClose: () => void }) {
  const language = useLanguage()
  const now = useNow(1000)
  const [declining, setDeclining] = useState(false)
  const presence = usePresence()
  const decide = useDecision(approval.id, (press) => presence.ask(approveStep(press)))
  const waits = approval.state === 'waiting'
  const amount = formatMoney(approval.amount, { language })
  const pending = decide.isPending ? decide.variables.how : undefined
  const approveStep = (press: Press) => ({
    what: t('presence.approve', { amount, name: approval.customerName }),
    submit: t('approval.approve', { amount }),
    go: () => decide.mutate(press),
  })
  return (
    <SidePanel
      title={kindTitle(approval.kind)}
      tag={<span className="tag num">{approval.number}</span>}
      clock={waits && <SlaChip {...leftOf(approval.expiresAt, now, language)} />}
      onClose={onClose}
      locked={decide.isPending || presence.asking}
      actions={
        declining ? undefined : (
          <>
            {approval.mayDecide && (
              <Button disabled={decide.isPending} onClick={() => setDeclining(true)}>
                {t('approval.decline')}
              </Button>
            )}
            {approval.caseId && (
              <ButtonLink href={`/cases/${approval.caseId}?view=team`}>{t('approval.open_case')}</ButtonLink>
            )}
            {approval.mayDecide && (
              <Button
                look="primary"
                icon={Stamp}
                className="grow"
                busy={pending === 'approve' && t('approval.approve.busy')}
                onClick={() =>
                  presence.guard(approveStep({ how: 'approve', payloadHash: approval.payloadHash }))
                }
              >
                {t('approval.approve', { amount })}
              </Button>
            )}
            {!approval.mayDecide && <Button onClick={onClose}>{t('close')}</Button>}
          </>
        )
      }
    >
      <div className="approval-amount">
        <Money amount={approval.amount} size={36} sign="none" />
        <p className="mute">
          <T id={leadOf(approval.kind)} values={{ name: approval.customerName }} components={{ b: <b /> }} />{' '}
          {reasonWords(approval.reason)}
        </p>
      </div>
      <Outcome approval={approval} />
      {decide.isError && <Refused error={decide.error} />}
      <TwoPeople approval={approval} />
      <Payload approval={approval} />
      {waits && <ComesBack approval={approval} />}
      {waits && <Evidence approval={approval} />}
      {waits && <Checks approval={approval} />}
      <CustomerReads approval={approval} />
      {presence.dialog}
      {declining && (
        <NoteForm
          label={t('approval.decline.note')}
          hint={t('approval.decline.hint', { name: approval.requestedBy.name })}
          submit={t('approval.decline.submit')}
          busy={pending === 'decline' && t('approval.decline.busy')}
          look="danger"
          onCancel={() => setDeclining(false)}
          onSubmit={(note) =>
            decide.mutate({ how: 'decline', note }, { onSuccess: () => setDeclining(false) })
          }
        />
      )}
    </SidePanel>
  )
}

type Press = { how: 'approve'; payloadHash: string } | { how: 'decline'; note: string }

function useDecision(id: string, onAbsent: (press: Press) => void) {
  return useMutation({
    mutationFn: (press: Press) =>
      press.how === 'approve'
        ? moneyRequests.approve(id, press.payloadHash)
        : moneyRequests.decline(id, press.note),
    onSuccess: placeApproval,
    onError: (error, press) => {
      noteSessionEnd(error)
      // The proof ran out on the way: asked for again, and the same is sent then.
      if (isPresenceProblem(error)) return onAbsent(press)
      // Somebody else was quicker, or it has changed: show how it stands now.
      void queryClient.invalidateQueries({ queryKey: moneyKeys.approval(id) })
      readApprovalsAgain()
    },
  })
}

function Refused({ error }: { error: unknown }) {
  // What the sheet now shows by itself needs no second box.
  const { code } = toProblem(error)
  if (code === 'approval_voided' || code === 'approval_expired' || code === 'presence_required') return null
  return <ErrorNote problem={shownProblem(error)} />
}

/** How it ended, when it has. */
function Outcome({ approval }: { approval: Approval }) {
  const language = useLanguage()
  const now = useNow(60_000)
  const { state, decidedBy, decidedAt, decisionNote, foundPayload } = approval
  if (state === 'waiting') return null
  const { tone, icon } = stateLooks[state]
  const at = decidedAt ? formatTime(decidedAt, { language, now }) : ''
  const body = {
    approved: t('approval.ended.approved', { name: decidedBy?.name ?? '', at }),
    declined: t('approval.ended.declined', { name: decidedBy?.name ?? '', at }),
    expired: t('approval.ended.expired', { at }),
    voided: foundPayload ? t('approval.ended.changed', { at }) : t('approval.ended.gone', { at }),
  }[state]
  return (
    <div role="status">
      <Callout tone={tone} icon={icon} title={t(`approval.state.${state}`)}>
        <p>{body}</p>
        {decisionNote && <blockquote className="approval-note">{decisionNote}</blockquote>}
      </Callout>
    </div>
  )
}

function TwoPeople({ approval }: { approval: Approval }) {
  const language = useLanguage()
  const me = useMe()
  const now = useNow(60_000)
  const { requestedBy, decidedBy, state, mayDecide } = approval
  const second = decidedBy?.name ?? (mayDecide ? me.displayName : undefined)
  const what = {
    waiting: mayDecide ? t('approval.you_decide') : t('approval.waits_for_another'),
    approved: t('approval.state.approved'),
    declined: t('approval.state.declined'),
    expired: t('approval.nobody_decided'),
    voided: t('approval.nobody_decided'),
  }[state]
  const { tone } = stateLooks[state]
  return (
    <div className="two-people">
      <span className="two-people-one">
        <Avatar name={requestedBy.name} kind={requestedBy.agentId ? 'person' : 'tile'} />
        <span>
          <b>{requestedBy.agentId === me.agentId ? t('approval.you') : requestedBy.name}</b>
          <span className="st ok t13">
            <Icon of={Check} size="xs" />
            {t('approval.requested', { at: formatTime(approval.requestedAt, { language, now }) })}
          </span>
        </span>
      </span>
      <Icon of={ArrowRight} size="sm" className="mute3" />
      <span className="two-people-one" data-you={mayDecide || undefined}>
        <Avatar name={second ?? '?'} kind={mayDecide ? 'self' : 'person'} />
        <span>
          <b>{second ?? t('approval.second_person')}</b>
          <span className={`st t13 ${tone}`}>
            <Icon of={state === 'waiting' ? CircleDashed : stateLooks[state].icon} size="xs" />
            {what}
          </span>
        </span>
      </span>
    </div>
  )
}

function Payload({ approval }: { approval: Approval }) {
  const language = useLanguage()
  const rows = rowsOf(approval, language)
  return (
    <section aria-labelledby="approval-payload">
      <div className="approval-head">
        <h3 id="approval-payload">
          {t(
            approval.state === 'waiting'
              ? 'approval.payload'
              : approval.state === 'approved'
                ? 'approval.payload.done'
                : 'approval.payload.not_done',
          )}
        </h3>
        {approval.state === 'waiting' && <span className="t13 mute">{t('approval.payload.hint')}</span>}
      </div>
      <dl className="payload">
        {rows.map((row) => (
          <div key={row.key} data-changed={row.changedTo !== undefined || undefined}>
            <dt>{row.name}</dt>
            <dd className="num">
              {row.changedTo === undefined ? (
                row.text
              ) : (
                <>
                  <del>
                    <span className="sr">{t('approval.shown_was')} </span>
                    {row.text}
                  </del>{' '}
                  <ins>
                    <span className="sr">{t('approval.shown_now')} </span>
                    {row.changedTo}
                  </ins>
                </>
              )}
            </dd>
          </div>
        ))}
        <div>
          <dt>{t('approval.row.once')}</dt>
          <dd className="mono">{approval.number}</dd>
        </div>
        <div>
          <dt>{t('approval.row.fingerprint')}</dt>
          <dd className="mono" title={approval.payloadHash}>
            {formatFingerprint(approval.payloadHash)}
          </dd>
        </div>
      </dl>
    </section>
  )
}

/** Its payment may come back by itself before anybody approves this: then nothing is left to approve. */
function ComesBack({ approval: { reference } }: { approval: Approval }) {
  const isRefund = reference.startsWith('RF-')
  const may = useMay('refund.decide')
  const { data } = useRefund(reference, isRefund && may)
  return <ReturnsByItself refund={data?.refund} />
}

/** The pictures that are approved with it, each under the fingerprint that stands among the rows. */
function Evidence({ approval: { payload, reference } }: { approval: Approval }) {
  const wanted = payload.some(({ key }) => key === 'evidence')
  const may = useMay('refund.decide')
  const { data } = useRefund(reference, wanted && may)
  const files = data?.refund?.evidence
  if (!wanted || !files) return null
  return (
    <section aria-labelledby="approval-evidence">
      <div className="approval-head">
        <h3 id="approval-evidence">{t('refund.fact.evidence')}</h3>
      </div>
      <CustomersFiles
        files={files}
        of={{ refund: reference }}
        captionOf={({ contentHash }) => formatFingerprint(contentHash)}
      />
    </section>
  )
}

function Checks({ approval }: { approval: Approval }) {
  return (
    <section aria-labelledby="approval-checks" aria-live="polite">
      <div className="approval-head">
        <h3 id="approval-checks">{t('approval.checks')}</h3>
        {!approval.mayDecide && (
          <span className="st wait t13">
            <Icon of={Clock} size="xs" />
            {t('approval.may_not')}
          </span>
        )}
      </div>
      <ul className="checks">
        {approval.checks.map(({ key, ok }) => (
          <li key={key} data-ok={ok}>
            <Icon of={ok ? Check : X} label={t(ok ? 'approval.check.met' : 'approval.check.not_met')} />
            {checkWords(key, ok)}
          </li>
        ))}
      </ul>
    </section>
  )
}

/** The very words that are sent when it is approved. */
/** Where the money goes, for whom: back to who paid, to who gets it, or back to the bank that sent it. */
const leadOf = (kind: string) =>
  kind === 'top_up.return'
    ? ('approval.lead.sent_for' as const)
    : kind === 'top_up.credit' || kind.startsWith('pay_out.')
      ? ('approval.lead.to' as const)
      : ('approval.lead' as const)

function CustomerReads({ approval: { customerName, customerReads } }: { approval: Approval }) {
  if (!customerReads) return null
  return (
    <figure className="refund-quote" aria-labelledby="approval-reads">
      <figcaption>
        <h3 id="approval-reads">{t('approval.customer_reads', { name: customerName })}</h3>
      </figcaption>
      <blockquote lang={customerReads.language}>{customerReads.text}</blockquote>
    </figure>
  )
}

// Money that waits for a place: a top-up that no wallet took, a pay-out that a shop's bank refused. The facts are read when the
// sheet opens (a look, recorded), and each way on takes a note that stays on record.

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { HeldTopUp, RefusedPayOut } from '../../../contract/decisions.ts'
import {
  Button,
  ButtonLink,
  Callout,
  ErrorNote,
  Money,
  Skeleton,
  SlaChip,
  formatDeadline,
  formatMoney,
  useLanguage,
} from '../../ui/index.ts'
import { leftOf } from '../approvals/words.ts'
import { TwoPeople } from '../cases/money/TwoPeople.tsx'
import { useNow } from '../data/clock.ts'
import { noteSessionEnd, queryClient } from '../data/client.ts'
import { moneyKeys, moneyRequests } from '../data/money-requests.ts'
import { shownProblem } from '../data/problem.ts'
import { useMe } from '../data/workplace.tsx'
import { NoteForm } from '../frame/NoteForm.tsx'
import { SidePanel } from '../frame/SidePanel.tsx'
import { isPresenceProblem, usePresence } from '../session/presence.tsx'
import { t, type MessageId } from '../texts.ts'
import { payOutRows, payOutWays, topUpRows, topUpWays, type PlaceWay } from './place-money.ts'
import { usePlaceMoney } from './useDecisions.ts'

type Press = { chosen: PlaceWay; note: string }

export type PlaceMoneySheetProps = {
  reference: string
  /** Where the customer asked about it. */
  caseId: string | undefined
  onClose: () => void
}

export function PlaceMoneySheet({ reference, caseId: given, onClose }: PlaceMoneySheetProps) {
  // Deciding takes it off the list that told the case.
  const [first] = useState(given)
  const caseId = given ?? first
  const kind = reference.startsWith('TP-') ? 'held_top_up' : 'refused_pay_out'
  const language = useLanguage()
  const me = useMe()
  const now = useNow(1000)
  const [way, setWay] = useState<PlaceWay | null>(null)
  const { data: facts, isError, error } = usePlaceMoney(reference)
  const presence = usePresence()
  const decide = useMutation({
    mutationFn: ({ chosen, note }: Press): Promise<HeldTopUp | RefusedPayOut> =>
      moneyRequests.decidePlace(reference, chosen, note),
    onSuccess: (answer) => {
      setWay(null)
      queryClient.setQueryData(moneyKeys.place(reference), answer)
      void queryClient.invalidateQueries({ queryKey: moneyKeys.decisions })
    },
    onError: (failure, press) => {
      noteSessionEnd(failure)
      if (isPresenceProblem(failure)) return presence.ask(stepOf(press))
      void queryClient.invalidateQueries({ queryKey: moneyKeys.decisions })
      void queryClient.invalidateQueries({ queryKey: moneyKeys.place(reference) })
    },
  })
  const amount = facts ? formatMoney(facts.amount, { language }) : ''
  const name = facts ? ('shopName' in facts ? facts.shopName : (facts.customerName ?? '')) : ''
  const forLead = facts !== undefined && facts.escalated && me.role !== 'lead'
  const possible = facts ? ('wallet' in facts ? topUpWays(facts) : payOutWays(facts)) : []
  const ways = forLead || decide.isSuccess ? [] : possible
  const needsTwo = (chosen: PlaceWay): boolean =>
    chosen === 'use_account' || (chosen !== 'hold' && facts?.secondPerson === true)
  const stepOf = (press: Press) => ({
    what: t('presence.grant', { amount, name }),
    submit: t(`decision.way.${press.chosen === 'return' ? 'send_back' : press.chosen}`, { amount }),
    go: () => decide.mutate(press),
  })
  const send = (press: Press): void =>
    needsTwo(press.chosen) ? presence.guard(stepOf(press)) : decide.mutate(press)
  const untilAt = facts && ('wallet' in facts ? facts.untilAt : (facts.nextPayOutAt ?? facts.lookAgainBy))
  const isStopped = facts !== undefined && 'onHold' in facts && facts.onHold
  const isOpen = possible.length > 0
  const thenWords: MessageId = facts?.escalated
    ? 'decision.then.lead'
    : isStopped
      ? 'decision.then.stopped'
      : `decision.then.${kind}`
  const rows = facts ? ('wallet' in facts ? topUpRows : payOutRows)(facts as never, language, now) : []
  return (
    <SidePanel
      title={t(`decision.kind.${kind}`)}
      tag={<span className="tag num">{reference}</span>}
      clock={isOpen && !decide.isSuccess && untilAt && <SlaChip {...leftOf(untilAt, now, language)} />}
      onClose={onClose}
      locked={decide.isPending || presence.asking}
      actions={
        way ? undefined : (
          <>
            {caseId && <ButtonLink href={`/cases/${caseId}?view=team`}>{t('approval.open_case')}</ButtonLink>}
            {ways.map((each, index) => (
              <Button
                key={each}
                look={index === ways.length - 1 ? 'primary' : 'secondary'}
                className={index === ways.length - 1 ? 'grow' : ''}
                onClick={() => setWay(each)}
              >
                {t(`decision.way.${each === 'return' ? 'send_back' : each}`, { amount })}
                {needsTwo(each) && <TwoPeople />}
              </Button>
            ))}
            {ways.length === 0 && <Button onClick={onClose}>{t('close')}</Button>}
          </>
        )
      }
    >
      {!facts ? (
        isError ? (
          <ErrorNote problem={shownProblem(error)} />
        ) : (
          <Skeleton rows={6} />
        )
      ) : (
        <>
          <div className="approval-amount">
            <Money amount={facts.amount} size={36} sign="none" />
            <p className="mute">{name}</p>
          </div>
          {decide.isSuccess ? (
            <div role="status">
              <Callout tone={decide.variables.chosen === 'hold' ? 'hold' : 'ok'} title={t('decision.done')}>
                {facts.proposed
                  ? t('decision.done.second_person')
                  : t(
                      `decision.done.${decide.variables.chosen === 'return' ? 'send_back' : decide.variables.chosen}`,
                    )}
              </Callout>
            </div>
          ) : facts.proposed ? (
            <Callout tone="wait" title={t('decision.proposed')}>
              <p>{t('decision.proposed.body', { note: facts.proposed.note })}</p>
            </Callout>
          ) : (
            !isOpen && (
              <Callout tone="hold" title={t('decision.gone')}>
                {t('decision.gone.body')}
              </Callout>
            )
          )}
          {forLead && (
            <Callout tone="wait" title={t('decision.escalated')}>
              <p>{t('decision.escalated.body')}</p>
            </Callout>
          )}
          {isOpen && !decide.isSuccess && <p>{t(`decision.about.${kind}`)}</p>}
          {isOpen && !decide.isSuccess && untilAt && !way && (
            <p className="t13 mute">
              {t(thenWords, {
                at: formatDeadline(untilAt, { language, now, withTime: true }),
              })}
            </p>
          )}
          {decide.isError && !isPresenceProblem(decide.error) && (
            <ErrorNote problem={shownProblem(decide.error)} />
          )}
          <dl className="payload">
            {rows.map(({ key, name: word, text }) => (
              <div key={key}>
                <dt>{word}</dt>
                <dd>{text}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      {presence.dialog}
      {way && (
        <NoteForm
          label={t('decision.note')}
          hint={t('decision.note.place')}
          submit={t(`decision.way.${way === 'return' ? 'send_back' : way}`, { amount })}
          busy={decide.isPending && t('decision.busy')}
          onCancel={() => setWay(null)}
          onSubmit={(note) => send({ chosen: way, note })}
        />
      )}
    </SidePanel>
  )
}

// Closing a case with its outcome. What the money tells is chosen beforehand; the customer reads what is chosen here.

import { useQueries } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { CaseDetail, CaseOutcome } from '../../../../contract/desk.ts'
import { Button, Callout, ChoiceCards, ErrorNote, Sheet } from '../../../ui/index.ts'
import { queryClient } from '../../data/client.ts'
import { shownProblem } from '../../data/problem.ts'
import { keys, requests } from '../../data/requests.ts'
import { t } from '../../texts.ts'
import { useMessages } from '../useCase.ts'
import { outcomeFrom, outcomes, stillMoves } from './outcome.ts'
import { isRefusedForWords, lastSeen, wroteSince } from './written.ts'

export type SolveSheetProps = {
  detail: CaseDetail
  pending: boolean
  /** Why it was not closed. */ error: unknown
  /** `seen`: the last message that stood in the talk when this was opened. */
  onSolve: (outcome: CaseOutcome, seen: number) => void
  /** Closes this, and shows what the customer has written meanwhile. */ onRead: () => void
  onClose: () => void
}

export function SolveSheet({ detail, pending, error, onSolve, onRead, onClose }: SolveSheetProps) {
  const form = useId()
  const [picked, pick] = useState<CaseOutcome | null>(null)
  const [seen] = useState(() => lastSeen(queryClient.getQueryData(keys.messages(detail.id))))
  const { data: messages } = useMessages(detail.id)
  const written = wroteSince(messages, seen) || isRefusedForWords(error)
  const money = useQueries({
    queries: detail.references.map((reference) => ({
      queryKey: keys.money(detail.id, reference),
      queryFn: ({ signal }: { signal: AbortSignal }) => requests.money(detail.id, reference, signal),
    })),
  })
  const known = money.flatMap(({ data }) => data ?? [])
  // A choice may not jump under the hand: it is made once all is read, or by the agent.
  const told = money.some(({ isPending }) => isPending) ? undefined : outcomeFrom(known)
  const chosen = picked ?? told ?? 'solved'
  return (
    <Sheet
      open
      onClose={onClose}
      locked={pending}
      title={t('solve.title')}
      actions={
        <>
          <Button onClick={onClose} disabled={pending}>
            {t('attach.cancel')}
          </Button>
          <Button
            look="primary"
            type="submit"
            form={form}
            busy={pending && t('action.solve.busy')}
            disabled={written}
          >
            {t('solve.submit')}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className="solve"
        onSubmit={(event) => {
          event.preventDefault()
          if (!pending && !written) onSolve(chosen, seen)
        }}
      >
        <p className="t13 mute">{t('solve.lead', { name: detail.customerName })}</p>
        {known.some(stillMoves) && <Callout tone="wait">{t('solve.moves')}</Callout>}
        {written && (
          <Callout tone="wait" title={t('solve.written', { name: detail.customerName })} alert>
            {t('solve.written.body')}{' '}
            <Button small onClick={onRead}>
              {t('solve.written.read')}
            </Button>
          </Callout>
        )}
        {!written && error !== null && error !== undefined && <ErrorNote problem={shownProblem(error)} />}
        <ChoiceCards
          legend={t('solve.title')}
          legendHidden
          value={chosen}
          onChange={pick}
          choices={outcomes.map((value) => ({
            value,
            label: t(`case.outcome.${value}`),
            detail: t(`solve.detail.${value}`),
          }))}
        />
        {told && picked === null && <p className="t13 mute">{t('solve.from_facts')}</p>}
      </form>
    </Sheet>
  )
}

// Closing a case with its outcome. What the money tells is chosen beforehand; the customer reads what is chosen here.

import { useQueries } from '@tanstack/react-query'
import { useId, useState } from 'react'
import type { CaseDetail, CaseOutcome } from '../../../../contract/desk.ts'
import { Button, Callout, ChoiceCards, ErrorNote, Sheet } from '../../../ui/index.ts'
import { shownProblem } from '../../data/problem.ts'
import { keys, requests } from '../../data/requests.ts'
import { t } from '../../texts.ts'
import { outcomeFrom, outcomes, stillMoves } from './outcome.ts'

export type SolveSheetProps = {
  detail: CaseDetail
  pending: boolean
  /** Why it was not closed. */ error: unknown
  onSolve: (outcome: CaseOutcome) => void
  onClose: () => void
}

export function SolveSheet({ detail, pending, error, onSolve, onClose }: SolveSheetProps) {
  const form = useId()
  const [picked, pick] = useState<CaseOutcome | null>(null)
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
          <Button look="primary" type="submit" form={form} busy={pending && t('action.solve.busy')}>
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
          if (!pending) onSolve(chosen)
        }}
      >
        <p className="t13 mute">{t('solve.lead', { name: detail.customerName })}</p>
        {known.some(stillMoves) && <Callout tone="wait">{t('solve.moves')}</Callout>}
        {error !== null && error !== undefined && <ErrorNote problem={shownProblem(error)} />}
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

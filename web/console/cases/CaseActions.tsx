// What one can do with the case itself. Only what works stands here; a refusal is said beside the buttons.

import { useMutation } from '@tanstack/react-query'
import { Check, CornerUpLeft, Hand } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode } from 'react'
import type { CaseDetail, CaseOutcome } from '../../../contract/desk.ts'
import { Button, ErrorNote } from '../../ui/index.ts'
import { noteSessionEnd, queryClient } from '../data/client.ts'
import { keys, requests } from '../data/requests.ts'
import { useWorkplace } from '../data/workplace.tsx'
import { shownProblem } from '../data/problem.ts'
import { t } from '../texts.ts'
import { SolveSheet } from './closing/SolveSheet.tsx'
import { isRefusedForWords } from './closing/written.ts'
import { focusNewest, focusOutcome } from './focus.ts'
import { useGoesOn } from './goes-on.ts'
import { usePressGuard } from './presses.ts'
import { useCaseRights } from './rights.ts'

type Action = 'take' | 'release' | { solve: CaseOutcome; seen: number }

export type CaseActionsProps = {
  detail: CaseDetail
  /** What can be done with the money that is shown. */ money?: ReactNode
}

export function CaseActions({ detail, money }: CaseActionsProps) {
  const { sync } = useWorkplace()
  const may = useCaseRights(detail)
  const [solving, setSolving] = useState(false)
  const presses = usePressGuard()
  const goesOn = useGoesOn(may)
  const act = useMutation({
    mutationFn: (action: Action) =>
      typeof action === 'string'
        ? requests[action](detail.id)
        : requests.solve(detail.id, action.solve, action.seen),
    onSuccess: (changed, action) => {
      if (typeof action !== 'string') focusOutcome()
      setSolving(false)
      queryClient.setQueryData(keys.case(detail.id), changed)
      sync.place(changed)
      // Who has the case may see its money; who has it no more must not keep it on the screen.
      for (const kind of ['money', 'diagnosis'])
        void queryClient.resetQueries({ queryKey: [kind, detail.id] })
      sync.take({ type: 'case.changed', caseId: detail.id })
    },
    onMutate: (action) => goesOn.pressed(action),
    onError: (error) => {
      goesOn.failed()
      noteSessionEnd(error)
      // Somebody else was quicker: show how it stands now.
      void queryClient.invalidateQueries({ queryKey: keys.case(detail.id) })
      if (isRefusedForWords(error)) void queryClient.invalidateQueries({ queryKey: keys.messages(detail.id) })
    },
  })
  const reads = useRef(false)
  // After the sheet has given the keyboard back to its button: it goes on in the talk.
  useEffect(() => {
    if (solving || !reads.current) return
    reads.current = false
    focusNewest()
  }, [solving])
  if (!may.take && !may.release && !may.solve) return null
  const busy = (action: 'take' | 'release'): string | false =>
    act.isPending && act.variables === action && t(`action.${action}.busy`)
  return (
    // The row itself does nothing; it only lets presses through to its buttons.
    <footer className="case-actions" {...presses}>
      {act.isError && !solving && !isRefusedForWords(act.error) && (
        <ErrorNote problem={shownProblem(act.error)} />
      )}
      {may.take && (
        <Button
          id={goesOn.takeId}
          look={detail.agentId === undefined ? 'primary' : 'secondary'}
          icon={Hand}
          busy={busy('take')}
          onClick={() => act.mutate('take')}
        >
          {detail.agentId === undefined ? t('action.take') : t('action.take_over')}
        </Button>
      )}
      {may.release && (
        <Button icon={CornerUpLeft} busy={busy('release')} onClick={() => act.mutate('release')}>
          {t('action.release')}
        </Button>
      )}
      {money}
      <span className="grow" />
      {may.solve && (
        <Button
          look="soft"
          icon={Check}
          aria-haspopup="dialog"
          onClick={() => {
            act.reset()
            setSolving(true)
          }}
        >
          {t('action.solve')}
        </Button>
      )}
      {may.solve && solving && (
        <SolveSheet
          detail={detail}
          pending={act.isPending}
          error={act.error}
          onSolve={(outcome, seen) => act.mutate({ solve: outcome, seen })}
          onRead={() => {
            reads.current = true
            setSolving(false)
          }}
          onClose={() => setSolving(false)}
        />
      )}
    </footer>
  )
}

// What one can do with the case itself. Only what works stands here; a refusal is said beside the buttons.

import { useMutation } from '@tanstack/react-query'
import { Check, CornerUpLeft, Hand } from 'lucide-react'
import type { CaseDetail } from '../../../contract/desk.ts'
import { Button, ErrorNote } from '../../ui/index.ts'
import { noteSessionEnd, queryClient } from '../data/client.ts'
import { keys, requests } from '../data/requests.ts'
import { useMay, useMe, useWorkplace } from '../data/workplace.tsx'
import { shownProblem } from '../data/problem.ts'
import { t } from '../texts.ts'

type Action = 'take' | 'release' | 'solve'

export function CaseActions({ detail }: { detail: CaseDetail }) {
  const me = useMe()
  const { sync } = useWorkplace()
  const mayReply = useMay('case.reply')
  const act = useMutation({
    mutationFn: (action: Action) => requests[action](detail.id),
    onSuccess: (changed) => {
      queryClient.setQueryData(keys.case(detail.id), changed)
      sync.place(changed)
      sync.take({ type: 'case.changed', caseId: detail.id })
    },
    onError: (error) => {
      noteSessionEnd(error)
      // Somebody else was quicker: show how it stands now.
      void queryClient.invalidateQueries({ queryKey: keys.case(detail.id) })
    },
  })
  if (!mayReply || detail.state === 'solved') return null
  const mine = detail.agentId === me.agentId
  const busy = (action: Action): string | false =>
    act.isPending && act.variables === action && t(`action.${action}.busy`)
  return (
    <footer className="case-actions">
      {act.isError && <ErrorNote problem={shownProblem(act.error)} />}
      {detail.agentId === undefined && (
        <Button look="primary" icon={Hand} busy={busy('take')} onClick={() => act.mutate('take')}>
          {t('action.take')}
        </Button>
      )}
      {mine && (
        <Button icon={CornerUpLeft} busy={busy('release')} onClick={() => act.mutate('release')}>
          {t('action.release')}
        </Button>
      )}
      <span className="grow" />
      {mine && (
        <Button look="soft" icon={Check} busy={busy('solve')} onClick={() => act.mutate('solve')}>
          {t('action.solve')}
        </Button>
      )}
    </footer>
  )
}

// The place of work: queue, case and customer side by side, as many of them as there is room for.

import { Drawer } from '@mantine/core'
import { MessagesSquare, X } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { useLocation, useSearchParams } from 'wouter'
import { Empty, IconButton } from '../../ui/index.ts'
import { useMay, useWorkplace } from '../data/workplace.tsx'
import { useKeys } from '../frame/keys.ts'
import { useWidth } from '../frame/width.ts'
import { t } from '../texts.ts'
import { CasePane } from './CasePane.tsx'
import { CustomerPane } from './customer/CustomerPane.tsx'
import { Queue } from './queue/Queue.tsx'
import { neighbourOf, viewsFor, type CaseView } from './queue/queue-state.ts'
import { useCases } from './queue/useCases.ts'
import { focusCase } from './focus.ts'

const viewOf = (text: string | null, supervises: boolean): CaseView =>
  viewsFor(supervises).find((view) => view === text) ?? 'mine'

export function CasesPage({ caseId }: { caseId?: string }) {
  const [search] = useSearchParams()
  const view = viewOf(search.get('view'), useMay('case.assign'))
  const [, navigate] = useLocation()
  const width = useWidth()
  const cases = useCases(view)
  const [drawer, setDrawer] = useState<'queue' | 'customer' | null>(null)
  useOpenCase(caseId)
  useEffect(() => setDrawer(null), [caseId, width])

  const select = (id: string): void =>
    navigate(`/cases/${id}?view=${view}`, { replace: caseId !== undefined })
  const step = (by: 1 | -1): void => {
    const next = neighbourOf(cases.data?.cases ?? [], caseId, by)
    if (next) select(next.id)
  }
  useKeys({ j: () => step(1), k: () => step(-1) })

  const queue = (
    <Queue
      view={view}
      cases={cases}
      selectedId={caseId}
      onSelect={select}
      onEnter={() => focusCase('text')}
    />
  )
  const customerBeside = width === 'wide'
  const queueBeside = width === 'wide' || width === 'middle'
  const toQueue = (): void => (width === 'narrow' ? setDrawer('queue') : navigate(`/cases?view=${view}`))
  return (
    <div className="cases" data-width={width} data-case={caseId !== undefined || undefined}>
      {queueBeside && queue}
      {!queueBeside && caseId === undefined && <main className="queue-alone">{queue}</main>}
      {caseId !== undefined ? (
        <CasePane
          key={caseId}
          caseId={caseId}
          onQueue={queueBeside ? undefined : toQueue}
          onCustomer={customerBeside ? undefined : () => setDrawer('customer')}
        />
      ) : (
        queueBeside && (
          <main className="case case-none">
            <Empty icon={MessagesSquare} title={t('case.none')}>
              {t('case.none.body')}
            </Empty>
          </main>
        )
      )}
      {customerBeside && caseId !== undefined && (
        <aside className="customer" aria-label={t('customer.label')}>
          <CustomerPane key={caseId} caseId={caseId} />
        </aside>
      )}
      {caseId !== undefined && (
        <>
          <SideDrawer
            opened={drawer === 'customer'}
            onClose={() => setDrawer(null)}
            side="right"
            title={t('customer.label')}
          >
            <CustomerPane key={caseId} caseId={caseId} />
          </SideDrawer>
          <SideDrawer
            opened={drawer === 'queue'}
            onClose={() => setDrawer(null)}
            side="left"
            title={t('cases.title')}
            className="queue-drawer"
          >
            {queue}
          </SideDrawer>
        </>
      )}
    </div>
  )
}

type SideDrawerProps = {
  opened: boolean
  onClose: () => void
  side: 'left' | 'right'
  title: string
  className?: string
  children: ReactNode
}

function SideDrawer({ opened, onClose, side, title, className, children }: SideDrawerProps) {
  const phone = useWidth() === 'phone'
  return (
    <Drawer.Root
      opened={opened}
      onClose={onClose}
      position={side}
      size={phone ? '100%' : '22rem'}
      offset={phone ? 0 : 12}
      radius={phone ? 0 : 'lg'}
    >
      <Drawer.Overlay />
      <Drawer.Content aria-label={title}>
        <Drawer.Body className={className}>
          <div className="drawer-head">
            <h2>{title}</h2>
            <IconButton icon={X} label={t('close')} onClick={onClose} />
          </div>
          {children}
        </Drawer.Body>
      </Drawer.Content>
    </Drawer.Root>
  )
}

/** Live facts treat the case on the screen as read. */
function useOpenCase(caseId: string | undefined): void {
  const { sync } = useWorkplace()
  useEffect(() => {
    sync.openCaseId = caseId
    return () => {
      sync.openCaseId = undefined
    }
  }, [sync, caseId])
}

// The queue: its views, one virtual list. Rows come, go and move while one reads; the row that stands first on
// the screen keeps its place, and the selected case stays selected.

import { useVirtualizer } from '@tanstack/react-virtual'
import { Inbox, MoveUp } from 'lucide-react'
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
  type KeyboardEvent,
  type RefObject,
} from 'react'
import type { CaseCard as Card } from '../../../../contract/desk.ts'
import { A, CaseCard, Empty, Icon, Skeleton } from '../../../ui/index.ts'
import { useNow } from '../../data/clock.ts'
import { useMay, useWorkplace } from '../../data/workplace.tsx'
import { useRem } from '../../frame/width.ts'
import { Failed } from '../../frame/Failed.tsx'
import { t } from '../../texts.ts'
import { subjectOf } from '../words.ts'
import { CaseClock } from './CaseClock.tsx'
import { Count, MoreViews } from './MoreViews.tsx'
import { neighbourOf, rowsMoved, viewsBehind, viewsFor, viewsInBar, type CaseView } from './queue-state.ts'
import type { useCases } from './useCases.ts'

/** Height of a row in rem; queue.css gives the row the same. */
const rowRem = 5.5
const rowId = (caseId: string): string => `case-${caseId}`
/** Read the next page when this many rows are left below. */
const rowsAhead = 12

export type QueueProps = {
  view: CaseView
  cases: ReturnType<typeof useCases>
  selectedId: string | undefined
  onSelect: (caseId: string) => void
  /** Enter in the list: on to the case itself. */
  onEnter: () => void
}

export function Queue({ view, cases, selectedId, onSelect, onEnter }: QueueProps) {
  const views = viewsFor(useMay('case.assign'))
  const { data, isError, error, refetch, isFetching } = cases
  const countOf = (each: CaseView): number | undefined => (each === 'solved' ? undefined : data?.counts[each])
  const hrefOf = (each: CaseView): string =>
    selectedId ? `/cases/${selectedId}?view=${each}` : `/cases?view=${each}`
  return (
    <section className="queue" aria-label={t('queue.label')}>
      <nav className="queue-views" aria-label={t('queue.views')}>
        {viewsInBar(views).map((each) => (
          <A key={each} href={hrefOf(each)} aria-current={each === view ? 'page' : undefined}>
            {t(`queue.view.${each}`)}
            <Count of={countOf(each)} />
          </A>
        ))}
        <MoreViews views={viewsBehind(views)} view={view} countOf={countOf} hrefOf={hrefOf} />
      </nav>
      {isError && (
        <div className="queue-problem">
          <Failed read={{ error, isFetching, refetch }} />
        </div>
      )}
      {!data && !isError && <Skeleton rows={6} />}
      {data?.cases.length === 0 && (
        <Empty icon={Inbox} title={t(`queue.empty.${view}`)}>
          {t(`queue.empty.${view}.body`)}
        </Empty>
      )}
      {data && data.cases.length > 0 && (
        <Rows
          key={view}
          rows={data.cases}
          more={data.next !== undefined}
          readMore={cases.readMore}
          selectedId={selectedId}
          onSelect={onSelect}
          onEnter={onEnter}
        />
      )}
    </section>
  )
}

type RowsProps = Pick<QueueProps, 'selectedId' | 'onSelect' | 'onEnter'> & {
  rows: Card[]
  more: boolean
  readMore: () => Promise<void>
}

function Rows({ rows, more, readMore, selectedId, onSelect, onEnter }: RowsProps) {
  const now = useNow()
  const scroller = useRef<HTMLDivElement>(null)
  const rowPx = useRem() * rowRem
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowPx,
    getItemKey: (index) => rows[index]!.id,
    overscan: 6,
    initialRect: { width: 0, height: 900 },
  })
  useEffect(() => virtual.measure(), [rowPx, virtual])
  const above = useSteadyRows(scroller, rows, rowPx)

  const items = virtual.getVirtualItems()
  const lastShown = items.at(-1)?.index ?? 0
  useEffect(() => {
    if (more && lastShown >= rows.length - rowsAhead) void readMore()
  })

  const selectedAt = rows.findIndex((row) => row.id === selectedId)
  useEffect(() => {
    if (selectedAt >= 0) virtual.scrollToIndex(selectedAt, { align: 'auto' })
    // Only when another case is selected: a row that moves must not pull the list along.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
  }, [selectedId])

  const press = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && selectedAt >= 0) {
      event.preventDefault()
      return onEnter()
    }
    const target = targetOf(event.key, rows, selectedId)
    if (!target) return
    event.preventDefault()
    onSelect(target.id)
  }
  const selectedShown = items.some((item) => item.index === selectedAt)
  return (
    <>
      <div
        ref={scroller}
        className="queue-rows"
        role="listbox"
        tabIndex={0}
        aria-label={t('queue.label')}
        aria-activedescendant={selectedShown && selectedId ? rowId(selectedId) : undefined}
        onKeyDown={press}
      >
        <div role="presentation" className="queue-room" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index]!
            return (
              <div
                key={item.key}
                role="presentation"
                className="queue-row"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <Row row={row} selected={row.id === selectedId} now={now} onSelect={onSelect} />
              </div>
            )
          })}
        </div>
      </div>
      {above > 0 && (
        <button
          type="button"
          className="queue-above"
          onClick={() => scroller.current?.scrollTo({ top: 0, behavior: 'smooth' })}
        >
          <Icon of={MoveUp} size="xs" />
          {t('queue.above', { count: above })}
        </button>
      )}
    </>
  )
}

function Row({
  row,
  selected,
  now,
  onSelect,
}: {
  row: Card
  selected: boolean
  now: number
  onSelect: (id: string) => void
}) {
  const { typing } = useWorkplace()
  const writes = useSyncExternalStore(typing.subscribe, () => typing.isTyping(row.conversationId))
  return (
    <CaseCard
      id={rowId(row.id)}
      case={row}
      subject={
        row.escalated ? t('queue.not_solved', { subject: subjectOf(row.subject) }) : subjectOf(row.subject)
      }
      selected={selected}
      typing={writes ? row.customerName : undefined}
      clock={<CaseClock card={row} now={now} />}
      onSelect={() => onSelect(row.id)}
    />
  )
}

/** Arrow keys, j and k, Home and End. */
function targetOf(key: string, rows: Card[], selectedId: string | undefined): Card | undefined {
  if (key === 'ArrowDown') return neighbourOf(rows, selectedId, 1)
  if (key === 'ArrowUp') return neighbourOf(rows, selectedId, -1)
  if (key === 'Home') return rows[0]
  if (key === 'End') return rows.at(-1)
  return undefined
}

/**
 * Keeps the first visible row where it is when rows come or go above it; at the very top new rows push down.
 * Returns how many rows came in above since the reader last stood at the top.
 */
function useSteadyRows(scroller: RefObject<HTMLDivElement | null>, rows: Card[], rowPx: number): number {
  const ids = useRef<string[]>([])
  const [above, setAbove] = useState(0)
  useLayoutEffect(() => {
    const before = ids.current
    const after = rows.map((row) => row.id)
    ids.current = after
    const element = scroller.current
    if (!element || before.length === 0 || element.scrollTop < rowPx / 2) return
    const moved = rowsMoved(before, after, Math.floor(element.scrollTop / rowPx))
    if (!moved) return
    element.scrollTop += moved * rowPx
    if (moved > 0) setAbove((count) => count + moved)
  }, [rows, rowPx, scroller])
  useEffect(() => {
    const element = scroller.current
    const atTop = (): void => {
      if (element && element.scrollTop < rowPx / 2) setAbove(0)
    }
    element?.addEventListener('scroll', atTop, { passive: true })
    return () => element?.removeEventListener('scroll', atTop)
  }, [rowPx, scroller])
  return above
}

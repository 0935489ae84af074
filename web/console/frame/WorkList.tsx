// A page that lists things to decide: its title line, and the four states that any list has.

import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Empty, Skeleton } from '../../ui/index.ts'
import { Failed } from './Failed.tsx'

export type WorkListProps = {
  /** Above the rows: views, a sentence. */
  head?: ReactNode
  query: {
    isError: boolean
    error: unknown
    isFetching: boolean
    refetch: () => unknown
  }
  /** Absent until the first answer. */
  count: number | undefined
  empty: { icon: LucideIcon; title: string; body: string }
  children: ReactNode
  /** Below the rows: what reads on. */
  foot?: ReactNode
}

export function WorkList({ head, query, count, empty, children, foot }: WorkListProps) {
  return (
    <main className="work">
      {head}
      <div className="work-inner">
        {query.isError && <Failed read={query} />}
        {count === undefined && !query.isError && <Skeleton rows={5} />}
        {count === 0 && (
          <Empty icon={empty.icon} title={empty.title}>
            {empty.body}
          </Empty>
        )}
        {count !== undefined && count > 0 && <ul className="work-rows card">{children}</ul>}
        {foot && <div className="work-foot">{foot}</div>}
      </div>
    </main>
  )
}

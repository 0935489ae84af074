// What a screen shows when there is nothing, not yet, no connection, or an error. None of them is a dead end.

import { CircleX, TriangleAlert, WifiOff, CircleCheck, type LucideIcon } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import type { ApiProblem } from '../api.ts'
import { formatClock, formatDeadline, type Instant } from '../format/time.ts'
import { unbroken } from '../format/unbroken.tsx'
import { t } from '../i18n.ts'
import { useLanguage } from '../language.ts'
import { problemText } from '../problem.ts'
import { Callout } from './Callout.tsx'
import { Icon } from './Icon.tsx'

/** What belongs here, and one way on. */
export const Empty = ({
  icon,
  title,
  children,
  action,
}: {
  icon: LucideIcon
  title: string
  children?: ReactNode
  action?: ReactNode
}) => (
  <div className="empty">
    <span className="arch-tile" aria-hidden="true">
      <Icon of={icon} size="lg" />
    </span>
    <b>{title}</b>
    {children && <p className="t14 mute">{children}</p>}
    {action}
  </div>
)

const skeletonAfterMs = 150

/** The shape of rows to come, shown only when they take longer than a blink. `immediate` is for pictures of it. */
export function Skeleton({ rows = 3, immediate }: { rows?: number; immediate?: boolean }) {
  const [shown, setShown] = useState(Boolean(immediate))
  useEffect(() => {
    if (immediate) return
    const timer = setTimeout(() => setShown(true), skeletonAfterMs)
    return () => clearTimeout(timer)
  }, [immediate])
  return (
    <div className={`skeleton ${shown ? '' : 'waiting'}`} role="status" aria-label={t('loading')}>
      {Array.from({ length: rows }, (_, row) => (
        <div className="skeleton-row" key={row}>
          <i className="skeleton-tile" />
          <span>
            <i style={{ width: `${[70, 55, 64][row % 3]}%` }} />
            <i className="thin" style={{ width: `${[45, 38, 50][row % 3]}%` }} />
          </span>
          <i />
        </div>
      ))}
    </div>
  )
}

/** No connection: what is still true, and that nothing is sent twice. */
export function Offline({ balanceAt, children }: { balanceAt?: Instant; children?: ReactNode }) {
  const language = useLanguage()
  return (
    <div className="stack">
      <Callout tone="hold" icon={WifiOff} title={t('offline.title')}>
        {balanceAt !== undefined && t('offline.balance_as_of', { at: formatClock(balanceAt, { language }) })}
      </Callout>
      {children}
      <p className="t13 mute">{t('offline.not_twice')}</p>
    </div>
  )
}

/** What happened, what was not lost, what to do; and, when the fault is ours, the reference to quote. */
export function ErrorNote({ problem, children }: { problem: ApiProblem; children?: ReactNode }) {
  const language = useLanguage()
  const { title, body, tone } = problemText(problem, language)
  return (
    <Callout tone={tone} icon={tone === 'fail' ? CircleX : undefined} title={title} alert>
      {unbroken(body)}
      {problem.reference && problem.status >= 500 && (
        <div className="t13 mute error-reference">
          {t('error.reference', { reference: problem.reference })}
        </div>
      )}
      {children}
    </Callout>
  )
}

export type IncidentBarProps = {
  title: string
  since: Instant
  untouched?: string
  nextUpdateAt?: Instant
  over?: boolean
  zone?: string
  now?: Instant
}

/** One line about what hits many: what, since when, what it does not touch, when we say more. */
export function IncidentBar({ title, since, untouched, nextUpdateAt, over, zone, now }: IncidentBarProps) {
  const language = useLanguage()
  const time = { language, zone, now, withTime: true }
  return (
    <div className={`incident ${over ? 'ok' : 'wait'}`} role="status">
      <span className="st semi">
        <Icon of={over ? CircleCheck : TriangleAlert} />
        {title}
      </span>
      <span className="mute">
        {over ? t('incident.over') : t('incident.since', { at: formatDeadline(since, time) })} {untouched}
      </span>
      {!over && nextUpdateAt !== undefined && (
        <span className="mute num">{t('incident.next', { at: formatDeadline(nextUpdateAt, time) })}</span>
      )}
    </div>
  )
}

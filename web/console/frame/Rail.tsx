// The ways through the console: only those that lead somewhere. At the left on desks, at the foot on phones.

import { ChartNoAxesColumn, Footprints, Inbox, Scale, Settings, Stamp, type LucideIcon } from 'lucide-react'
import { useLocation } from 'wouter'
import { A, Icon, Mark, formatCount } from '../../ui/index.ts'
import { useApprovals } from '../approvals/useApprovals.ts'
import { useDecisions } from '../decisions/useDecisions.ts'
import { useMay } from '../data/workplace.tsx'
import { t } from '../texts.ts'

export function Rail() {
  const seesWall = useMay('wall.read')
  const seesApprovals = useMay('approval.read')
  const decides = useMay('refund.decide')
  const audits = useMay('audit.read')
  const approvals = useApprovals('waiting', seesApprovals)
  const decisions = useDecisions(decides)
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      <span className="rail-mark">
        <Mark label={t('app.name')} />
      </span>
      <Way href="/cases" icon={Inbox} label={t('cases.title')} />
      {decides && (
        <Way
          href="/decisions"
          icon={Scale}
          label={t('decisions.title')}
          count={decisions.data?.decisions.length}
        />
      )}
      {seesApprovals && (
        <Way
          href="/approvals"
          icon={Stamp}
          label={t('approvals.title')}
          count={approvals.data?.counts.forMe}
        />
      )}
      {audits && <Way href="/looks" icon={Footprints} label={t('audit.looks.title')} />}
      {seesWall && <Way href="/wall" icon={ChartNoAxesColumn} label={t('wall.title')} />}
      <span className="grow" />
      <Way href="/settings" icon={Settings} label={t('settings.title')} />
    </nav>
  )
}

type WayProps = {
  href: string
  icon: LucideIcon
  label: string
  /** How many there wait for this person. */
  count?: number | undefined
}

function Way({ href, icon, label, count = 0 }: WayProps) {
  const [path] = useLocation()
  return (
    <A
      href={href}
      className="rail-way"
      title={label}
      aria-current={path.startsWith(href) ? 'page' : undefined}
    >
      <Icon of={icon} />
      <span className="rail-word">{label}</span>
      {count > 0 && (
        <>
          <span className="sr">{t('rail.count', { count })}</span>
          <span className="rail-count num" aria-hidden="true">
            {count > 99 ? '99+' : formatCount(count)}
          </span>
        </>
      )}
    </A>
  )
}

// The ways through the console: only those that lead somewhere. At the left on desks, at the foot on phones.

import { ChartNoAxesColumn, Inbox, Settings, type LucideIcon } from 'lucide-react'
import { useLocation } from 'wouter'
import { A, Icon, Mark } from '../../ui/index.ts'
import { useMay } from '../data/workplace.tsx'
import { t } from '../texts.ts'

export function Rail() {
  const seesWall = useMay('wall.read')
  return (
    <nav className="rail" aria-label={t('rail.label')}>
      <span className="rail-mark">
        <Mark label={t('app.name')} />
      </span>
      <Way href="/cases" icon={Inbox} label={t('cases.title')} />
      {seesWall && <Way href="/wall" icon={ChartNoAxesColumn} label={t('wall.title')} />}
      <span className="grow" />
      <Way href="/settings" icon={Settings} label={t('settings.title')} />
    </nav>
  )
}

function Way({ href, icon, label }: { href: string; icon: LucideIcon; label: string }) {
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
    </A>
  )
}

// The frame of a customer's screen: bar on top, tabs below with pay in the arch, a dock for the main action.

import { ChevronLeft, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { t } from '../i18n.ts'
import { Icon } from './Icon.tsx'
import { IconButton } from './Button.tsx'
import { A } from './Link.tsx'

/** `back` is where the arrow goes, or what it does. */
export function TopBar({
  title,
  back,
  action,
}: {
  title: string
  back?: string | (() => void)
  action?: ReactNode
}) {
  return (
    <header className="topbar">
      {typeof back === 'string' ? (
        <A className="ib" href={back} aria-label={t('back')}>
          <Icon of={ChevronLeft} size="lg" />
        </A>
      ) : back ? (
        <IconButton icon={ChevronLeft} label={t('back')} onClick={back} />
      ) : (
        <span />
      )}
      <h1>{title}</h1>
      {action ?? <span />}
    </header>
  )
}

export type Tab = {
  href: string
  label: string
  icon: LucideIcon
  current?: boolean
  badge?: number
  /** The one in the middle, in the arch. */ arch?: boolean
}

export function TabBar({ label, tabs }: { label: string; tabs: Tab[] }) {
  return (
    <nav className="tabbar" aria-label={label}>
      {tabs.map((tab) => (
        <A
          key={tab.href}
          href={tab.href}
          className={`tab ${tab.arch ? 'arch' : ''}`}
          aria-current={tab.current ? 'page' : undefined}
        >
          <span className="tab-icon">
            <Icon of={tab.icon} size="lg" />
            {tab.badge ? <i className="tab-dot" /> : null}
          </span>
          <span>
            {tab.label}
            {tab.badge ? <span className="sr">, {t('unread', { count: tab.badge })}</span> : null}
          </span>
        </A>
      ))}
    </nav>
  )
}

/** Within thumb's reach at the bottom: at most one primary and one quiet button. */
export const Dock = ({ children }: { children: ReactNode }) => <div className="dock">{children}</div>

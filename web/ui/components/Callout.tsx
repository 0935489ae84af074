// A tinted box that says one thing: what it is, and what to do. Icon and words together, never colour alone.

import { CircleAlert, CircleCheck, CircleX, Clock, Lock, Undo2, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import { Icon } from './Icon.tsx'
import type { Tone } from './StateBadge.tsx'

const toneIcons: Record<Tone, LucideIcon> = {
  ok: CircleCheck,
  wait: Clock,
  fail: CircleX,
  back: Undo2,
  hold: Lock,
}

export type CalloutProps = {
  tone: Tone
  title?: ReactNode
  icon?: LucideIcon
  children?: ReactNode
  /** Read out when it appears. */ alert?: boolean
}

export function Callout({ tone, title, icon, children, alert }: CalloutProps) {
  return (
    <div className={`note ${tone}`} role={alert ? 'alert' : undefined}>
      <Icon of={icon ?? toneIcons[tone] ?? CircleAlert} />
      <div className="grow">
        {title && <b>{title}</b>} {children}
      </div>
    </div>
  )
}

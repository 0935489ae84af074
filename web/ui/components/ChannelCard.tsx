// A way to reach us, with its live wait as the biggest word. A closed one says when it opens and what can be done now.

import {
  AtSign,
  CircleCheck,
  CircleX,
  Clock,
  Mail,
  MessageCircle,
  Moon,
  Phone,
  type LucideIcon,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { formatDuration } from '../format/duration.ts'
import { formatDeadline, type Instant } from '../format/time.ts'
import { t } from '../i18n.ts'
import { useLanguage } from '../language.ts'
import { Icon } from './Icon.tsx'
import { A } from './Link.tsx'
import type { Tone } from './StateBadge.tsx'

export type ChannelState = 'open' | 'busy' | 'closed' | 'unavailable'
export type ChannelCardProps = {
  channel: 'chat' | 'voice' | 'email' | 'social'
  state: ChannelState
  /** Replaces the channel's usual name: an address, a number. */
  name?: string
  expectedWaitSeconds?: number
  opensAt?: Instant
  closesAt?: Instant
  href?: string
  /** What can be done now although it is closed. */
  children?: ReactNode
  now?: Instant
}

const icons: Record<ChannelCardProps['channel'], LucideIcon> = {
  chat: MessageCircle,
  voice: Phone,
  email: Mail,
  social: AtSign,
}
const looks: Record<ChannelState, { tone: Tone; icon: LucideIcon }> = {
  open: { tone: 'ok', icon: CircleCheck },
  busy: { tone: 'wait', icon: Clock },
  closed: { tone: 'hold', icon: Moon },
  unavailable: { tone: 'hold', icon: CircleX },
}

/** A wait is told in whole minutes, never shorter than one. */
export const formatWait = (seconds: number): string =>
  t('channel.wait', { time: formatDuration(Math.max(60, Math.ceil(seconds / 60) * 60)) })

export function ChannelCard({
  channel,
  state,
  name,
  expectedWaitSeconds,
  opensAt,
  closesAt,
  href,
  children,
  now,
}: ChannelCardProps) {
  const language = useLanguage()
  const reachable = state === 'open' || state === 'busy'
  const { tone, icon } = looks[state]
  const opens = opensAt === undefined ? undefined : formatDeadline(opensAt, { language, now, withTime: true })
  const headline =
    reachable && expectedWaitSeconds !== undefined
      ? formatWait(expectedWaitSeconds)
      : reachable
        ? t('channel.open_now')
        : opens
          ? t('channel.opens', { at: opens })
          : t(`channel.state.${state}`)
  const content = (
    <>
      <Icon of={icons[channel]} size="lg" />
      <span className="t13 mute">{name ?? t(`channel.${channel}`)}</span>
      <span className="channel-wait">{headline}</span>
      <span className="channel-state">
        <span className={`st ${tone}`}>
          <Icon of={icon} />
          {t(`channel.state.${state}`)}
        </span>
        {reachable && closesAt !== undefined && (
          <span className="mute">
            {t('channel.until', { at: formatDeadline(closesAt, { language, now, withTime: true }) })}
          </span>
        )}
      </span>
      {children}
    </>
  )
  return href ? (
    <A className="card channel" href={href}>
      {content}
    </A>
  ) : (
    <div className="card channel">{content}</div>
  )
}

// A customer's data as an agent sees it: masked, open for five minutes after a reason, or not for them.
// Opening asks the server, which records it; the customer sees every look.

import { Eye, Lock } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { formatCountdown } from '../format/duration.ts'
import { t } from '../i18n.ts'
import { useLanguage } from '../language.ts'
import { Icon } from './Icon.tsx'

export type MaskedFieldProps = {
  name: string
  masked: string
  /** The value while it is open, and until when (server's time). */
  open?: { value: string; visibleUntil: string }
  /** Asks for the reason; absent when this reader may not: a lock says so, and the list's heading in words, once. */
  onReveal?: () => void
  /** Called when the time is over: forget the value. */
  onHide?: () => void
  now?: () => number
}

export function MaskedField({ name, masked, open, onReveal, onHide, now = Date.now }: MaskedFieldProps) {
  useLanguage()
  const value = useRef<HTMLElement>(null)
  const opened = open !== undefined
  const before = useRef(opened)
  // Its button is gone with the mask: the keyboard goes on at what it showed.
  useEffect(() => {
    if (opened && !before.current) value.current?.focus()
    before.current = opened
  }, [opened])
  return (
    <div className="masked">
      <dt>{name}</dt>
      <dd ref={value} tabIndex={-1} className={open ? 'num' : 'mask'}>
        {open ? open.value : masked}
      </dd>
      <dd>
        {open ? (
          <Countdown until={open.visibleUntil} now={now} onOver={onHide} />
        ) : onReveal ? (
          <button
            type="button"
            className="link"
            onClick={onReveal}
            aria-label={t('masked.reveal_name', { name })}
          >
            <Icon of={Eye} size="xs" />
            {t('masked.reveal')}
          </button>
        ) : (
          <span className="mute3" title={t('masked.not_for_you')}>
            <Icon of={Lock} size="xs" />
            <span className="sr">{t('masked.not_for_you')}</span>
          </span>
        )}
      </dd>
    </div>
  )
}

function Countdown({ until, now, onOver }: { until: string; now: () => number; onOver?: () => void }) {
  const secondsLeft = (): number => (new Date(until).getTime() - now()) / 1000
  const [left, setLeft] = useState(secondsLeft)
  const tick = useRef(() => {})
  useEffect(() => {
    tick.current = () => {
      setLeft(secondsLeft())
      if (secondsLeft() <= 0) onOver?.()
    }
  })
  useEffect(() => {
    const timer = setInterval(() => tick.current(), 1000)
    return () => clearInterval(timer)
  }, [])
  return (
    <span className="sla wait" role="timer">
      <Icon of={Eye} />
      <span className="sr">{t('masked.hides_in')} </span>
      {formatCountdown(left)}
    </span>
  )
}

// The clock of a row: the promise of the first reply, then who waits for whom.

import type { CaseCard } from '../../../../contract/desk.ts'
import {
  SlaChip,
  currentLanguage,
  formatClock,
  formatDuration,
  localeOf,
  walletZone,
} from '../../../ui/index.ts'
import { t } from '../../texts.ts'
import { clockOf, firstReplyOf, type CaseClock as Clock } from './sla.ts'

/** From here on a promise is told by its weekday and time, not by hours. */
const farSeconds = 12 * 3600

/** "Mon 09:00", in the wallet's zone. */
function weekdayClock(at: string): string {
  const language = currentLanguage()
  const weekday = new Intl.DateTimeFormat(localeOf[language], { weekday: 'short', timeZone: walletZone })
  return `${weekday.format(new Date(at))} ${formatClock(at, { language })}`
}

/** Up to the next whole minute: what is left changes once a minute, and never says "0 s left" for half a minute. */
const wholeMinutes = (seconds: number): number => Math.ceil(seconds / 60) * 60

export function clockWords(clock: Clock): string {
  switch (clock.kind) {
    case 'solved':
      return clock.outcome ? t(`case.outcome.${clock.outcome}`) : t('clock.solved')
    case 'customer':
      return t('clock.customer')
    case 'money':
      return clock.waitsOn ? t(`case.waits_on.${clock.waitsOn}`) : t('clock.money')
    case 'waits':
      return clock.seconds < 60
        ? t('clock.waits_now')
        : t('clock.waits', { time: formatDuration(clock.seconds) })
    case 'over':
      return clock.seconds < 60 ? t('clock.over_now') : t('sla.over', { time: formatDuration(clock.seconds) })
    case 'due': {
      if (clock.seconds > farSeconds) return weekdayClock(clock.dueAt)
      const time = formatDuration(wholeMinutes(clock.seconds))
      return clock.state === 'risk' ? t('clock.reply_in', { time }) : t('sla.left', { time })
    }
  }
}

export function CaseClock({ card, now }: { card: CaseCard; now: number }) {
  const clock = clockOf(card, now)
  return <SlaChip state={clock.state} text={clockWords(clock)} />
}

/** What the first reply took: green only when it was in time. */
export function FirstReply({ card, now }: { card: CaseCard; now: number }) {
  const reply = firstReplyOf(card)
  if (!reply) return <CaseClock card={card} now={now} />
  const time = formatDuration(reply.seconds)
  return reply.kept ? (
    <SlaChip state="met" text={t('sla.first_reply', { time })} />
  ) : (
    <SlaChip state="over" text={t('clock.late', { time })} />
  )
}

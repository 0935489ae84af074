// One row of the agents' queue: who, how long still, what, where, how much. It is an option of a
// listbox, moved through with the arrow keys; the list around it owns the focus.

import { AtSign, Mail, MessageCircle, PenLine, Phone, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CaseCard as CaseCardData } from '../../../contract/desk.ts'
import type { Instant } from '../format/time.ts'
import { t } from '../i18n.ts'
import { useLanguage } from '../language.ts'
import { Icon } from './Icon.tsx'
import { Money } from './Money.tsx'
import { FirstReplyChip } from './SlaChip.tsx'

export const channelIcons: Record<CaseCardData['channel'], LucideIcon> = {
  chat: MessageCircle,
  voice: Phone,
  email: Mail,
  social: AtSign,
}

export type CaseCardProps = {
  case: CaseCardData
  id: string
  /** The problem in words, `case.subject.SUBJECT`. */
  subject: string
  selected: boolean
  /** Name of another agent who is writing in it now. */
  typing?: string
  /** Replaces the clock of the first reply. */
  clock?: ReactNode
  now?: Instant
  onSelect: () => void
}

export function CaseCard({ case: row, id, subject, selected, typing, clock, now, onSelect }: CaseCardProps) {
  useLanguage()
  return (
    <div
      id={id}
      role="option"
      aria-selected={selected}
      className={`case-card ${row.unread ? 'unread' : ''}`}
      tabIndex={-1}
      onClick={onSelect}
      onKeyDown={(event) => event.key === 'Enter' && onSelect()}
    >
      <span className="case-card-line">
        <span className="case-card-name">{row.customerName}</span>
        {clock ?? (
          <FirstReplyChip
            dueAt={row.firstReplyDueAt}
            openedAt={row.openedAt}
            repliedAt={row.firstRepliedAt}
            now={now}
          />
        )}
      </span>
      <span className="cut">
        {subject}
        {row.unread > 0 && <span className="sr">, {t('unread', { count: row.unread })}</span>}
      </span>
      <span className="case-card-line t13 mute">
        <span className="fx">
          <Icon of={typing ? PenLine : channelIcons[row.channel]} size="xs" />
          {typing ? t('case.typing', { name: typing }) : t(`channel.${row.channel}`)}
        </span>
        {row.about ? <Money amount={row.about.amount} sign="none" /> : <span>{t('case.no_money')}</span>}
      </span>
    </div>
  )
}

// One row of the agents' queue: who, how long still, what, where, how much. It is an option of a
// listbox, moved through with the arrow keys; the list around it owns the focus.

import { AtSign, Mail, MessageCircle, PenLine, Phone, type LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CaseCard as CaseCardData } from '../../../contract/desk.ts'
import { t } from '../i18n.ts'
import { useLanguage } from '../language.ts'
import { Icon } from './Icon.tsx'
import { Money } from './Money.tsx'

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
  /** Who waits for whom, and how long: the same wherever the case is listed. */
  clock: ReactNode
  onSelect: () => void
}

export function CaseCard({ case: row, id, subject, selected, typing, clock, onSelect }: CaseCardProps) {
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
        {clock}
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

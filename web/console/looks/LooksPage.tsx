// For auditors: who of the staff looked at whom, when, at what and why. Newest first, by person, by customer, by days, by words.
// The same list stands before each customer for themselves.

import { Footprints, X } from 'lucide-react'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { Button, Icon, TextField, formatTime, hasText, useLanguage } from '../../ui/index.ts'
import { useNow } from '../data/clock.ts'
import type { AuditedLook } from '../data/requests.ts'
import { WorkList } from '../frame/WorkList.tsx'
import { t, type MessageId } from '../texts.ts'
import { useAuditedLooks, useLookFilter, type LookFilter } from './useLooks.ts'

type Change = (change: Partial<LookFilter>) => void
const word = (id: string, otherwise: string): string => (hasText(id) ? t(id as MessageId) : otherwise)

export function LooksPage() {
  const [filter, change] = useLookFilter()
  const query = useAuditedLooks(filter)
  const looks = query.data?.pages.flatMap((page) => page.looks)
  const isCut = Object.values(filter).some((value) => value !== '')
  return (
    <WorkList
      query={query}
      count={looks?.length}
      empty={{
        icon: Footprints,
        title: t(isCut ? 'audit.looks.none' : 'audit.looks.empty'),
        body: t(isCut ? 'audit.looks.none.body' : 'audit.looks.empty.body'),
      }}
      head={<Head filter={filter} change={change} looks={looks ?? []} />}
      foot={
        query.hasNextPage && (
          <Button
            small
            look="soft"
            busy={query.isFetchingNextPage && t('again.busy')}
            onClick={() => void query.fetchNextPage()}
          >
            {t('audit.looks.more')}
          </Button>
        )
      }
    >
      {looks?.map((look) => (
        <li key={look.id}>
          <Row look={look} change={change} />
        </li>
      ))}
    </WorkList>
  )
}

function Head({ filter, change, looks }: { filter: LookFilter; change: Change; looks: AuditedLook[] }) {
  const [q, setQ] = useState(filter.q)
  const search = (event: FormEvent): void => {
    event.preventDefault()
    change({ q: q.trim() })
  }
  return (
    <div className="looks-head">
      <p className="mute">{t('audit.looks.lead')}</p>
      <form className="looks-filter" role="search" onSubmit={search}>
        <TextField
          label={t('audit.looks.q')}
          type="search"
          enterKeyHint="search"
          maxLength={100}
          value={q}
          onChange={(event) => setQ(event.currentTarget.value)}
          onBlur={() => change({ q: q.trim() })}
        />
        <TextField
          label={t('audit.looks.from')}
          type="date"
          max={filter.to || undefined}
          value={filter.from}
          onChange={(event) => change({ from: event.currentTarget.value })}
        />
        <TextField
          label={t('audit.looks.to')}
          type="date"
          min={filter.from || undefined}
          value={filter.to}
          onChange={(event) => change({ to: event.currentTarget.value })}
        />
      </form>
      <Chosen filter={filter} change={change} looks={looks} />
    </div>
  )
}

/** The people that the list is cut down to, each to be taken away again. */
function Chosen({ filter, change, looks }: { filter: LookFilter; change: Change; looks: AuditedLook[] }) {
  // A name is known from the rows; it stays when the days leave none of them.
  const known = useRef(new Map<string, string>())
  useEffect(() => {
    for (const look of looks)
      known.current.set(look.agentId, look.agentName).set(look.customerId, look.customerName)
  }, [looks])
  const nameOf = (id: string): string =>
    looks.find((look) => look.agentId === id)?.agentName ??
    looks.find((look) => look.customerId === id)?.customerName ??
    known.current.get(id) ??
    '…'
  const chosen = (['agent', 'customer'] as const).filter((field) => filter[field] !== '')
  if (chosen.length === 0) return null
  return (
    <ul className="looks-chosen" aria-label={t('audit.looks.chosen')}>
      {chosen.map((field) => (
        <li key={field}>
          <Button small look="soft" icon={X} onClick={() => change({ [field]: '' })}>
            {t(`audit.looks.only.${field}`, { name: nameOf(filter[field]) })}
          </Button>
        </li>
      ))}
    </ul>
  )
}

function Row({ look, change }: { look: AuditedLook; change: Change }) {
  const language = useLanguage()
  const now = useNow(60_000)
  return (
    <div className="look-row">
      <time className="num t13 mute" dateTime={look.at}>
        {formatTime(look.at, { language, now })}
      </time>
      <span className="work-what">
        <span className="look-who">
          <Name title={t('audit.looks.filter')} onPick={() => change({ agent: look.agentId })}>
            {look.agentName}
          </Name>
          <Icon of={Footprints} size="xs" label={t('audit.looks.looked_at')} className="mute3" />
          <Name title={t('audit.looks.filter')} onPick={() => change({ customer: look.customerId })}>
            {look.customerName}
          </Name>
        </span>
        <span className="work-line">
          {word(`audit.looks.field.${look.field}`, look.field)}
          {look.reference && <span className="tag num">{look.reference}</span>}
        </span>
        <span className="work-line t13 mute">
          {[word(`reason.${look.reason}`, look.reason), look.caseNumber].filter(Boolean).join(' · ')}
        </span>
      </span>
    </div>
  )
}

const Name = ({ title, onPick, children }: { title: string; onPick: () => void; children: string }) => (
  <button type="button" className="look-name semi" title={title} onClick={onPick}>
    {children}
  </button>
)

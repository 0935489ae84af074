// Search over case numbers, references and names of customers with a case. A combobox: type, arrows, Enter.

import { useQuery } from '@tanstack/react-query'
import { Search } from 'lucide-react'
import { useDeferredValue, useId, useRef, useState, type KeyboardEvent } from 'react'
import { CaseCard, ErrorNote, Icon, Skeleton, formatReference } from '../../ui/index.ts'
import { CaseClock } from '../cases/queue/CaseClock.tsx'
import { subjectOf } from '../cases/words.ts'
import { useNow } from '../data/clock.ts'
import { keys, requests } from '../data/requests.ts'
import { shownProblem } from '../data/problem.ts'
import { t } from '../texts.ts'
import { useKeys } from './keys.ts'

const searchInputId = 'search'

export function SearchBox({ onOpen }: { onOpen: (caseId: string) => void }) {
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [active, setActive] = useState(0)
  const input = useRef<HTMLInputElement>(null)
  const listId = useId()
  const now = useNow()
  const asked = useDeferredValue(formatReference(text.trim()))
  const found = useQuery({
    queryKey: keys.search(asked),
    queryFn: ({ signal }) => requests.search(asked, signal),
    enabled: open && asked.length > 0,
    staleTime: 5000,
  })
  useKeys({ '/': () => input.current?.focus() })

  const rows = found.data?.cases ?? []
  const shown = open && asked !== ''
  const close = (): void => {
    setOpen(false)
    setText('')
    input.current?.blur()
  }
  const go = (caseId: string): void => {
    close()
    onOpen(caseId)
  }
  const press = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (event.key === 'Escape') return close()
    if (event.key === 'Enter' && rows[active]) return go(rows[active].id)
    if (!step || rows.length === 0) return
    event.preventDefault()
    setActive((active + step + rows.length) % rows.length)
  }
  return (
    <div className="search" role="search">
      <span className="search-box">
        <Icon of={Search} />
        <input
          ref={input}
          id={searchInputId}
          type="text"
          role="combobox"
          enterKeyHint="search"
          autoComplete="off"
          spellCheck={false}
          placeholder={t('search.placeholder')}
          aria-label={t('search.placeholder')}
          aria-expanded={shown}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={shown && rows[active] ? `${listId}-${active}` : undefined}
          maxLength={100}
          value={text}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          onKeyDown={press}
          onChange={(event) => {
            setText(event.currentTarget.value)
            setActive(0)
            setOpen(true)
          }}
        />
        <kbd className="kbd" aria-hidden="true">
          /
        </kbd>
      </span>
      {/* A press in the list must not take the focus from the input before it counts. */}
      <div
        role="presentation"
        className="search-found"
        hidden={!shown}
        onMouseDown={(event) => event.preventDefault()}
      >
        {found.isError && <ErrorNote problem={shownProblem(found.error)} />}
        {found.isLoading && <Skeleton rows={2} />}
        {found.data && rows.length === 0 && <p className="search-none mute">{t('search.none')}</p>}
        <div id={listId} role="listbox" aria-label={t('search.found')}>
          {rows.map((card, index) => (
            <CaseCard
              key={card.id}
              id={`${listId}-${index}`}
              case={card}
              subject={`${card.number} · ${subjectOf(card.subject)}`}
              selected={index === active}
              clock={<CaseClock card={card} now={now} />}
              onSelect={() => go(card.id)}
            />
          ))}
        </div>
        <span className="sr" role="status">
          {shown && found.data ? t('search.count', { count: rows.length }) : ''}
        </span>
      </div>
    </div>
  )
}

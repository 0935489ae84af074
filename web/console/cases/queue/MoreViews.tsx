// The views of the queue that are asked for less often, behind one word, so that the bar stays one line in every language. The
// word is the view itself while one of them is open.

import { Popover, UnstyledButton } from '@mantine/core'
import { Check, ChevronDown } from 'lucide-react'
import { useState } from 'react'
import { A, Icon, formatCount, useLanguage } from '../../../ui/index.ts'
import { t } from '../../texts.ts'
import type { CaseView } from './queue-state.ts'

/** How many cases a view has; nothing while that is not known. */
export function Count({ of }: { of: number | undefined }) {
  const language = useLanguage()
  return of === undefined ? null : <span className="num queue-count"> {formatCount(of, language)}</span>
}

export type MoreViewsProps = {
  views: readonly CaseView[]
  view: CaseView
  countOf: (view: CaseView) => number | undefined
  hrefOf: (view: CaseView) => string
}

export function MoreViews({ views, view, countOf, hrefOf }: MoreViewsProps) {
  const [open, setOpen] = useState(false)
  const shown = views.find((each) => each === view)
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-end"
      width={216}
      radius="md"
      shadow="lg"
      withinPortal={false}
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <UnstyledButton
          className={`queue-more ${shown ? 'on' : ''}`}
          aria-label={shown && t('queue.more.open', { view: t(`queue.view.${shown}`) })}
          onClick={() => setOpen(!open)}
        >
          <span className="cut">{shown ? t(`queue.view.${shown}`) : t('queue.more')}</span>
          <Icon of={ChevronDown} size="xs" />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className="queue-drop" aria-label={t('queue.more')}>
        {views.map((each) => (
          <A
            key={each}
            href={hrefOf(each)}
            aria-current={each === view ? 'page' : undefined}
            onClick={() => setOpen(false)}
          >
            <span className="grow">{t(`queue.view.${each}`)}</span>
            <Count of={countOf(each)} />
            {each === view && <Icon of={Check} size="xs" />}
          </A>
        ))}
      </Popover.Dropdown>
    </Popover>
  )
}

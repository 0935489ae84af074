// The views of the queue that are asked for less often, behind one word, so that the bar stays one line in every language. The
// word is the view itself while one of them is open.

import { Check, ChevronDown } from 'lucide-react'
import { Icon, formatCount, useLanguage } from '../../../ui/index.ts'
import { Menu, MenuLink } from '../../frame/Menu.tsx'
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
  const shown = views.find((each) => each === view)
  return (
    <Menu
      label={t('queue.more')}
      width={216}
      buttonClass={`queue-more ${shown ? 'on' : ''}`}
      buttonLabel={shown && t('queue.more.open', { view: t(`queue.view.${shown}`) })}
      button={
        <>
          <span className="cut">{shown ? t(`queue.view.${shown}`) : t('queue.more')}</span>
          <Icon of={ChevronDown} size="xs" />
        </>
      }
    >
      {(close) =>
        views.map((each) => (
          <MenuLink
            key={each}
            href={hrefOf(each)}
            aria-current={each === view ? 'page' : undefined}
            onClick={close}
          >
            <span className="grow">{t(`queue.view.${each}`)}</span>
            <Count of={countOf(each)} />
            {each === view && <Icon of={Check} size="xs" />}
          </MenuLink>
        ))
      }
    </Menu>
  )
}

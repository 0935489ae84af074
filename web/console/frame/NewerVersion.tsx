// The server has a newer build than this page. The bar says so and waits: whoever writes decides when to load it. Pages that
// are fetched when they are opened are gone with the old build; in their place stands the same way on.

import { RefreshCw } from 'lucide-react'
import { lazy, useLayoutEffect, useState, useSyncExternalStore, type ComponentType } from 'react'
import { Button, Empty, Icon, isNewerBuild, lookForNewerBuild, onNewerBuild } from '../../ui/index.ts'
import { t } from '../texts.ts'

const load = (): void => location.reload()

export function NewerVersion() {
  const newer = useSyncExternalStore(onNewerBuild, isNewerBuild)
  const [later, setLater] = useState(false)
  const shown = newer && !later
  // The frame gives the bar its height (frame.css): it covers nothing that somebody writes in.
  useLayoutEffect(() => {
    document.documentElement.toggleAttribute('data-newer', shown)
  }, [shown])
  return (
    <div role="status">
      {shown && (
        <div className="newer t13">
          <Icon of={RefreshCw} size="sm" />
          <span className="grow cut">{t('newer.ready')}</span>
          <Button small look="soft" onClick={load}>
            {t('newer.load')}
          </Button>
          <Button small look="quiet" onClick={() => setLater(true)}>
            {t('newer.later')}
          </Button>
        </div>
      )}
    </div>
  )
}

function NotLoaded() {
  return (
    <main className="settings">
      <Empty icon={RefreshCw} title={t('newer.page')}>
        <p>{t('newer.page.body')}</p>
        <Button look="primary" onClick={load}>
          {t('newer.load')}
        </Button>
      </Empty>
    </main>
  )
}

/** A page that is fetched when it is opened. When that fails, it says so in its place and looks for a newer build. */
export const laterPage = <Props extends object>(get: () => Promise<ComponentType<Props>>) =>
  lazy(async () => {
    try {
      return { default: await get() }
    } catch {
      void lookForNewerBuild()
      return { default: NotLoaded as ComponentType<Props> }
    }
  })

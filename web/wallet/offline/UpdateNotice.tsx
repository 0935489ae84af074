// A newer build is there. The customer decides when to change to it: never in the middle of a payment.

import { RefreshCw } from 'lucide-react'
import { useState, useSyncExternalStore } from 'react'
import { Button, Icon, useLanguage } from '../../ui/index.ts'
import { t } from '../texts.ts'
import { isNewerBuild, onNewerBuild } from '../../ui/newer-build.ts'

export function UpdateNotice() {
  useLanguage()
  const ready = useSyncExternalStore(onNewerBuild, isNewerBuild, isNewerBuild)
  const [later, setLater] = useState(false)
  if (!ready || later) return null
  return (
    <div className="update-notice" role="status">
      <Icon of={RefreshCw} />
      <span className="grow">{t('update.ready')}</span>
      <Button look="soft" small onClick={() => location.reload()}>
        {t('update.now')}
      </Button>
      <Button look="quiet" small onClick={() => setLater(true)}>
        {t('update.later')}
      </Button>
    </div>
  )
}

// An address that shows nothing. Never a dead end.

import { Compass } from 'lucide-react'
import { ButtonLinkTo } from './ButtonLinkTo.tsx'
import { Empty } from '../../ui/index.ts'
import { t } from '../texts.ts'
import { Page } from './Page.tsx'

export const NotFound = () => (
  <Page title={t('not_found.title')}>
    <Empty
      icon={Compass}
      title={t('not_found.title')}
      action={<ButtonLinkTo href="/">{t('not_found.home')}</ButtonLinkTo>}
    >
      {t('not_found.body')}
    </Empty>
  </Page>
)

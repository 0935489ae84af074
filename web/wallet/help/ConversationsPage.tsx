// All conversations of the customer.

import { MessageCircle } from 'lucide-react'
import { Empty, useLanguage } from '../../ui/index.ts'
import { useConversations } from '../data/queries.ts'
import { ButtonLinkTo } from '../frame/ButtonLinkTo.tsx'
import { Loaded } from '../frame/Loaded.tsx'
import { Page } from '../frame/Page.tsx'
import { t } from '../texts.ts'
import { ConversationRows } from './ConversationRows.tsx'

export default function ConversationsPage() {
  useLanguage()
  const read = useConversations()
  const write = (
    <ButtonLinkTo href="/help/new" look="primary" icon={MessageCircle} wide>
      {t('help.write')}
    </ButtonLinkTo>
  )
  return (
    <Page title={t('help.mine')} section="help" back="/help" dock={write}>
      <Loaded read={read} rows={5}>
        {({ conversations }) =>
          conversations.length ? (
            <ConversationRows conversations={conversations} />
          ) : (
            <Empty icon={MessageCircle} title={t('help.mine.empty')}>
              {t('help.mine.empty.body')}
            </Empty>
          )
        }
      </Loaded>
    </Page>
  )
}

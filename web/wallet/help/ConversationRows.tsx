// Conversations as rows: what it is about, the last words, how many are new.

import { MessageCircle } from 'lucide-react'
import { A, Icon, formatTime, movementIcon, useLanguage } from '../../ui/index.ts'
import type { Conversation } from '../data/types.ts'
import { t } from '../texts.ts'
import './help.css'

export function ConversationRows({ conversations }: { conversations: readonly Conversation[] }) {
  const language = useLanguage()
  return (
    <ul className="rows conversations">
      {conversations.map((conversation) => {
        const { about, lastMessage } = conversation
        return (
          <li key={conversation.id}>
            <A className="conversation" href={`/help/chat/${conversation.id}`}>
              <span className="av tile" aria-hidden="true">
                <Icon of={about ? movementIcon(about) : MessageCircle} />
              </span>
              <span className="grow">
                <span className="conversation-head">
                  <span className={conversation.unread ? 'semi cut' : 'med cut'}>
                    {about?.party.name ?? t('chat.general')}
                  </span>
                  <time className="t13 mute" dateTime={conversation.updatedAt}>
                    {formatTime(conversation.updatedAt, { language })}
                  </time>
                </span>
                <span className="conversation-head t14 mute">
                  <span className="cut" dir="auto">
                    {lastMessage?.kind === 'text'
                      ? lastMessage.text || t('chat.files')
                      : t('chat.number', { number: conversation.caseNumber })}
                  </span>
                  <span className="fx">
                    {conversation.state === 'solved' && <span className="tag">{t('chat.solved')}</span>}
                    {conversation.unread > 0 && (
                      <span className="unread">
                        <span aria-hidden="true">{conversation.unread}</span>
                        <span className="sr">{t('nav.unread', { count: conversation.unread })}</span>
                      </span>
                    )}
                  </span>
                </span>
              </span>
            </A>
          </li>
        )
      })}
    </ul>
  )
}

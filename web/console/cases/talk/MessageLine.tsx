// One line of the talk, as agents see it: customer at the left, our side at the right, facts and notes across.

import {
  Avatar,
  Bubble,
  DiagnosisText,
  Note,
  Speaker,
  SystemFact,
  useLanguage,
  localeOf,
} from '../../../ui/index.ts'
import type { Message } from '../../../../contract/desk.ts'
import { problemText } from '../../../ui/index.ts'
import { CustomersFiles } from '../../data/CustomersFiles.tsx'
import { useNow } from '../../data/clock.ts'
import { useMe, useWorkplace } from '../../data/workplace.tsx'
import { t } from '../../texts.ts'
import { takeBack } from './take-back.ts'
import { factIcon, factWords } from './facts.ts'
import type { Outgoing } from './outbox.ts'

export type MessageLineProps = {
  caseId: string
  message: Message
  customerName: string
  /** First and last of neighbouring messages by one author: the first has the face, the last has the time. */
  first: boolean
  last: boolean
}

export function MessageLine({ caseId, message, customerName, first, last }: MessageLineProps) {
  const language = useLanguage()
  const me = useMe()
  const now = useNow(60_000)
  const at = message.storedAt
  if (message.kind === 'fact')
    return <SystemFact icon={factIcon(message.fact)}>{factWords(message, language, now)}</SystemFact>
  if (message.kind === 'note')
    return (
      <Note
        author={message.authorId === me.agentId ? undefined : message.authorName}
        text={message.text}
        at={at}
        now={now}
      />
    )
  if (message.diagnosis)
    return (
      <>
        <div className="talk-speaker">
          <Speaker author="helper" name={message.authorName} />
        </div>
        <Bubble
          author="helper"
          view="agent"
          text={<DiagnosisText diagnosis={message.diagnosis} />}
          redactions={[]}
          at={last ? at : undefined}
          now={now}
        />
      </>
    )
  const lang = message.language && message.language !== localeOf[language] ? message.language : undefined
  if (message.author === 'customer')
    return (
      <div className="talk-row">
        {first ? <Avatar name={customerName} size="s" /> : <span className="talk-indent" />}
        <Bubble
          author="customer"
          view="agent"
          text={
            message.files ? (
              <>
                <CustomersFiles files={message.files} of={{ caseId }} />
                {message.text && <span>{message.text}</span>}
              </>
            ) : (
              message.text
            )
          }
          lang={lang}
          redactions={message.redactions}
          at={last ? at : undefined}
          now={now}
        />
      </div>
    )
  const other = message.author === 'agent' && message.authorId !== me.agentId
  return (
    <>
      {first && (other || message.author === 'helper') && (
        <div className="talk-speaker">
          <Speaker author={message.author === 'helper' ? 'helper' : 'agent'} name={message.authorName} />
        </div>
      )}
      <Bubble
        author={message.author === 'helper' ? 'helper' : 'agent'}
        view="agent"
        text={message.text}
        lang={lang}
        redactions={message.redactions}
        at={last ? at : undefined}
        now={now}
      />
    </>
  )
}

/** What is on its way, or was refused: then why, and the two ways on. */
export function OutgoingLine({ message }: { message: Outgoing }) {
  const { outbox } = useWorkplace()
  const { clientMessageId, kind, state, text, problem } = message
  const failed = state === 'failed'
  const line =
    kind === 'note' ? (
      <Note
        text={
          <>
            {text} {!failed && <span className="mute">· {t('talk.sending')}</span>}
          </>
        }
      />
    ) : (
      <Bubble author="agent" view="agent" text={text} state={failed ? 'failed' : 'sending'} />
    )
  return (
    <div className="talk-outgoing" data-kind={kind}>
      {line}
      {failed && (
        <div className="talk-failed t13">
          <span>{problem ? problemText(problem).title : t('talk.failed')}</span>
          <button type="button" className="link" onClick={() => outbox.retry(clientMessageId)}>
            {t('talk.send_again')}
          </button>
          <button type="button" className="link" onClick={() => takeBack(outbox, clientMessageId)}>
            {t('talk.take_back')}
          </button>
        </div>
      )}
    </div>
  )
}

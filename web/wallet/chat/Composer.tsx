// Where the customer writes. The draft outlives a reload; Enter sends where there is a real keyboard.

import { LockKeyhole, SendHorizontal, WifiOff } from 'lucide-react'
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent } from 'react'
import type { Attachment } from '../../../contract/files.ts'
import { AddedFiles, AddFiles } from '../attach/AddFiles.tsx'
import { fileLimits } from '../attach/limits.ts'
import { useFiles } from '../attach/use-files.ts'
import { maximumMessageLength } from './limits.ts'
import { Callout, Icon, IconButton, formatCount, useLanguage } from '../../ui/index.ts'
import { dropKept, keep, readKept } from '../data/keep.ts'
import { t } from '../texts.ts'
import { useTypingNotice } from './use-messages.ts'

const countFrom = maximumMessageLength - 300

export function Composer({
  conversationId,
  offline,
  onSend,
}: {
  conversationId: string
  /** Said here, where one writes: the top of a long talk is out of sight. */
  offline: boolean
  onSend: (text: string, files: Attachment[]) => void
}) {
  useLanguage()
  const draftName = `draft.${conversationId}`
  const [text, setText] = useState(() => readKept<string>(draftName)?.data ?? '')
  const field = useRef<HTMLTextAreaElement>(null)
  const notice = useTypingNotice(conversationId)
  const files = useFiles(`chat.${conversationId}`, fileLimits.perMessage)
  useEffect(() => {
    if (text.trim()) keep(draftName, text)
    else dropKept(draftName)
  }, [text, draftName])
  useLayoutEffect(() => {
    const element = field.current!
    element.style.height = 'auto'
    element.style.height = `${element.scrollHeight + 2}px`
  }, [text])
  const send = (): void => {
    const written = text.trim()
    // A picture that is still on its way belongs to these words.
    if (files.busy || (!written && files.ready.length === 0)) return
    onSend(written, files.list.take())
    setText('')
    field.current?.focus()
  }
  const onKey = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // Chinese input confirms its candidates with Enter too.
    if (
      event.key !== 'Enter' ||
      event.shiftKey ||
      event.nativeEvent.isComposing ||
      matchMedia('(pointer: coarse)').matches
    )
      return
    event.preventDefault()
    send()
  }
  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      <div role="status">
        {offline && (
          <Callout tone="hold" icon={WifiOff} title={t('offline.short')}>
            {t('chat.offline')}
          </Callout>
        )}
      </div>
      <p className="t13 mute composer-never">
        <Icon of={LockKeyhole} size="xs" />
        {t('talk.never_ask')}
      </p>
      <AddedFiles files={files} />
      {files.busy && text.trim() !== '' && <p className="t13 mute">{t('attach.wait_first')}</p>}
      <div className="composer-row">
        <AddFiles files={files} most={fileLimits.perMessage} compact />
        <textarea
          ref={field}
          rows={1}
          aria-label={t('chat.write')}
          placeholder={t('chat.write')}
          maxLength={maximumMessageLength}
          value={text}
          onInput={(event) => {
            setText(event.currentTarget.value)
            notice()
          }}
          onKeyDown={onKey}
        />
        <IconButton type="submit" icon={SendHorizontal} label={t('chat.send')} filled />
      </div>
      {text.length > countFrom && (
        <p className="t13 mute composer-count" role="status">
          {t('chat.left', { count: formatCount(maximumMessageLength - text.length) })}
        </p>
      )}
    </form>
  )
}

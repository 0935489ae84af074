// Adding pictures and documents: the device's own choice of camera or gallery, each with how far it is, what went wrong, and
// the way to try again or take it out. What happens is also read out.

import { FileText, ImagePlus, RotateCw, X } from 'lucide-react'
import { useRef, useState } from 'react'
import { Button, Icon, IconButton, problemText, useLanguage } from '../../ui/index.ts'
import { t } from '../texts.ts'
import type { FileItem } from './file-list.ts'
import { ownFile } from './own-file.ts'
import type { Files } from './use-files.ts'
import './attach.css'

/** Named types, not `image/*`: then phones hand over pictures in a kind that everybody can draw. */
const accept = 'image/jpeg,image/png,image/webp,application/pdf'

export function AddFiles({
  files,
  most,
  compact,
}: {
  files: Files
  most: number
  /** In the composer: an icon alone. */
  compact?: boolean
}) {
  useLanguage()
  const input = useRef<HTMLInputElement>(null)
  const [full, setFull] = useState(false)
  const choose = (): void => input.current?.click()
  return (
    <div className={`attach ${compact ? 'compact' : ''}`}>
      <input
        ref={input}
        type="file"
        accept={accept}
        multiple
        hidden
        aria-label={t('attach.add')}
        data-testid="attach-input"
        onChange={(event) => {
          setFull(!files.list.add([...(event.currentTarget.files ?? [])]))
          // The same file may be chosen again after it was taken out.
          event.currentTarget.value = ''
        }}
      />
      {compact ? (
        <IconButton icon={ImagePlus} label={t('attach.add')} onClick={choose} />
      ) : (
        <Button icon={ImagePlus} onClick={choose}>
          {t('attach.add')}
        </Button>
      )}
      {full && (
        <p className="t13 attach-full" role="status">
          {t('attach.full', { count: most })}
        </p>
      )}
    </div>
  )
}

export function AddedFiles({ files }: { files: Files }) {
  useLanguage()
  if (files.items.length === 0) return null
  return (
    <ul className="attach-list" aria-label={t('attach.list')}>
      {files.items.map((item, index) => (
        <AddedFile key={item.key} item={item} number={index + 1} files={files} />
      ))}
    </ul>
  )
}

function AddedFile({ item, number, files }: { item: FileItem; number: number; files: Files }) {
  const language = useLanguage()
  const { key, kind, state, share, preview, file, problem } = item
  const name = t(kind === 'document' ? 'attach.document' : 'attach.picture', { number })
  const words = problem && problemText(problem, language)
  const picture = preview ?? (file && kind === 'picture' ? ownFile(file) : undefined)
  const said = {
    preparing: t('attach.preparing'),
    sending: t('attach.sending', { percent: Math.round(share * 100) }),
    waiting: t('attach.waiting'),
    done: t('attach.done'),
    failed: words ? `${words.title} ${words.body}` : '',
  }[state]
  return (
    <li data-state={state}>
      <span className="attach-small">
        {picture ? <img src={picture} alt="" /> : <Icon of={kind === 'document' ? FileText : ImagePlus} />}
      </span>
      <span className="grow">
        <span className="med">{name}</span>
        <span className={`t13 attach-said ${state === 'failed' ? 'fail' : 'mute'}`} role="status">
          {said}
        </span>
        {state === 'sending' && <progress className="attach-share" max={1} value={share} aria-label={name} />}
      </span>
      {(state === 'waiting' || (state === 'failed' && problem?.code === 'system_error')) && (
        <IconButton icon={RotateCw} label={t('attach.again')} onClick={() => files.list.retry(key)} />
      )}
      <IconButton icon={X} label={t('attach.remove', { name })} onClick={() => files.list.remove(key)} />
    </li>
  )
}

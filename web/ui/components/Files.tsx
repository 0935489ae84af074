// Pictures and documents that somebody sent, small and in a row; a picture opens large in the page, a document is a download.
// Where a look is recorded, nothing is loaded before it is asked for.

import { FileText, Image as ImageIcon, ImageOff } from 'lucide-react'
import { useState } from 'react'
import type { Attachment } from '../../../contract/files.ts'
import { api, toProblem, type ApiProblem } from '../api.ts'
import { formatCount } from '../format/text.ts'
import { t } from '../i18n.ts'
import { useLanguage } from '../language.ts'
import { ErrorNote, Skeleton } from './Feedback.tsx'
import { Icon } from './Icon.tsx'
import { Sheet } from './Sheet.tsx'

export type FileRowProps = {
  files: readonly Attachment[]
  addressOf: (file: Attachment) => string
  /** Each look is recorded: the small picture is shown only after the large one was opened. */
  recorded?: boolean
  /** Said beside the large picture. */
  note?: string
  /** Said under each: for instance its fingerprint. */
  captionOf?: (file: Attachment) => string
}

export function FileRow({ files, addressOf, recorded, note, captionOf }: FileRowProps) {
  const language = useLanguage()
  const [open, setOpen] = useState<Attachment | null>(null)
  const [seen, setSeen] = useState<readonly string[]>([])
  const [broken, setBroken] = useState<readonly string[]>([])
  const show = (file: Attachment): void => {
    setOpen(file)
    setSeen([...seen, file.id])
    setBroken(broken.filter((id) => id !== file.id))
  }
  return (
    <>
      <ul className="files">
        {files.map((file, index) => {
          const values = { number: index + 1, count: files.length }
          const size = t('file.size', {
            size: formatCount(Math.max(1, Math.round(file.byteLength / 1024)), language),
          })
          const caption = captionOf?.(file)
          const small = (!recorded || seen.includes(file.id)) && !broken.includes(file.id)
          return (
            <li key={file.id}>
              {file.mediaType === 'application/pdf' ? (
                <a
                  className="file-tile"
                  href={addressOf(file)}
                  download
                  aria-label={t('file.document.number', values)}
                >
                  <Icon of={FileText} size="lg" />
                  <span className="t13">{size}</span>
                </a>
              ) : (
                <button
                  type="button"
                  className="file-tile"
                  aria-label={t('file.picture.number', values)}
                  onClick={() => show(file)}
                >
                  {small ? (
                    <img
                      src={addressOf(file)}
                      alt=""
                      width={file.width}
                      height={file.height}
                      loading="lazy"
                      decoding="async"
                      onError={() => setBroken([...broken, file.id])}
                    />
                  ) : (
                    <>
                      <Icon of={broken.includes(file.id) ? ImageOff : ImageIcon} size="lg" />
                      <span className="t13">{t('file.show')}</span>
                      <span className="t13 mute">{size}</span>
                    </>
                  )}
                </button>
              )}
              {caption && <span className="file-caption mono t13 mute">{caption}</span>}
            </li>
          )
        })}
      </ul>
      <Sheet open={open !== null} onClose={() => setOpen(null)} title={t('file.picture')}>
        {open && <Large key={open.id} file={open} address={addressOf(open)} note={note} />}
      </Sheet>
    </>
  )
}

function Large({ file, address, note }: { file: Attachment; address: string; note?: string | undefined }) {
  useLanguage()
  const [loaded, setLoaded] = useState(false)
  const [problem, setProblem] = useState<ApiProblem | null>(null)
  // A picture that fails does not say why; asked as a request, the server does.
  const explain = (): void => {
    api.get(address).catch((error: unknown) => setProblem(toProblem(error)))
  }
  return (
    <div className="file-view">
      {problem ? (
        <ErrorNote problem={problem} />
      ) : (
        <img
          className="file-large"
          src={address}
          alt={t('file.picture')}
          width={file.width}
          height={file.height}
          data-loaded={loaded}
          onLoad={() => setLoaded(true)}
          onError={explain}
        />
      )}
      {!loaded && !problem && <Skeleton rows={1} />}
      {note && <p className="t13 mute">{note}</p>}
    </div>
  )
}

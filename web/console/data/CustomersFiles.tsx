// Pictures and documents of a customer: nothing is loaded before somebody asks for it, because each look is recorded.

import type { Attachment } from '../../../contract/files.ts'
import { FileRow, useLanguage } from '../../ui/index.ts'
import { t } from '../texts.ts'

export type FilesProps = {
  files: readonly Attachment[]
  /** Where the reason to look lies: the case that holds them, or the refund that is to be decided. */
  of: { caseId: string } | { refund: string }
  captionOf?: (file: Attachment) => string
}

export function CustomersFiles({ files, of, captionOf }: FilesProps) {
  useLanguage()
  const root = 'caseId' in of ? `/api/cases/${of.caseId}` : `/api/refunds/${of.refund}`
  return (
    <FileRow
      files={files}
      addressOf={({ id }) => `${root}/files/${id}`}
      recorded
      note={t('file.look')}
      {...(captionOf ? { captionOf } : {})}
    />
  )
}

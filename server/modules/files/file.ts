// A file in words: what is stored of it, and what becomes of bytes that somebody sends.
import type { ErrorCode, ProblemValues } from '#contract/errors.ts'
import type { Attachment, MediaType } from '#contract/files.ts'

export interface StoredFile {
  id: string
  customerId: string
  mediaType: MediaType
  byteLength: number
  width: number | undefined
  height: number | undefined
  contentHash: Buffer
  addedAt: Date
  linkedAt: Date | undefined
}

/** What may be kept of the bytes that came, and what it is. */
export interface CleanFile {
  mediaType: MediaType
  content: Buffer
  width?: number
  height?: number
}

export type Cleaned =
  | ({ verdict: 'kept' } & CleanFile)
  | { verdict: 'refused'; code: ErrorCode; why: string; values?: ProblemValues }

export const refused = (code: ErrorCode, why: string, values?: ProblemValues): Cleaned => ({
  verdict: 'refused',
  code,
  why,
  ...(values ? { values } : {}),
})

export const damaged = (why: string): Cleaned => refused('file_not_understood', why)

export const attachmentOf = (file: StoredFile): Attachment => ({
  id: file.id,
  mediaType: file.mediaType,
  byteLength: file.byteLength,
  ...(file.width === undefined ? {} : { width: file.width }),
  ...(file.height === undefined ? {} : { height: file.height }),
  contentHash: file.contentHash.toString('hex'),
})

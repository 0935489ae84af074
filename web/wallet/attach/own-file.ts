// Where one's own files are read.

import type { Attachment } from '../../../contract/files.ts'

export const ownFile = ({ id }: Pick<Attachment, 'id'>): string => `/api/files/${id}/content`

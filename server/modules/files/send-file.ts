// How a file leaves: as a download of exactly the type that its content is, which no browser may run, guess about, frame or keep.
import type { FastifyReply } from 'fastify'
import type { MediaType } from '#contract/files.ts'

export interface FileToSend {
  mediaType: MediaType
  contentHash: Buffer
  content: Buffer
}

const endings: Readonly<Record<MediaType, string>> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/webp': 'webp',
  'application/pdf': 'pdf',
}

/** A page may still draw it: `<img>` asks for no disposition. */
export const sendFile = (reply: FastifyReply, file: FileToSend): FastifyReply =>
  reply
    .headers({
      'content-type': file.mediaType,
      'content-disposition': `attachment; filename="tuntas-${file.contentHash.toString('hex', 0, 4)}.${endings[file.mediaType]}"`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'same-origin',
      'cache-control': 'private, no-store',
    })
    .send(file.content)

/** For the documentation of a route that answers with a file. */
export const fileAnswer = {
  200: {
    description: 'The file itself, always as a download',
    content: Object.fromEntries(
      Object.keys(endings).map((type) => [type, { schema: { type: 'string', format: 'binary' } }]),
    ),
  },
}

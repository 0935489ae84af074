// Pictures and documents that customers add to a message or a refund: what is taken, how much, how it is shown.
// A file has no name: it is known by its id and by the SHA-256 of exactly what is kept.
import { Type, type Static } from 'typebox'
import { UuidSchema, oneOf } from './schema.ts'

/** Proven by the content, never believed of a name or a header. */
export const MediaTypeSchema = oneOf('image/jpeg', 'image/png', 'image/webp', 'application/pdf')
export type MediaType = Static<typeof MediaTypeSchema>

export const fileLimits = {
  /** Of what is sent; the wallet shrinks a picture before. */
  bytes: 5 * 1024 * 1024,
  /** Of a picture: the longest side, and all of it. What unpacks to more is refused by its header, unread. */
  sidePixels: 12_000,
  pixels: 50_000_000,
  /** Added by one customer in 24 hours. */
  perDay: 30,
  perMessage: 5,
  perRefund: 5,
  /** In one conversation, over all its messages. */
  perConversation: 60,
  /** How long a file is kept that was added and never sent. */
  unsentHours: 24,
} as const

export const AttachmentSchema = Type.Object({
  id: UuidSchema,
  mediaType: MediaTypeSchema,
  byteLength: Type.Integer(),
  /** Of a picture. */
  width: Type.Optional(Type.Integer()),
  height: Type.Optional(Type.Integer()),
  /** SHA-256 of what is kept: of a picture without place and camera. */
  contentHash: Type.String({ pattern: '^[0-9a-f]{64}$' }),
})
export type Attachment = Static<typeof AttachmentSchema>

// POST   /api/files (customers' address, Idempotency-Key, the file itself as body with its content type) → Attachment.
//        file_kind_refused, file_not_understood, file_unsafe, file_too_large, picture_too_big, file_limit.
// GET    /api/files/:id/content (customers' address) → the bytes, as a download that runs nothing; not_found for anybody else's.
// DELETE /api/files/:id (customers' address): 204 while it was not sent; conflict afterwards.
// GET    /api/cases/:id/files/:fileId (agents' address) → the bytes, of a file that the case holds. Each look is recorded.
// GET    /api/refunds/:reference/files/:fileId (agents' address) → the bytes, for whoever may decide. Each look is recorded.

/** Ids of files that were added before, each once. */
export const fileIdsOf = (most: number) =>
  Type.Array(UuidSchema, { minItems: 1, maxItems: most, uniqueItems: true })

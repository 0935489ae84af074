// Values that nobody may read in the database, such as codes: encrypted, and bound to their message.
import { decrypt, encrypt } from '#platform/secrets.ts'

export function sealValues(key: Buffer, messageId: string, values: Record<string, string>): Buffer {
  return encrypt(key, JSON.stringify({ messageId, values }))
}

/** Throws when the bytes were changed or belong to another message. */
export function openValues(key: Buffer, messageId: string, sealed: Buffer): Record<string, string> {
  const opened = JSON.parse(decrypt(key, sealed)) as { messageId: string; values: Record<string, string> }
  if (opened.messageId !== messageId) throw new Error('these secret values belong to another message')
  return opened.values
}

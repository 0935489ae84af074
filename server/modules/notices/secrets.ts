// Values that nobody may read in the database, such as codes: AES-256-GCM, bound to their message.
// Layout: 12 bytes nonce, 16 bytes tag, then the text.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

export function sealValues(key: Buffer, messageId: string, values: Record<string, string>): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(messageId, 'utf8'))
  const text = Buffer.concat([cipher.update(JSON.stringify(values), 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), text])
}

/** Throws when the bytes were changed or belong to another message. */
export function openValues(key: Buffer, messageId: string, sealed: Buffer): Record<string, string> {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
  decipher.setAAD(Buffer.from(messageId, 'utf8'))
  decipher.setAuthTag(sealed.subarray(12, 28))
  const text = Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()])
  return JSON.parse(text.toString('utf8')) as Record<string, string>
}

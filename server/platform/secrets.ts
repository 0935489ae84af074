// Secrets that we must be able to read again: AES-256-GCM under a key of their purpose (see keys.ts).
// The pepper is not in the database, so a copy of the database alone opens nothing.
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Nonce (12), tag (16), ciphertext. */
export function encrypt(key: Buffer, plaintext: string): Buffer {
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  const body = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
  return Buffer.concat([nonce, cipher.getAuthTag(), body])
}

/** Throws when the key is another one or a byte was changed. */
export function decrypt(key: Buffer, sealed: Buffer): string {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
  decipher.setAuthTag(sealed.subarray(12, 28))
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]).toString('utf8')
}

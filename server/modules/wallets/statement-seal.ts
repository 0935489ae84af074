// The signature of a statement: Ed25519 over one canonical text, by a key of its own that lies outside of the database.
// Must never happen: two meanings with one text, or a text that the signature of another document would fit.
import { createHash, sign, verify, type KeyObject } from 'node:crypto'
import type { SignedStatement, StatementDocument } from '#contract/customer.ts'
import { canonicalJson } from '#platform/canonical.ts'
import type { SealKey } from '#modules/ledger/index.ts'

/** Crockford's base 32: no I, L, O, U. */
const letters = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const codeLength = 20

/** What is signed: the kind of document, so that no other signature of this key fits, then the document. */
export const statementText = (document: StatementDocument): Buffer =>
  Buffer.from(`tuntas statement 1\n${canonicalJson(document)}`, 'utf8')

/** Of everything but the moment of signing. */
export function bodyHash({ signedAt: _signedAt, ...body }: StatementDocument): Buffer {
  return createHash('sha256').update(canonicalJson(body), 'utf8').digest()
}

/** What is printed on the paper: the first 100 bits of the text's SHA-256. */
export function codeOf(document: StatementDocument): string {
  let bits = BigInt(`0x${createHash('sha256').update(statementText(document)).digest('hex')}`) >> 156n
  let code = ''
  for (let place = 0; place < codeLength; place++, bits >>= 5n) code = letters[Number(bits & 31n)]! + code
  return code
}

export function signStatement(statement: StatementDocument, key: SealKey): SignedStatement {
  const signature = sign(null, statementText(statement), key.privateKey).toString('base64')
  return { statement, code: codeOf(statement), keyId: key.id, signature }
}

export type SealVerdict = 'genuine' | 'changed' | 'unknown_key'

/** Whether a file is what one of these keys signed. Needs nothing else: no database, no network. */
export function judgeSigned(signed: SignedStatement, keys: ReadonlyMap<string, KeyObject>): SealVerdict {
  const key = keys.get(signed.keyId)
  if (!key) return 'unknown_key'
  const fits = verify(null, statementText(signed.statement), key, Buffer.from(signed.signature, 'base64'))
  return fits && codeOf(signed.statement) === signed.code ? 'genuine' : 'changed'
}

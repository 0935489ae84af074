// Statements that leave the house: signed once, and checked by anybody who holds the file or a paper with its code.
// The same statement asked for again is the same document. Nothing is told of what was not signed here.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { SignedStatement, StatementCheck, StatementDocument } from '#contract/customer.ts'
import { money } from '#contract/money.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Audit } from '#modules/audit/index.ts'
import { readOrMakeSealKey, readPublicKeys, type SealKey } from '#modules/ledger/index.ts'
import { bodyHash, codeOf, judgeSigned, signStatement } from './statement-seal.ts'
import * as store from './signed-statements.sql.ts'
import type { Statements } from './statement.ts'

export interface SignedStatements {
  /** Signs a customer's statement. Throws as `statement` does, and system_error for one that does not add up. */
  sign(customerId: string, from: string, to: string): Promise<SignedStatement>
  /** Whether a file is genuine, from its own content and our public keys. */
  check(signed: SignedStatement): StatementCheck
  /** What was signed under a code that somebody reads from a paper. */
  checkCode(code: string): Promise<StatementCheck>
  /** PEM, for whoever wants to check without us. */
  publicKeys(): string
}

export interface StatementPlaces {
  privateKeyFile: string
  publicKeyFile: string
}

/** Beside the database, in the data folder: `statement-seal/key.pem`, and the public keys, old ones included, in `public-key.pem`. */
export function statementPlaces(dataFolder: string): StatementPlaces {
  const folder = path.join(dataFolder, 'statement-seal')
  return {
    privateKeyFile: path.join(folder, 'key.pem'),
    publicKeyFile: path.join(folder, 'public-key.pem'),
  }
}

/** What a check tells of a file that is genuine. */
export function presentSigned({ statement, code }: SignedStatement): NonNullable<StatementCheck['signed']> {
  const amount = (amountMinor: string) => ({ amountMinor, currency: statement.currency })
  return {
    code,
    holder: statement.holder,
    from: statement.from,
    to: statement.to,
    opening: amount(statement.opening.amountMinor),
    closing: amount(statement.closing.amountMinor),
    closingAt: statement.closing.at,
    held: amount(statement.heldMinor),
    entries: statement.entries.length,
    signedAt: statement.signedAt,
  }
}

export function createSignedStatements(
  platform: Pick<Platform, 'db' | 'clock'>,
  needs: {
    statements: Pick<Statements, 'statementDocument'>
    audit: Pick<Audit, 'record'>
    /** The name that stands on the statement. */
    nameOf(customerId: string): Promise<string>
    places: StatementPlaces
  },
): SignedStatements {
  const { db, clock } = platform
  const { privateKeyFile, publicKeyFile } = needs.places
  let own: SealKey | undefined
  // Made when the first statement is signed; asking for the public key makes it too.
  const key = () => (own ??= readOrMakeSealKey(privateKeyFile, publicKeyFile))
  function publicKeys(): string {
    key()
    return readFileSync(publicKeyFile, 'utf8')
  }

  return {
    async sign(customerId, from, to) {
      const body = await needs.statements.statementDocument(customerId, from, to)
      const holder = await needs.nameOf(customerId)
      const documentAt = (at: Date): StatementDocument => ({ ...body, holder, signedAt: at.toISOString() })
      const now = clock.now()
      const hash = bodyHash(documentAt(now))
      return db.transaction(async (tx) => {
        const made = signStatement(documentAt(now), key())
        if (await store.insertSigned(tx, customerId, hash, made)) {
          await needs.audit.record(tx, [
            {
              who: { kind: 'customer', id: customerId },
              action: 'statement.signed',
              resource: { kind: 'statement', id: made.code },
              at: now,
              detail: { from, to, keyId: made.keyId },
            },
          ])
          return made
        }
        const first = await store.readSignedByBody(tx, customerId, hash)
        if (!first) throw new Refusal('conflict')
        const statement = documentAt(first.signedAt)
        return { statement, code: codeOf(statement), keyId: first.keyId, signature: first.signature }
      })
    },
    check(signed) {
      const verdict = judgeSigned(signed, readPublicKeys(publicKeys()))
      return verdict === 'genuine'
        ? { genuine: true, signed: presentSigned(signed) }
        : { genuine: false, why: verdict }
    },
    async checkCode(code) {
      const row = await store.readSignedByCode(db.read, code)
      if (!row) return { genuine: false, why: 'unknown_code' }
      const amount = (amountMinor: bigint) => money(amountMinor, row.currency)
      return {
        genuine: true,
        signed: {
          code,
          holder: row.holder,
          from: row.from,
          to: row.to,
          opening: amount(row.openingMinor),
          closing: amount(row.closingMinor),
          closingAt: row.closingAt.toISOString(),
          held: amount(row.heldMinor),
          entries: row.entries,
          signedAt: row.signedAt.toISOString(),
        },
      }
    },
    publicKeys,
  }
}

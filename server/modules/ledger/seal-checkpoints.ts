// Signed states of the chain, kept outside of the database: who can rewrite every row still lacks the key and these files.
// Must never happen: a checkpoint that is replaced, or one signed over a ledger that has lost what an older one saw.
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash as digest,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs'
import { link, mkdir, open, readdir, readFile, unlink } from 'node:fs/promises'
import path from 'node:path'
import type { Clock } from '#platform/clock.ts'
import type { Sql } from '#platform/db.ts'
import { checkpointText, type CheckpointBody } from './seal-hash.ts'
import { readLastSeal, readSealsFrom } from './seal.sql.ts'

export interface Checkpoint extends CheckpointBody {
  /** Which key signed: the beginning of the SHA-256 of the public key. */
  keyId: string
  /** Ed25519, base64. */
  signature: string
}

/** Where checkpoints go: a folder, later an object store with retention. Nothing is ever replaced or removed. */
export interface CheckpointStore {
  /** Keeps a checkpoint; keeping the same one twice is fine, another one under the same name is refused. */
  put(name: string, text: string): Promise<void>
  /** All names in ascending order. */
  list(): Promise<string[]>
  get(name: string): Promise<string>
}

export class LedgerWentBack extends Error {}

const nameOf = (seal: bigint) => `${String(seal).padStart(16, '0')}.json`
const isName = (name: string) => /^\d{16}\.json$/.test(name)

export function folderStore(folder: string): CheckpointStore {
  return {
    async put(name, text) {
      await mkdir(folder, { recursive: true })
      const file = path.join(folder, name)
      const draft = path.join(folder, `.${name}.${process.pid}`)
      // The name appears only when the bytes are on the disk, and only if it is free.
      const handle = await open(draft, 'w', 0o444)
      await handle.writeFile(text)
      await handle.sync()
      await handle.close()
      try {
        await link(draft, file)
        const directory = await open(folder)
        await directory.sync()
        await directory.close()
      } catch (error) {
        if ((error as { code?: string }).code !== 'EEXIST') throw error
        const { seal, hash } = JSON.parse(await readFile(file, 'utf8')) as Checkpoint
        const wanted = JSON.parse(text) as Checkpoint
        if (seal !== wanted.seal || hash !== wanted.hash)
          throw new LedgerWentBack(`${file} already says something else`)
      } finally {
        await unlink(draft)
      }
    },
    async list() {
      const names = await readdir(folder).catch((error: unknown) => {
        if ((error as { code?: string }).code === 'ENOENT') return []
        throw error
      })
      return names.filter(isName).toSorted()
    },
    get: (name) => readFile(path.join(folder, name), 'utf8'),
  }
}

export interface SealKey {
  id: string
  privateKey: KeyObject
}

const keyIdOf = (key: KeyObject) =>
  digest('sha256', key.export({ type: 'spki', format: 'der' }), 'hex').slice(0, 16)

/** Writes a file that is not there yet. Under its name it is whole or not at all, also when the machine dies meanwhile. */
function writeNew(file: string, text: string, mode: number): void {
  mkdirSync(path.dirname(file), { recursive: true })
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, text, { mode, flush: true })
  try {
    linkSync(draft, file)
  } finally {
    unlinkSync(draft)
  }
}

const readIfThere = (file: string): string | undefined => {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as { code?: string }).code !== 'ENOENT') throw error
    return undefined
  }
}

/**
 * The signing key from `privateFile` (PKCS 8), made on the first start, readable by its owner alone. Its public half
 * is written to `publicFile`, for whoever verifies: let them keep a copy where nobody of the house can change it.
 */
export function readOrMakeSealKey(privateFile: string, publicFile: string): SealKey {
  let pem = readIfThere(privateFile)
  if (pem === undefined) {
    pem = String(generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }))
    writeNew(privateFile, pem, 0o600)
  }
  const privateKey = createPrivateKey(pem)
  const publicKey = createPublicKey(pem)
  // Also for a key that was made before: its first start may have ended between the two files.
  if (readIfThere(publicFile) === undefined)
    writeNew(publicFile, String(publicKey.export({ type: 'spki', format: 'pem' })), 0o644)
  return { id: keyIdOf(publicKey), privateKey }
}

/** Public keys by their id, from PEM text with one or more of them. */
export function readPublicKeys(pem: string): Map<string, KeyObject> {
  const parts = pem.match(/-----BEGIN PUBLIC KEY-----[^-]+-----END PUBLIC KEY-----/g) ?? []
  return new Map(
    parts.map((part) => {
      const key = createPublicKey(part)
      return [keyIdOf(key), key]
    }),
  )
}

export function signCheckpoint(body: CheckpointBody, key: SealKey): Checkpoint {
  const signature = sign(null, checkpointText(body), key.privateKey).toString('base64')
  return { ...body, keyId: key.id, signature }
}

export function isSignedBy(checkpoint: Checkpoint, keys: ReadonlyMap<string, KeyObject>): boolean {
  const key = keys.get(checkpoint.keyId)
  return (
    key !== undefined &&
    verify(null, checkpointText(checkpoint), key, Buffer.from(checkpoint.signature, 'base64'))
  )
}

/**
 * Signs the newest seal and ships it; undefined when nothing was sealed since the last one. Throws LedgerWentBack when
 * the chain no longer contains what the newest checkpoint saw: a restored backup, or somebody at work. People must look.
 */
export async function shipCheckpoint(
  sql: Sql,
  clock: Clock,
  key: SealKey,
  store: CheckpointStore,
): Promise<Checkpoint | undefined> {
  const newest = (await store.list()).at(-1)
  const seen = newest === undefined ? undefined : (JSON.parse(await store.get(newest)) as Checkpoint)
  const last = await readLastSeal(sql)
  const [genesis] = await readSealsFrom(sql, 0n, 1)
  if (seen) {
    const [same] = await readSealsFrom(sql, BigInt(seen.seal), 1)
    if (same?.number.toString() !== seen.seal || same.hash.toString('hex') !== seen.hash)
      throw new LedgerWentBack(
        `the ledger no longer has seal ${seen.seal} as it was signed at ${seen.signedAt}`,
      )
  }
  if (!last || !genesis || last.number === 0n || String(last.number) === seen?.seal) return undefined
  const checkpoint = signCheckpoint(
    {
      ledger: genesis.hash.toString('hex'),
      seal: String(last.number),
      hash: last.hash.toString('hex'),
      lastSequence: String(last.lastSequence),
      transfers: String(last.total),
      signedAt: clock.now().toISOString(),
    },
    key,
  )
  await store.put(nameOf(last.number), `${JSON.stringify(checkpoint, null, 1)}\n`)
  return checkpoint
}

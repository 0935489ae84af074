// Keys and checkpoints on the disk: nothing is replaced, and the private key is for its owner alone.
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import {
  folderStore,
  isSignedBy,
  LedgerWentBack,
  readOrMakeSealKey,
  readPublicKeys,
  signCheckpoint,
} from './seal-checkpoints.ts'
import { sealPlaces } from './seal-job.ts'

let folder: string
beforeAll(() => void (folder = mkdtempSync(path.join(tmpdir(), 'tuntas-seal-'))))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const body = {
  ledger: 'aa',
  seal: '12',
  hash: 'bb',
  lastSequence: '100',
  transfers: '90',
  signedAt: '2026-11-22T03:00:00.000Z',
}

it('makes a key once, for its owner alone, and its public half proves what it signed', () => {
  const { privateKeyFile, publicKeyFile } = sealPlaces(folder)
  const key = readOrMakeSealKey(privateKeyFile, publicKeyFile)
  expect(statSync(privateKeyFile).mode & 0o777).toBe(0o600)
  expect(readOrMakeSealKey(privateKeyFile, publicKeyFile).id).toBe(key.id)
  const keys = readPublicKeys(readFileSync(publicKeyFile, 'utf8'))
  const checkpoint = signCheckpoint(body, key)
  expect(isSignedBy(checkpoint, keys)).toBe(true)
  for (const name of Object.keys(body))
    expect(isSignedBy({ ...checkpoint, [name]: '1' }, keys), name).toBe(false)
  expect(isSignedBy(checkpoint, new Map())).toBe(false)
})

it('writes the public half of a key whose first start ended before it did', () => {
  const { privateKeyFile, publicKeyFile } = sealPlaces(path.join(folder, 'half'))
  const key = readOrMakeSealKey(privateKeyFile, publicKeyFile)
  rmSync(publicKeyFile)
  expect(readOrMakeSealKey(privateKeyFile, publicKeyFile).id).toBe(key.id)
  expect([...readPublicKeys(readFileSync(publicKeyFile, 'utf8')).keys()]).toEqual([key.id])
  // No draft stays beside the key.
  const beside = readdirSync(path.dirname(privateKeyFile)).filter((name) => name.includes('.pem'))
  expect(beside).toEqual([path.basename(privateKeyFile)])
})

it('trusts several keys, for the day on which one is replaced', () => {
  const places = [1, 2].map((part) => sealPlaces(path.join(folder, String(part))))
  const made = places.map((place) => readOrMakeSealKey(place.privateKeyFile, place.publicKeyFile))
  const both = readPublicKeys(places.map((place) => readFileSync(place.publicKeyFile, 'utf8')).join('\n'))
  expect([...both.keys()].toSorted()).toEqual(made.map((key) => key.id).toSorted())
  expect(made.every((key) => isSignedBy(signCheckpoint(body, key), both))).toBe(true)
})

it('keeps checkpoints in order and never replaces one', async () => {
  const place = path.join(folder, 'store', 'checkpoints')
  const store = folderStore(place)
  expect(await store.list()).toEqual([])
  const name = (seal: number) => `${String(seal).padStart(16, '0')}.json`
  const text = (seal: number, hash = 'bb') => JSON.stringify({ ...body, seal: String(seal), hash })
  await store.put(name(9), text(9))
  await store.put(name(10), text(10))
  await store.put(name(10), text(10))
  await expect(store.put(name(10), text(10, 'cc'))).rejects.toThrow(LedgerWentBack)
  expect(await store.list()).toEqual([name(9), name(10)])
  expect(await store.get(name(10))).toBe(text(10))
  expect(statSync(path.join(place, name(9))).mode & 0o222).toBe(0)
  // No half-written file stays behind.
  expect(readdirSync(place)).toHaveLength(2)
})

// Drafts are kept by agent and case, and gone after sign-out.

import { expect, test } from 'vitest'
import { forgetDrafts, keepDraft, readDraft, type KeyValueStore } from './drafts.ts'

function memory(): KeyValueStore & { entries: Map<string, string> } {
  const entries = new Map<string, string>()
  return {
    entries,
    get length() {
      return entries.size
    },
    key: (index) => [...entries.keys()][index] ?? null,
    getItem: (key) => entries.get(key) ?? null,
    setItem: (key, value) => void entries.set(key, value),
    removeItem: (key) => void entries.delete(key),
  }
}
const nothing = { text: '', kind: 'text' }

test('each case has its own draft, with its kind', () => {
  const store = memory()
  keepDraft(store, 'bagus', 'one', { text: 'Hello', kind: 'text' })
  keepDraft(store, 'bagus', 'two', { text: 'Spoke with Rudi', kind: 'note' })
  expect(readDraft(store, 'bagus', 'one')).toEqual({ text: 'Hello', kind: 'text' })
  expect(readDraft(store, 'bagus', 'two')).toEqual({ text: 'Spoke with Rudi', kind: 'note' })
  expect(readDraft(store, 'dian', 'one')).toEqual(nothing)
})

test('an emptied draft leaves nothing', () => {
  const store = memory()
  keepDraft(store, 'bagus', 'one', { text: 'Hello', kind: 'text' })
  keepDraft(store, 'bagus', 'one', { text: '', kind: 'text' })
  expect(store.entries.size).toBe(0)
})

test('sign-out forgets all drafts of this agent and no other key', () => {
  const store = memory()
  for (const caseId of ['one', 'two', 'three']) keepDraft(store, 'bagus', caseId, { text: 'x', kind: 'text' })
  keepDraft(store, 'dian', 'one', { text: 'y', kind: 'text' })
  store.setItem('tuntas.scheme', 'dark')
  forgetDrafts(store, 'bagus')
  expect([...store.entries.keys()].sort()).toEqual(['tuntas.draft.dian.one', 'tuntas.scheme'])
})

test('what cannot be read is no draft', () => {
  const store = memory()
  store.setItem('tuntas.draft.bagus.one', '{broken')
  store.setItem('tuntas.draft.bagus.two', '{"text":7}')
  expect(readDraft(store, 'bagus', 'one')).toEqual(nothing)
  expect(readDraft(store, 'bagus', 'two')).toEqual(nothing)
})

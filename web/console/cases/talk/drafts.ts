// What an agent has begun to write, by agent and case: it survives going to another case, a reload and the end
// of the session, in this tab. Cleared at sign-out, so that the next person at this desk finds nothing.

export type DraftKind = 'text' | 'note'
export type Draft = { text: string; kind: DraftKind }
export type KeyValueStore = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

const prefix = 'tuntas.draft.'
const keyOf = (agentId: string, caseId: string): string => `${prefix}${agentId}.${caseId}`

export function readDraft(store: KeyValueStore, agentId: string, caseId: string): Draft {
  try {
    const kept = JSON.parse(store.getItem(keyOf(agentId, caseId)) ?? 'null') as Partial<Draft> | null
    if (kept && typeof kept.text === 'string')
      return { text: kept.text, kind: kept.kind === 'note' ? 'note' : 'text' }
  } catch {
    // Storage may be forbidden or hold something else: then there is no draft.
  }
  return { text: '', kind: 'text' }
}

/** Keeps the draft; an empty one is removed. */
export function keepDraft(store: KeyValueStore, agentId: string, caseId: string, draft: Draft): void {
  try {
    if (draft.text === '') store.removeItem(keyOf(agentId, caseId))
    else store.setItem(keyOf(agentId, caseId), JSON.stringify(draft))
  } catch {
    // Full or forbidden storage: the draft then lasts as long as the page.
  }
}

export function forgetDrafts(store: KeyValueStore, agentId: string): void {
  const keys = Array.from({ length: store.length }, (_, index) => store.key(index))
  for (const key of keys) if (key?.startsWith(`${prefix}${agentId}.`)) store.removeItem(key)
}

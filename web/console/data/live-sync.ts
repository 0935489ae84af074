// Carries live facts into the page's memory. Facts are taken in small batches, so that a flood costs a few renders
// a second; changed cases are read again one round at a time. After a reset everything on the screen is read again.
// The stream goes on behind an event that was taken, so what cannot be read just now stays in hand until it was read.

import type { QueryClient } from '@tanstack/react-query'
import type { CaseCard, CaseDetail, Message } from '../../../contract/desk.ts'
import type { LiveEvent } from '../../../contract/realtime.ts'
import { readAgain, readAgainAfterFirst, toProblem } from '../../ui/index.ts'
import { cardAfterMessage, caseViews, placeCard, type CaseList } from '../cases/queue/queue-state.ts'
import { hasGap, lastWithoutGap, mergeMessages } from '../cases/talk/messages.ts'
import { serverNow } from './clock.ts'
import { keys, longestReread, readCases, readCasesPage, readMessages, requests } from './requests.ts'

const batchMs = 60
const roundMs = 500
/** More changed cases than this in one round: reading the list costs less than reading each of them. */
const fewCases = 8
const longestWaitMs = 15_000

/** The server or the network cannot answer now, or the session must be renewed first; a refusal is not asked again. */
function mayComeLater(error: unknown): boolean {
  const { retry, status } = toProblem(error)
  return retry === 'automatic' || retry === 'same_key' || status === 401
}

export type LiveSyncOptions = {
  client: QueryClient
  agentId: string
  onMessage: (message: Message) => void
}

export class LiveSync {
  #options: LiveSyncOptions
  #events: LiveEvent[] = []
  #changed = new Set<string>()
  /** Highest sequence that was counted on a card: what is told twice is counted once. */
  #counted = new Map<string, number>()
  #flushTimer: ReturnType<typeof setTimeout> | undefined
  #roundTimer: ReturnType<typeof setTimeout> | undefined
  #reading = false
  /** Changed cases whose read failed; they wait longer each time, so that new changes need not wait with them. */
  #later = new Set<string>()
  #laterTimer: ReturnType<typeof setTimeout> | undefined
  #laterMs = roundMs
  /** Talks whose hole is being read, with the next try when the last one failed. */
  #holes = new Map<string, ReturnType<typeof setTimeout> | undefined>()
  #stopped = false
  /** The case on the screen: it has nothing unread, and is read again whole. */
  openCaseId: string | undefined

  constructor(options: LiveSyncOptions) {
    this.#options = options
  }

  take(event: LiveEvent): void {
    this.#events.push(event)
    if (!this.#stopped) this.#flushTimer ??= setTimeout(() => this.#flush(), batchMs)
  }

  /** Away for too long: what is shown may be old, all of it. */
  reset(): void {
    this.#events = []
    readAgain(this.#options.client, { predicate: ({ queryKey }) => queryKey[0] !== 'me' })
  }

  /** Ends all reading. True when something was told that is not on the screen yet: whoever goes on must read everything. */
  stop(): boolean {
    this.#stopped = true
    clearTimeout(this.#flushTimer)
    clearTimeout(this.#roundTimer)
    clearTimeout(this.#laterTimer)
    for (const timer of this.#holes.values()) clearTimeout(timer)
    return this.#reading || this.#events.length + this.#changed.size + this.#later.size + this.#holes.size > 0
  }

  /** Puts a card that was just read at its place in every list that is loaded. */
  place(card: CaseCard): void {
    const { agentId } = this.#options
    this.#eachList((list, view) => placeCard(list, card, { view, agentId, nowMs: serverNow() }))
  }

  addMessages(caseId: string, incoming: readonly Message[]): void {
    const { client } = this.#options
    const key = keys.messages(caseId)
    // The open case may still be reading its first messages: what comes meanwhile must not fall between.
    const known =
      client.getQueryData<readonly Message[]>(key) ?? (caseId === this.openCaseId ? [] : undefined)
    if (!known) return
    const merged = mergeMessages(known, incoming)
    if (merged === known) return
    client.setQueryData(key, merged)
    if (hasGap(merged) && !this.#holes.has(caseId)) void this.#readHole(caseId)
  }

  async #readHole(caseId: string, waitMs = roundMs): Promise<void> {
    const known = (): readonly Message[] =>
      this.#options.client.getQueryData<readonly Message[]>(keys.messages(caseId)) ?? []
    const before = known()
    this.#holes.delete(caseId)
    // Forgotten by the page, or filled meanwhile.
    if (!hasGap(before)) return
    this.#holes.set(caseId, undefined)
    try {
      const missing = await readMessages(caseId, lastWithoutGap(before))
      if (this.#stopped) return
      this.#holes.delete(caseId)
      this.addMessages(caseId, missing)
      // What came meanwhile may have left a hole of its own, which was not asked for.
      if (known() !== before && !this.#holes.has(caseId)) void this.#readHole(caseId)
    } catch (error) {
      if (this.#stopped) return
      this.#holes.delete(caseId)
      if (!mayComeLater(error)) return
      const retry = (): void => void this.#readHole(caseId, Math.min(longestWaitMs, 2 * waitMs))
      this.#holes.set(caseId, setTimeout(retry, waitMs))
    }
  }

  #flush(): void {
    this.#flushTimer = undefined
    const events = this.#events.splice(0)
    const messages = new Map<string, Message[]>()
    for (const event of events) {
      if (event.type === 'message.stored') {
        if (this.#isNew(event.caseId, event.message))
          messages.set(event.caseId, [...(messages.get(event.caseId) ?? []), event.message])
      }
      else if (event.type === 'case.changed') this.#changed.add(event.caseId)
      else if (event.type === 'look.recorded' && this.openCaseId) this.#changed.add(this.openCaseId)
      else if (event.type === 'transaction.changed') this.#readMoney(event.reference)
    }
    this.#readDecided(events)
    for (const [caseId, stored] of messages) {
      this.addMessages(caseId, stored)
      for (const message of stored) this.#options.onMessage(message)
    }
    if (messages.size) this.#patchCards(messages)
    this.#readWhatCannotBePatched(new Set([...this.#changed, ...messages.keys()]))
    if (this.#changed.size) this.#planRound()
  }

  /** A list, case or talk that is read for the first time has no place yet where a fact could be put. */
  #readWhatCannotBePatched(caseIds: ReadonlySet<unknown>): void {
    if (caseIds.size === 0) return
    readAgainAfterFirst(this.#options.client, {
      predicate: ({ queryKey: [kind, id] }) =>
        kind === 'cases' || ((kind === 'case' || kind === 'messages') && caseIds.has(id)),
    })
  }

  #isNew(caseId: string, { sequence }: Message): boolean {
    if (sequence <= (this.#counted.get(caseId) ?? 0)) return false
    this.#counted.set(caseId, sequence)
    return true
  }

  #patchCards(messages: Map<string, Message[]>): void {
    const { agentId, client } = this.#options
    const after = <Card extends CaseCard>(card: Card): Card =>
      (messages.get(card.id) ?? []).reduce<CaseCard>(
        (patched, message) => cardAfterMessage(patched, message, card.id === this.openCaseId && card.agentId === agentId),
        card,
      ) as Card
    const known = new Set<string>()
    this.#eachList((list, view) => {
      let next = list
      for (const card of list.cases) {
        known.add(card.id)
        const patched = messages.has(card.id) ? after(card) : card
        if (patched !== card) next = placeCard(next, patched, { view, agentId, nowMs: serverNow() })
      }
      return next
    })
    for (const caseId of messages.keys()) {
      client.setQueryData<CaseDetail>(keys.case(caseId), (detail) => detail && after(detail))
      if (!known.has(caseId)) this.#changed.add(caseId)
    }
  }

  #readMoney(reference: string): void {
    readAgain(this.#options.client, {
      predicate: ({ queryKey }) =>
        (queryKey[0] === 'money' || queryKey[0] === 'diagnosis') && queryKey[2] === reference,
    })
    if (this.openCaseId) this.#changed.add(this.openCaseId)
  }

  /** What people must decide: lists are short, and read again only while somebody looks or counts. */
  #readDecided(events: readonly LiveEvent[]): void {
    const { client } = this.#options
    const approvals = events.filter((event) => event.type === 'approval.changed')
    if (approvals.length) readAgain(client, { queryKey: ['approvals'] })
    for (const { approvalId } of approvals) readAgain(client, { queryKey: ['approval', approvalId] })
    if (approvals.length || events.some((event) => event.type === 'transaction.changed')) {
      readAgain(client, { queryKey: ['decisions'] })
      readAgain(client, { queryKey: ['refund'] })
    }
  }

  #planRound(waitMs = roundMs): void {
    if (this.#stopped || this.#reading || this.#roundTimer !== undefined) return
    this.#roundTimer = setTimeout(() => void this.#readChanged(), waitMs)
  }

  /** Keeps cases for a later round, unless they were refused for good. */
  #putBack(caseIds: readonly string[], error: unknown): undefined {
    if (mayComeLater(error)) for (const caseId of caseIds) this.#later.add(caseId)
  }

  /** Plans when to try again what failed. */
  #planLater(): void {
    if (this.#later.size === 0) {
      clearTimeout(this.#laterTimer)
      this.#laterTimer = undefined
      this.#laterMs = roundMs
      return
    }
    if (this.#stopped || this.#laterTimer !== undefined) return
    this.#laterTimer = setTimeout(() => {
      this.#laterTimer = undefined
      for (const caseId of this.#later) this.#changed.add(caseId)
      this.#planRound(0)
    }, this.#laterMs)
    this.#laterMs = Math.min(longestWaitMs, 2 * this.#laterMs)
  }

  async #readChanged(): Promise<void> {
    this.#roundTimer = undefined
    this.#reading = true
    const changed = [...this.#changed]
    this.#changed.clear()
    for (const caseId of changed) this.#later.delete(caseId)
    try {
      await (changed.length > fewCases ? this.#readLists(changed) : this.#readCards(changed))
    } catch (error) {
      this.#putBack(changed, error)
    } finally {
      this.#reading = false
      this.#planLater()
      if (this.#changed.size) this.#planRound()
    }
  }

  async #readCards(caseIds: string[]): Promise<void> {
    const { agentId, client } = this.#options
    const details = await Promise.all(
      caseIds.map((caseId) => requests.case(caseId).catch((error: unknown) => this.#putBack([caseId], error))),
    )
    // What is in memory now may already be another agent's.
    if (this.#stopped) return
    for (const detail of details) {
      if (!detail) continue
      // Only who serves the case takes its mark of the unread away.
      const shown = detail.id === this.openCaseId && detail.agentId === agentId ? { ...detail, unread: 0 } : detail
      const before = client.getQueryData<CaseDetail>(keys.case(detail.id))
      if (before) client.setQueryData(keys.case(detail.id), shown)
      // Who has a case, and whether it is open, decides who may see its money: ask again.
      if (before && (before.agentId !== detail.agentId || (before.state === 'solved') !== (detail.state === 'solved')))
        for (const kind of ['money', 'diagnosis']) void client.resetQueries({ queryKey: [kind, detail.id] })
      this.place(shown)
    }
    await this.#readCounts()
  }

  async #readLists(caseIds: string[]): Promise<void> {
    const { client } = this.#options
    if (this.openCaseId && caseIds.includes(this.openCaseId))
      readAgain(client, { queryKey: keys.case(this.openCaseId) })
    for (const view of caseViews) {
      const key = keys.cases(view)
      const loaded = client.getQueryData<CaseList>(key)?.cases.length
      // A view that nobody looks at is read when it is opened.
      if (loaded === undefined || !client.getQueryCache().find({ queryKey: key })?.isActive()) continue
      // New rows push the others down: so many more are read that the reader's rows are still among them.
      const list = await readCases(view, Math.min(loaded + caseIds.length, longestReread))
      if (this.#stopped) return
      client.setQueryData(key, list)
    }
  }

  async #readCounts(): Promise<void> {
    const { counts, asOf } = await readCasesPage('mine', { limit: 1 })
    if (!this.#stopped) this.#eachList((list) => ({ ...list, counts, asOf }))
  }

  #eachList(change: (list: CaseList, view: (typeof caseViews)[number]) => CaseList): void {
    for (const view of caseViews)
      this.#options.client.setQueryData<CaseList>(keys.cases(view), (list) => list && change(list, view))
  }
}

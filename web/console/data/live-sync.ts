// Carries live facts into the page's memory. Facts are taken in small batches, so that a flood costs a few renders
// a second; changed cases are read again one round at a time. After a reset everything on the screen is read again.

import type { QueryClient } from '@tanstack/react-query'
import type { CaseCard, CaseDetail, Message } from '../../../contract/desk.ts'
import type { LiveEvent } from '../../../contract/realtime.ts'
import { cardAfterMessage, caseViews, placeCard, type CaseList } from '../cases/queue/queue-state.ts'
import { hasGap, lastWithoutGap, mergeMessages } from '../cases/talk/messages.ts'
import { serverNow } from './clock.ts'
import { keys, longestReread, readCases, readCasesPage, readMessages, requests } from './requests.ts'

const batchMs = 60
const roundMs = 500
/** More changed cases than this in one round: reading the list costs less than reading each of them. */
const fewCases = 8

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
  /** The case on the screen: it has nothing unread, and is read again whole. */
  openCaseId: string | undefined

  constructor(options: LiveSyncOptions) {
    this.#options = options
  }

  take(event: LiveEvent): void {
    this.#events.push(event)
    this.#flushTimer ??= setTimeout(() => this.#flush(), batchMs)
  }

  /** Away for too long: what is shown may be old, all of it. */
  reset(): void {
    this.#events = []
    void this.#options.client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' })
  }

  stop(): void {
    clearTimeout(this.#flushTimer)
    clearTimeout(this.#roundTimer)
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
    if (hasGap(merged))
      void readMessages(caseId, lastWithoutGap(merged))
        .then((missing) => this.addMessages(caseId, missing))
        // The hole stays visible to the next event, which asks again.
        .catch(() => undefined)
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
    if (this.#changed.size) this.#planRound()
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
    void this.#options.client.invalidateQueries({
      predicate: ({ queryKey }) =>
        (queryKey[0] === 'money' || queryKey[0] === 'diagnosis') && queryKey[2] === reference,
    })
    if (this.openCaseId) this.#changed.add(this.openCaseId)
  }

  /** What people must decide: lists are short, and read again only while somebody looks or counts. */
  #readDecided(events: readonly LiveEvent[]): void {
    const { client } = this.#options
    const approvals = events.filter((event) => event.type === 'approval.changed')
    if (approvals.length) void client.invalidateQueries({ queryKey: ['approvals'] })
    for (const { approvalId } of approvals) void client.invalidateQueries({ queryKey: ['approval', approvalId] })
    if (approvals.length || events.some((event) => event.type === 'transaction.changed')) {
      void client.invalidateQueries({ queryKey: ['decisions'] })
      void client.invalidateQueries({ queryKey: ['refund'] })
    }
  }

  #planRound(): void {
    if (this.#reading || this.#roundTimer !== undefined) return
    this.#roundTimer = setTimeout(() => void this.#readChanged(), roundMs)
  }

  async #readChanged(): Promise<void> {
    this.#roundTimer = undefined
    this.#reading = true
    const changed = [...this.#changed]
    this.#changed.clear()
    try {
      await (changed.length > fewCases ? this.#readLists(changed) : this.#readCards(changed))
    } catch {
      // No connection or no session: the reset or the next event reads again.
    } finally {
      this.#reading = false
      if (this.#changed.size) this.#planRound()
    }
  }

  async #readCards(caseIds: string[]): Promise<void> {
    const { agentId, client } = this.#options
    const details = await Promise.all(caseIds.map((caseId) => requests.case(caseId).catch(() => undefined)))
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
      void client.invalidateQueries({ queryKey: keys.case(this.openCaseId) })
    for (const view of caseViews) {
      const key = keys.cases(view)
      const loaded = client.getQueryData<CaseList>(key)?.cases.length
      // A view that nobody looks at is read when it is opened.
      if (loaded === undefined || !client.getQueryCache().find({ queryKey: key })?.isActive()) continue
      // New rows push the others down: so many more are read that the reader's rows are still among them.
      client.setQueryData(key, await readCases(view, Math.min(loaded + caseIds.length, longestReread)))
    }
  }

  async #readCounts(): Promise<void> {
    const { counts, asOf } = await readCasesPage('mine', { limit: 1 })
    this.#eachList((list) => ({ ...list, counts, asOf }))
  }

  #eachList(change: (list: CaseList, view: (typeof caseViews)[number]) => CaseList): void {
    for (const view of caseViews)
      this.#options.client.setQueryData<CaseList>(keys.cases(view), (list) => list && change(list, view))
  }
}

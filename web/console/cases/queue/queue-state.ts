// The queue as this page knows it: one list for each view, changed by live facts between two readings.
// Pure: lists in, lists out. A row must never stand twice, and never in a view where it does not belong.

import type { CaseCard, Message } from '../../../../contract/desk.ts'
import { clockOf, waitsFrom } from './sla.ts'

export const caseViews = ['mine', 'team', 'at_risk', 'escalated', 'waiting_money', 'solved'] as const
export type CaseView = (typeof caseViews)[number]
export type Counts = Record<Exclude<CaseView, 'solved'>, number>
export type CaseList = { cases: CaseCard[]; next?: string; counts: Counts; asOf: string }

/** The views that stand before a reader: what came back unsolved is for supervisors. */
export const viewsFor = (supervises: boolean): readonly CaseView[] =>
  supervises ? caseViews : caseViews.filter((view) => view !== 'escalated')

/** Those that always stand in the bar; the others are one step behind it. */
const firstViews: ReadonlySet<CaseView> = new Set(['mine', 'team', 'at_risk'])
export const viewsInBar = (views: readonly CaseView[]): readonly CaseView[] =>
  views.filter((view) => firstViews.has(view))
export const viewsBehind = (views: readonly CaseView[]): readonly CaseView[] =>
  views.filter((view) => !firstViews.has(view))

/** Who looks, and when. */
export type Viewpoint = { view: CaseView; agentId: string; nowMs: number }

export function belongsTo(card: CaseCard, { view, agentId, nowMs }: Viewpoint): boolean {
  if (view === 'solved' || view === 'waiting_money') return card.state === view
  // The helper waits with the customer: nobody of the staff is asked.
  if (card.state === 'solved' || card.state === 'waiting_money') return false
  if (view === 'escalated') return card.escalated
  if (view === 'mine') return card.agentId === agentId
  if (view === 'team') return true
  const { state } = clockOf(card, nowMs)
  return state === 'over' || state === 'risk'
}

/** Who has had no reply yet, who waits for us again, and the rest. */
const partOf = ({ firstRepliedAt, state }: CaseCard): number =>
  firstRepliedAt === undefined ? 0 : state === 'waiting_agent' ? 1 : 2

/**
 * Who waits for us stands first: for the first reply in the order of the promise, then again, the longest on top. Then the rest,
 * what moved last on top.
 */
export function compareCards(left: CaseCard, right: CaseCard, view: CaseView): number {
  // In these nobody waits for an answer of ours.
  const asksUs = view !== 'solved' && view !== 'waiting_money'
  const part = asksUs ? partOf(left) : 2
  const apart = asksUs ? part - partOf(right) : 0
  if (apart) return apart
  if (part !== 2) {
    const [mine, theirs] =
      part === 0 ? [left.firstReplyDueAt, right.firstReplyDueAt] : [waitsFrom(left), waitsFrom(right)]
    const sooner = Date.parse(mine) - Date.parse(theirs)
    if (sooner) return sooner
    return left.id < right.id ? -1 : 1
  }
  const moved = Date.parse(right.updatedAt) - Date.parse(left.updatedAt)
  if (moved) return moved
  return left.id < right.id ? 1 : -1
}

/** The list with `card` at its place; without it when it does not belong here, or lies beyond what is loaded. */
export function placeCard(list: CaseList, card: CaseCard, viewpoint: Viewpoint): CaseList {
  const others = list.cases.filter((other) => other.id !== card.id)
  if (!belongsTo(card, viewpoint))
    return others.length === list.cases.length ? list : { ...list, cases: others }
  const at = others.findIndex((other) => compareCards(card, other, viewpoint.view) < 0)
  if (at < 0 && list.next !== undefined) return { ...list, cases: others }
  const cases = at < 0 ? [...others, card] : others.toSpliced(at, 0, card)
  return { ...list, cases }
}

/** Longest preview that a row shows. */
const previewLength = 140

/** What a new message changes on its card; `open` is the case on the screen, which has nothing unread. */
export function cardAfterMessage(card: CaseCard, message: Message, open: boolean): CaseCard {
  if (message.kind !== 'text' || Date.parse(message.storedAt) < Date.parse(card.updatedAt)) return card
  const next: CaseCard = {
    ...card,
    preview: message.text.slice(0, previewLength),
    updatedAt: message.storedAt,
  }
  if (message.author === 'customer') {
    next.unread = open ? 0 : card.unread + 1
    if (card.state !== 'solved') {
      next.state = 'waiting_agent'
      next.waitingSince ??= message.storedAt
    }
  }
  if (message.author === 'agent') {
    next.firstRepliedAt ??= message.storedAt
    if (card.state !== 'solved') next.state = 'waiting_customer'
    delete next.waitingSince
  }
  return next
}

/** The row after or before `id`; the first or last one when `id` is not in the list. */
export function neighbourOf(
  cases: readonly CaseCard[],
  id: string | undefined,
  step: 1 | -1,
): CaseCard | undefined {
  const at = cases.findIndex((card) => card.id === id)
  if (at < 0) return step === 1 ? cases[0] : cases.at(-1)
  return cases[at + step]
}

/**
 * How many rows the list moved under the reader: the row that stood first on the screen keeps its place.
 * `before` and `after` are ids in order; `firstVisible` an index in `before`. A row that left gives its place to the next one.
 */
export function rowsMoved(before: readonly string[], after: readonly string[], firstVisible: number): number {
  for (let index = firstVisible; index < before.length; index++) {
    const found = after.indexOf(before[index]!)
    if (found >= 0) return found - index
  }
  return 0
}

// What is being filled in of a refund form. It is kept on the device, so that nothing is asked twice after a reload.

import { useCallback, useState } from 'react'
import type { AskRefund, RefundReason } from '../../../contract/refund.ts'
import { dropKept, keep, readKept } from '../data/keep.ts'

export const reasons: readonly RefundReason[] = [
  'shop_has_nothing',
  'not_received',
  'wrong_or_broken',
  'charged_twice',
  'cancelled_with_shop',
  'other',
]

export type Draft = {
  reason: RefundReason | null
  part: boolean
  amountMinor: bigint | null
  note: string
}
type KeptDraft = Omit<Draft, 'amountMinor'> & { amountMinor: string | null }

const empty: Draft = { reason: null, part: false, amountMinor: null, note: '' }

export function useDraft(payment: string): [Draft, (part: Partial<Draft>) => void, () => void] {
  const name = `refund-draft.${payment}`
  const [draft, setDraft] = useState<Draft>(() => {
    const kept = readKept<KeptDraft>(name)?.data
    if (!kept) return empty
    return { ...kept, amountMinor: kept.amountMinor === null ? null : BigInt(kept.amountMinor) }
  })
  const change = (part: Partial<Draft>): void =>
    setDraft((former) => {
      const next = { ...former, ...part }
      keep(name, { ...next, amountMinor: next.amountMinor?.toString() ?? null } satisfies KeptDraft)
      return next
    })
  const forget = useCallback(() => dropKept(name), [name])
  return [draft, change, forget]
}

/** The request of a filled-in form; undefined while something is missing. All that is left is asked for without an amount. */
export function askOf(
  payment: string,
  draft: Draft,
  leftMinor: bigint,
  evidence: readonly string[] = [],
): AskRefund | undefined {
  if (!draft.reason) return undefined
  const { amountMinor } = draft
  if (draft.part && (amountMinor === null || amountMinor < 100n || amountMinor > leftMinor)) return undefined
  const note = draft.note.trim()
  return {
    payment,
    ...(draft.part ? { amountMinor: amountMinor!.toString() } : {}),
    reason: draft.reason,
    ...(note ? { note } : {}),
    ...(evidence.length > 0 ? { evidence: [...evidence] } : {}),
  }
}

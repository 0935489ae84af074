// Approvals in words: kinds, rows of a payload, checks, and what is left of the time. What has no words shows plainly.

import type { Approval } from '../../../contract/refund.ts'
import { isCurrency } from '../../../contract/money.ts'
import {
  formatDuration,
  formatFingerprint,
  formatMoney,
  hasText,
  type Language,
  type SlaState,
} from '../../ui/index.ts'
import { t, type MessageId } from '../texts.ts'

const wordOr = (id: string, otherwise: string): string => (hasText(id) ? t(id as MessageId) : otherwise)

/** "Approve a refund" for `refund.pay`. */
export const kindTitle = (kind: string): string =>
  wordOr(`approval.kind.${kind.replaceAll('.', '_')}`, t('approval.kind.other'))

/** Why it was asked for: a reason of the refund in words, else what somebody wrote. */
export const reasonWords = (reason: string): string => wordOr(`refund.reason.${reason}`, reason)

export const checkWords = (key: string, ok: boolean): string =>
  wordOr(`approval.check.${key}.${ok ? 'ok' : 'not'}`, key)

type Row = { key: string; value: unknown }
export type ShownRow = { key: string; name: string; text: string; changedTo?: string | undefined }

const accounts: ReadonlySet<string> = new Set(['fromAccount'])
const references: ReadonlySet<string> = new Set(['refund', 'payment', 'topUp', 'payOut'])
/** Told elsewhere in the sheet, or a part of another row. */
const unshown: ReadonlySet<string> = new Set(['currency', 'amountMinor', 'givenId'])

function valueText({ key, value }: Row, currency: string, language: Language): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  if (key.endsWith('Minor') && isCurrency(currency) && /^-?\d+$/.test(text))
    return formatMoney({ amountMinor: text, currency }, { language })
  if (key === 'action') return wordOr(`approval.action.${text.replaceAll('.', '_')}`, text)
  if (key === 'reason') return reasonWords(text)
  if (key === 'decision') return wordOr(`approval.decision.${text}`, text)
  if (accounts.has(key)) return wordOr(`approval.account.${text}`, text)
  if (key === 'toWallet') return t('approval.to_wallet', { last: text.slice(-4) })
  if (references.has(key)) return text
  // Fingerprints of the pictures and documents.
  if (key === 'evidence') return text.split(' ').map(formatFingerprint).join(' · ')
  return text
}

/** The payload row by row; of a voided one also what each row had become. */
export function rowsOf(
  { payload, foundPayload, amount }: Pick<Approval, 'payload' | 'foundPayload' | 'amount'>,
  language: Language,
): ShownRow[] {
  const found = new Map(foundPayload?.map((row) => [row.key, row]))
  const changed = (row: Row): Row | undefined => {
    const now = found.get(row.key)
    return now && now.value !== row.value ? now : undefined
  }
  return payload
    .filter((row) => !unshown.has(row.key) || changed(row))
    .map((row) => {
      const now = changed(row)
      return {
        key: row.key,
        name: wordOr(`approval.row.${row.key}`, row.key),
        text: valueText(row, amount.currency, language),
        changedTo: now && valueText(now, amount.currency, language),
      }
    })
}

export type Left = { state: SlaState; text: string }

const riskSeconds = 30 * 60

/** What is left of the time to decide. */
export function leftOf(until: string, nowMs: number, language: Language): Left {
  const seconds = Math.round((Date.parse(until) - nowMs) / 1000)
  if (seconds <= 0) return { state: 'over', text: t('approval.left.none') }
  const time = formatDuration(seconds < 60 ? seconds : Math.ceil(seconds / 60) * 60, language)
  return { state: seconds <= riskSeconds ? 'risk' : 'calm', text: t('approval.left', { time }) }
}

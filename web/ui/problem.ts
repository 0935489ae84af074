// What people read about a problem: `error.CODE.title` and `error.CODE.body`, and `error.CODE.detail`
// when every value that it names came with the problem. A half-filled sentence is never shown.

import { i18n, currentLanguage } from './language.ts'
import type { ApiProblem } from './api.ts'
import type { Tone } from './components/StateBadge.tsx'
import { shownValues } from './format/values.ts'
import { hasText } from './i18n.ts'

export type ProblemText = { title: string; body: string; tone: Tone }

/** Not failed: we do not know yet, or it comes back by itself. Red would say something false. */
const waiting = new Set([
  'outcome_unknown',
  'network_error',
  'busy',
  'shutting_down',
  'cutoff',
  'merchant_unavailable',
  'step_up_required',
  'session_expired',
])
const guarded = new Set([
  'account_restricted',
  'account_frozen',
  'account_inactive',
  'security_hold',
  'verification_required',
])

/** Names of the values that a compiled message needs. */
function placeholdersOf(message: unknown): string[] {
  if (!Array.isArray(message)) return []
  return message
    .filter(Array.isArray)
    .flatMap(([name, , choices]) => [
      String(name),
      ...Object.values((choices as Record<string, unknown>) ?? {}).flatMap(placeholdersOf),
    ])
}

/** Title, body and colour of a problem, in the reader's language. */
export function problemText(
  { code, values }: Pick<ApiProblem, 'code' | 'values'>,
  language = currentLanguage(),
): ProblemText {
  const known = hasText(`error.${code}.title`) ? code : 'system_error'
  const filled = shownValues(values, language)
  const detailId = `error.${known}.detail`
  const detailFits =
    hasText(detailId) && placeholdersOf(i18n.messages[detailId]).every((name) => Object.hasOwn(filled, name))
  const body = [i18n._(`error.${known}.body`), ...(detailFits ? [i18n._(detailId, filled)] : [])].filter(
    Boolean,
  )
  return {
    title: i18n._(`error.${known}.title`),
    body: body.join(language === 'zh' ? '' : ' '),
    tone: waiting.has(known) ? 'wait' : guarded.has(known) ? 'hold' : 'fail',
  }
}

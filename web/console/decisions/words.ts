// Decisions in words.

import type { Decision } from '../../../contract/refund.ts'
import { hasText } from '../../ui/index.ts'
import { t, type MessageId } from '../texts.ts'

/** Why it is here: "The shop refused", "The shop stays silent". */
export function whyWords({ kind, why }: Pick<Decision, 'kind' | 'why'>): string {
  const id = `decision.why.${why}`
  return why && hasText(id) ? t(id as MessageId) : t(`decision.why.${kind}`)
}

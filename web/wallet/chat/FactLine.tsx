// A fact of the system in the talk, in our words: what happened to the case and to its money, with the way there.

import { CircleCheck, Info, RefreshCw, Undo2, UserCheck, type LucideIcon } from 'lucide-react'
import { A, SystemFact, formatClock, hasText, shownValues, unbroken, useLanguage } from '../../ui/index.ts'
import type { Message } from '../data/types.ts'
import { t, type MessageId } from '../texts.ts'

function iconOf(fact: string): LucideIcon {
  if (fact === 'agent_joined') return UserCheck
  if (fact === 'shop_asked_again') return RefreshCw
  if (fact === 'payment_credited' || fact === 'case_solved' || fact === 'case_settled') return CircleCheck
  return fact.startsWith('refund_') || fact === 'payment_returned' ? Undo2 : Info
}

/** A fact that we have no words for shows the server's text. */
export function FactLine({ message }: { message: Message }) {
  const language = useLanguage()
  const { fact = '', factValues = {}, storedAt, text } = message
  const at = formatClock(storedAt, { language })
  const id = `fact.${fact}`
  const words = hasText(id) ? t(id as MessageId, shownValues(factValues, language)) : text
  const reference = factValues['reference']
  return (
    <SystemFact icon={iconOf(fact)}>
      {typeof reference === 'string' && fact.startsWith('refund_') ? (
        <A href={`/transactions/${reference}`}>{unbroken(words)}</A>
      ) : (
        words
      )}
      {' · '}
      <time dateTime={storedAt}>{at}</time>
    </SystemFact>
  )
}

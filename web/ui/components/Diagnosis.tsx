// The helper's diagnosis in words: what is true, what happens by itself and when, what can be chosen.
// Facts that we have no words for are left out: a guess must never stand beside facts.

import { BellRing, Clock, Headset, RefreshCw, Undo2, X, type LucideIcon } from 'lucide-react'
import type { Choice as DiagnosisChoice, Diagnosis } from '../../../contract/diagnosis.ts'
import { unbroken } from '../format/unbroken.tsx'
import { shownValues } from '../format/values.ts'
import { hasText, t, type UiMessageId } from '../i18n.ts'
import { useLanguage, type Language } from '../language.ts'
import { Icon } from './Icon.tsx'

export type { Choice as DiagnosisChoice, Diagnosis } from '../../../contract/diagnosis.ts'

export const choiceIcons: Record<DiagnosisChoice, LucideIcon> = {
  wait_with_notice: BellRing,
  ask_shop_again: RefreshCw,
  ask_money_back: Undo2,
  withdraw_refund: X,
  person: Headset,
}

/** Facts as sentences, in the order of the diagnosis. */
export function factTexts({ facts }: Pick<Diagnosis, 'facts'>, language: Language): string[] {
  return facts
    .map(({ key, values }) => [`diagnosis.fact.${key}`, values] as const)
    .filter(([id]) => hasText(id))
    .map(([id, values]) => t(id as UiMessageId, shownValues(values, language)))
}

/** What comes if nobody does anything; undefined when nothing does. */
export function byItselfText(
  { byItself }: Pick<Diagnosis, 'byItself'>,
  language: Language,
): string | undefined {
  const id = `diagnosis.by_itself.${byItself?.key}`
  if (!byItself || !hasText(id)) return undefined
  const { at, values } = byItself
  return t(id as UiMessageId, shownValues({ ...(at ? { at } : {}), ...values }, language))
}

/** "Your money is not lost." and the rest of the text: the first sentence leads. */
export function leadOf(text: string): [lead: string, rest: string] {
  const end = /\.(?=\s|$)|。/.exec(text)
  const length = end ? end.index + 1 : text.length
  return [text.slice(0, length), text.slice(length)]
}

export function DiagnosisText({ diagnosis }: { diagnosis: Diagnosis }) {
  const language = useLanguage()
  const facts = factTexts(diagnosis, language)
  const [lead, rest] = leadOf(facts[0] ?? '')
  const byItself = byItselfText(diagnosis, language)
  return (
    <div className="diagnosis">
      {lead && (
        <p>
          <b>{unbroken(lead)}</b>
          {unbroken(rest)}
        </p>
      )}
      {facts.slice(1).map((text) => (
        <p key={text}>{unbroken(text)}</p>
      ))}
      {byItself && (
        <p className="diagnosis-next">
          <Icon of={Clock} size="sm" />
          <span>{unbroken(byItself)}</span>
        </p>
      )}
    </div>
  )
}

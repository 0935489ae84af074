// Words for keys that the server sends: subjects, languages. A key without words shows something plain, never the key.

import { hasText, languageNames, languageOf } from '../../ui/index.ts'
import type { Locale } from '../../../contract/schema.ts'
import { t, type MessageId } from '../texts.ts'

/** "Paid, shop has nothing" for `payment_not_arrived`. */
export function subjectOf(subject: string): string {
  const id = `case.subject.${subject}`
  return t((hasText(id) ? id : 'case.subject.general') as MessageId)
}

/** Each language by its own name, as agents know it. */
export const languageName = (locale: Locale): string => languageNames[languageOf(locale)]

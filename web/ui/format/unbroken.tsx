// References inside running text stay on one line: "RF-7Q2M-93TD" must not break at its hyphens, or nobody can read it aloud.

import { createElement, type ReactNode } from 'react'

/** TN-7Q2M-93TD and all others of its kind. */
const reference = /\b([A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4})\b/

/** The same text, with this part of it whole on a line where that is long enough: a shop's order number, of any form. */
export function wholeIn(text: string, part: string): ReactNode {
  const at = text.indexOf(part)
  if (at < 0) return text
  const whole = createElement('span', { key: 'whole', className: 'whole' }, part)
  return [text.slice(0, at), whole, text.slice(at + part.length)]
}

/** The same text, each reference in an element that does not break; what is no text stays as it is. */
export function unbroken(text: ReactNode): ReactNode {
  if (Array.isArray(text)) return text.map(unbroken)
  if (typeof text !== 'string' || !reference.test(text)) return text
  return text
    .split(reference)
    .map((part, place) =>
      place % 2 ? createElement('span', { key: place, className: 'unbroken' }, part) : part,
    )
}

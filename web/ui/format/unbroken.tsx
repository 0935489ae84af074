// References inside running text stay on one line: "RF-7Q2M-93TD" must not break at its hyphens, or nobody can read it aloud.

import { createElement, type ReactNode } from 'react'

/** TN-7Q2M-93TD and all others of its kind. */
const reference = /\b([A-Z]{2}-[0-9A-Z]{4}-[0-9A-Z]{4})\b/

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

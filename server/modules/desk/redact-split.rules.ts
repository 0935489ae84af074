// A long number sent in pieces: the end of the last message and the beginning of this one may be a card together (C12).
// Pure. The first piece is stored already and says nothing alone; the piece that would complete it is taken out.
import { findCards, findIdentityNumbers, type NumberSpan } from './redact-numbers.rules.ts'

/** Longer than any card written in groups. */
const tailLength = 40
const digitsAtEnd = /\d[\d\s.,·-]*$/
/** A number to call, alone: a case cannot be worked without it. */
const telephone = /^\+?(?:0|62)8\d{7,11}(?!\d)/
const onlyDigits = /^[\d\s.,·-]+$/

/** The digits with which what its author has said so far ends; '' when it ends otherwise. Takes plain, cleaned text. */
export function tailOf(plain: string, previous: string): string {
  const trimmed = plain.trim()
  const said =
    trimmed !== '' && onlyDigits.test(trimmed)
      ? `${previous} ${trimmed}`.trim().slice(-tailLength)
      : (digitsAtEnd.exec(trimmed.slice(-tailLength))?.[0] ?? '')
  return said.replace(/\D+$/, '')
}

export interface SplitSpan extends NumberSpan {
  kind: 'card_number' | 'id_number'
}

/** What of this message completes a number that began in the one before. */
export function findSplit(plain: string, tail: string): SplitSpan[] {
  const lead = plain.length - plain.trimStart().length
  const head = plain.slice(lead, lead + 2 * tailLength)
  if (tail === '' || !/^\d/.test(head) || telephone.test(head.replace(/[ -]/g, ''))) return []
  // The pieces as groups of their own, and as one run that was cut.
  for (const between of [' ', '']) {
    const joined = tail + between + head
    const edge = tail.length + between.length
    const crosses = (span: NumberSpan) => span.from < tail.length && span.to > edge
    const cards = findCards(joined).filter(crosses)
    const found = [
      ...cards.map((span) => ({ ...span, kind: 'card_number' as const })),
      ...findIdentityNumbers(joined, cards)
        .filter(crosses)
        .map((span) => ({ ...span, kind: 'id_number' as const })),
    ]
    if (found.length > 0) return found.map(({ to, kind }) => ({ from: lead, to: lead + to - edge, kind }))
  }
  return []
}

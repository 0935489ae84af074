// What the catalogues of texts must hold: every error in every language, the same ids and values in each, valid ICU.
// Pure: catalogues in, problems out.

import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage'

export type Catalogue = Readonly<Record<string, string>>
export type Catalogues = Readonly<Record<string, Catalogue>>

/** Causes for which a movement of money fails. They are promised to shops and customers: none may ever go. */
export const promisedCodes: readonly string[] =
  `insufficient_funds transaction_limit daily_limit monthly_incoming_limit count_limit balance_limit
   merchant_limit security_hold step_up_required account_restricted account_frozen account_inactive
   verification_required country_not_supported currency_not_supported pin_wrong pin_locked recipient_unknown
   recipient_cannot_receive merchant_unknown merchant_blocked merchant_unavailable card_declined
   card_details_wrong card_expired bill_paid bill_invalid amount_mismatch order_expired order_cancelled
   idempotency_conflict duplicate_reference cutoff busy outcome_unknown network_error refund_not_allowed
   system_error`.split(/\s+/)

/** Names of the values that a text takes, sorted. Throws when the text is not valid ICU. */
export function valuesOf(text: string): string[] {
  const names = new Set<string>()
  function visit(part: unknown): void {
    if (!Array.isArray(part)) return
    const [name, , choices] = part as [unknown, unknown, unknown]
    if (typeof name === 'string') names.add(name)
    if (choices && typeof choices === 'object')
      for (const choice of Object.values(choices)) if (Array.isArray(choice)) choice.forEach(visit)
  }
  const compiled: unknown = compileMessageOrThrow(text)
  if (Array.isArray(compiled)) compiled.forEach(visit)
  return [...names].sort()
}

/** Compares the languages of one app. The first one is the measure. */
export function compareLanguages(app: string, catalogues: Catalogues): string[] {
  const [[, measure] = ['', {}], ...others] = Object.entries(catalogues)
  const problems: string[] = []
  for (const [language, catalogue] of Object.entries(catalogues))
    for (const [id, text] of Object.entries(catalogue)) {
      if (text.trim() === '') problems.push(`${app} ${language} ${id}: empty`)
      if (!(id in measure)) problems.push(`${app} ${language} ${id}: unknown in the first language`)
    }
  for (const [language, catalogue] of others)
    for (const [id, text] of Object.entries(measure)) {
      const translated = catalogue[id]
      if (translated === undefined) problems.push(`${app} ${language} ${id}: missing`)
      else problems.push(...compareValues(`${app} ${language} ${id}`, text, translated))
    }
  return problems
}

function compareValues(at: string, text: string, translated: string): string[] {
  try {
    const [wanted, given] = [valuesOf(text).join(', '), valuesOf(translated).join(', ')]
    return wanted === given ? [] : [`${at}: takes {${given}} where the first language takes {${wanted}}`]
  } catch (error) {
    return [`${at}: ${(error as Error).message}`]
  }
}

/** Every code has a title and a body in every language, and no text speaks of a code that is not there. */
export function judgeErrorTexts(codes: readonly string[], catalogues: Catalogues): string[] {
  const problems = promisedCodes
    .filter((code) => !codes.includes(code))
    .map((code) => `contract/errors.ts: the promised code ${code} is gone`)
  for (const [language, catalogue] of Object.entries(catalogues)) {
    for (const code of codes)
      for (const part of ['title', 'body'])
        if (!catalogue[`error.${code}.${part}`])
          problems.push(`${language}: error.${code}.${part} is missing`)
    for (const id of Object.keys(catalogue)) {
      const code = /^error\.([a-z_]+)\.[a-z_]+$/.exec(id)?.[1]
      if (code && !codes.includes(code))
        problems.push(`${language}: ${id} speaks of a code that is not there`)
    }
  }
  return problems
}

/** Texts that are put together at run time from a value of the contract: each value needs its text. */
export function judgeWords(wanted: readonly string[], catalogues: Catalogues): string[] {
  return Object.entries(catalogues).flatMap(([language, catalogue]) =>
    wanted.filter((id) => !catalogue[id]).map((id) => `${language}: ${id} is missing`),
  )
}

// A statement as CSV (RFC 4180) that spreadsheets open. What a shop or a sender chose as its name must never run as a
// formula: such a cell gets an apostrophe in front, which spreadsheets show as text.

import type { Statement, StatementEntry } from '../../../contract/customer.ts'
import { toDecimalAmount, type Currency } from '../../../contract/money.ts'

export type CsvWords = Record<
  'time' | 'what' | 'reference' | 'in' | 'out' | 'balance' | 'currency' | 'opening' | 'closing',
  string
>

const startsFormula = /^[\s]*[=+\-@\t\r|%]/

export function csvCell(text: string): string {
  const safe = startsFormula.test(text) ? `'${text}` : text
  return /[",\r\n']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** "1250000.00": never negative here, since money in and out have columns of their own. */
const plain = (amountMinor: bigint, currency: Currency): string =>
  amountMinor < 0n ? `'${toDecimalAmount(amountMinor, currency)}` : toDecimalAmount(amountMinor, currency)

/**
 * Oldest first, with opening and closing balance as lines of their own. `entries` are newest first, as the server gives
 * them; `timeOf` writes a time in the wallet's zone, `of` says what an entry is and when it was.
 */
export function statementCsv(
  statement: Statement,
  entries: readonly StatementEntry[],
  words: CsvWords,
  timeOf: (at: string) => string,
  of: { what: (entry: StatementEntry) => string; at: (entry: StatementEntry) => string },
): string {
  const { currency } = statement.opening.amount
  const line = (cells: string[]): string => `${cells.map(csvCell).join(',')}\r\n`
  const balance = (name: string, side: Statement['opening']): string =>
    line([timeOf(side.at), name, '', '', '', plain(BigInt(side.amount.amountMinor), currency), currency])
  const rows = entries.toReversed().map((entry) => {
    const amount = BigInt(entry.amount.amountMinor)
    return line([
      timeOf(of.at(entry)),
      of.what(entry),
      entry.reference,
      amount > 0n ? plain(amount, currency) : '',
      amount > 0n ? '' : plain(-amount, currency),
      plain(BigInt(entry.balanceAfter.amountMinor), currency),
      currency,
    ])
  })
  const head = [words.time, words.what, words.reference, words.in, words.out, words.balance, words.currency]
  return [
    line(head),
    balance(words.opening, statement.opening),
    ...rows,
    balance(words.closing, statement.closing),
  ].join('')
}

// What is taken out of the ledger, one guard at a time: constraints, triggers and refusals of the database, as its own catalogue
// lists them, so that a new guard is tried without being named here; locks in SQL; decisions in the rules. Pure but for one query.
import type { Sql } from '#platform/db.ts'

export interface Mutant {
  name: string
  /** SQL that runs as a last migration. */
  sql?: string
  /** A file of the copy and its new text. */
  file?: { path: string; text: string }
}

/** Mutants that no test can tell from the original, with the reason. */
export const equivalent: Readonly<Record<string, string>> = {
  'without exchanges_rate_denominator_check of ledger.exchanges': 'follows from the other signs and the rate',
  'without exchanges_rate_numerator_check of ledger.exchanges': 'follows from the other signs and the rate',
  'without exchanges_sold_amount_check of ledger.exchanges': 'follows from the other signs and the rate',
}

/** Every constraint, unique index, trigger and RAISE of the schema `ledger`. */
export async function databaseMutants(sql: Sql): Promise<Mutant[]> {
  const constraints = await sql.rows<{ name: string; of: string }>(
    `SELECT conname AS name, conrelid::regclass::text AS of FROM pg_constraint
     WHERE connamespace = 'ledger'::regnamespace AND conrelid <> 0 AND contype IN ('c', 'p', 'u', 'f', 'x') AND conislocal ORDER BY 2, 1`,
  )
  const domains = await sql.rows<{ name: string; of: string }>(
    `SELECT conname AS name, contypid::regtype::text AS of FROM pg_constraint
     WHERE connamespace = 'ledger'::regnamespace AND contype = 'c' AND contypid <> 0 ORDER BY 2, 1`,
  )
  const indexes = await sql.rows<{ name: string }>(
    `SELECT indexrelid::regclass::text AS name FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
     WHERE relnamespace = 'ledger'::regnamespace AND indisunique
       AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid) ORDER BY 1`,
  )
  const triggers = await sql.rows<{ name: string; of: string }>(
    `SELECT tgname AS name, tgrelid::regclass::text AS of FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
     WHERE relnamespace = 'ledger'::regnamespace AND NOT tgisinternal AND tgparentid = 0 ORDER BY 2, 1`,
  )
  const functions = await sql.rows<{ name: string; definition: string }>(
    `SELECT proname AS name, pg_get_functiondef(oid) AS definition FROM pg_proc
     WHERE pronamespace = 'ledger'::regnamespace AND prokind = 'f' ORDER BY 1`,
  )
  return [
    ...constraints.map(({ name, of }) => ({
      name: `without ${name} of ${of}`,
      sql: `ALTER TABLE ${of} DROP CONSTRAINT ${name} CASCADE;`,
    })),
    ...domains.map(({ name, of }) => ({
      name: `without ${name} of ${of}`,
      sql: `ALTER DOMAIN ${of} DROP CONSTRAINT ${name};`,
    })),
    ...indexes.map(({ name }) => ({ name: `without unique index ${name}`, sql: `DROP INDEX ${name};` })),
    ...triggers.map(({ name, of }) => ({
      name: `without trigger ${name} of ${of}`,
      sql: `DROP TRIGGER ${name} ON ${of};`,
    })),
    ...functions.flatMap(({ name, definition }) =>
      [...definition.matchAll(/RAISE EXCEPTION[^;]*;/g)].map((match, index) => ({
        name: `without refusal ${index + 1} of ${name}()`,
        sql: `${definition.slice(0, match.index)}NULL;${definition.slice(match.index + match[0].length)};`,
      })),
    ),
  ]
}

/** Every row lock of a file with SQL, taken out. */
export function lockMutants(path: string, text: string): Mutant[] {
  return [...text.matchAll(/ FOR (NO KEY )?UPDATE( SKIP LOCKED)?/g)].map((match) => ({
    name: `${path}:${lineOf(text, match.index)} without${match[0]}`,
    file: { path, text: text.slice(0, match.index) + text.slice(match.index + match[0].length) },
  }))
}

const swaps: readonly (readonly [RegExp, string])[] = [
  [/ < /g, ' <= '],
  [/ <= /g, ' < '],
  [/ > /g, ' >= '],
  [/ >= /g, ' > '],
  [/ === /g, ' !== '],
  [/ !== /g, ' === '],
  [/ && /g, ' || '],
  [/ \|\| /g, ' && '],
  [/ \+ /g, ' - '],
  [/ - /g, ' + '],
  [/ \+= /g, ' -= '],
  [/\b0n\b/g, '1n'],
  [/\b1n\b/g, '2n'],
  [/\bif \((?!\/)/g, 'if (false && '],
]

/** Every decision and calculation of a file of rules, changed by the smallest step. */
export function ruleMutants(path: string, text: string): Mutant[] {
  const isCode = (at: number) => {
    const start = text.lastIndexOf('\n', at) + 1
    const line = text.slice(start, text.indexOf('\n', at))
    return !/^\s*(\/\/|\/?\*|import |export (interface|type)|\| ')/.test(line)
  }
  return swaps.flatMap(([pattern, into]) =>
    [...text.matchAll(pattern)]
      .filter((match) => isCode(match.index))
      .map((match) => ({
        name: `${path}:${lineOf(text, match.index)} ${match[0].trim()} → ${into.trim()}`,
        file: { path, text: text.slice(0, match.index) + into + text.slice(match.index + match[0].length) },
      })),
  )
}

const lineOf = (text: string, at: number) => text.slice(0, at).split('\n').length

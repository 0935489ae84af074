// Arrays as PostgreSQL reads them, made quickly: hot statements send hundreds of values in each of a dozen arrays.
// Only for values whose text needs no quoting, but `texts`, which quotes.

type Maybe<Value> = Value | null | undefined

/** For uuid[], bigint[], int[], boolean[]: values without commas, quotes, braces or spaces. */
export function plain(values: readonly Maybe<string | bigint | number | boolean>[]): string {
  let text = '{'
  for (let index = 0; index < values.length; index++) {
    if (index > 0) text += ','
    text += values[index] ?? 'NULL'
  }
  return `${text}}`
}

/** For text[]: every value quoted. */
export function texts(values: readonly Maybe<string>[]): string {
  let text = '{'
  for (let index = 0; index < values.length; index++) {
    const value = values[index]
    if (index > 0) text += ','
    if (value === null || value === undefined) text += 'NULL'
    else if (/["\\]/.test(value)) text += `"${value.replace(/["\\]/g, '\\$&')}"`
    else text += `"${value}"`
  }
  return `${text}}`
}

/** For timestamptz[]: ISO 8601 in UTC. */
export function times(values: readonly Maybe<Date>[]): string {
  return plain(values.map((value) => value?.toISOString()))
}

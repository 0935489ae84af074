// The one form of a value that is hashed or signed, so that two values with the same meaning have the same fingerprint.
// Sorted keys (by UTF-16 code unit), no space, JSON's own string escapes, whole safe numbers only. Amounts are strings.
// What has no one form (a float, undefined, a Date, a bigint) is refused, never guessed.

export type Canonical =
  string | number | boolean | null | readonly Canonical[] | { readonly [key: string]: Canonical }

/** The canonical JSON of a value. Throws TypeError for what has none. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0))
      throw new TypeError('a canonical value holds whole numbers only; amounts are strings')
    return String(value)
  }
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value !== 'object' || !isPlain(value))
    throw new TypeError(
      `a canonical value cannot hold ${typeof value === 'object' ? 'this object' : typeof value}`,
    )
  const members = Object.entries(value)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`)
  return `{${members.join(',')}}`
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

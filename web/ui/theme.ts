// Light or dark, and the size of type: the reader's choice, kept on <html> where tokens.css looks.
// An app calls `startTheme()` before the first render, so that nothing flashes.

export type Scheme = 'system' | 'light' | 'dark'
export type TypeSize = 'normal' | 'large' | 'larger'

const schemeKey = 'tuntas.scheme'
const typeKey = 'tuntas.type'

function read<Value extends string>(key: string, allowed: readonly Value[], otherwise: Value): Value {
  try {
    return allowed.find((value) => value === localStorage.getItem(key)) ?? otherwise
  } catch {
    return otherwise
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Private windows may forbid storage; the choice then lasts as long as the page.
  }
}

export const chosenScheme = (): Scheme => read(schemeKey, ['system', 'light', 'dark'], 'system')
export const chosenTypeSize = (): TypeSize => read(typeKey, ['normal', 'large', 'larger'], 'normal')

/**
 * How large the type really is, whoever made it so: the reader's choice here, the browser's own size, or both. Pages give it
 * room by `data-room`; what it is made by is `data-type`.
 */
export const roomFor = (rootPx: number): TypeSize =>
  rootPx >= 23 ? 'larger' : rootPx >= 19 ? 'large' : 'normal'

function apply(): void {
  const scheme = chosenScheme()
  const dark =
    scheme === 'dark' || (scheme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  const { dataset } = document.documentElement
  dataset.mantineColorScheme = dark ? 'dark' : 'light'
  dataset.type = chosenTypeSize()
  dataset.room = roomFor(Number.parseFloat(getComputedStyle(document.documentElement).fontSize) || 16)
}

export function startTheme(): void {
  apply()
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', apply)
}

export function setScheme(scheme: Scheme): void {
  keep(schemeKey, scheme)
  apply()
}

export function setTypeSize(size: TypeSize): void {
  keep(typeKey, size)
  apply()
}

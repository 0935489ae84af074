// What this device keeps of one customer, so that the wallet can be read without a connection.
// One owner at a time: when another customer signs in, or on sign-out, everything of the former is erased.

const prefix = 'tuntas.kept.'
const ownerKey = 'tuntas.owner'

export type Kept<Data> = { at: string; data: Data }

function storage(): Storage | null {
  try {
    return localStorage
  } catch {
    return null
  }
}

/** Who the kept data belongs to. */
export const owner = (): string | null => storage()?.getItem(ownerKey) ?? null

/** Erases everything kept of the owner. Tries to pay stay: they hold no more than a key, and are bound to their customer. */
export function eraseKept(): void {
  const store = storage()
  if (!store) return
  for (const name of Object.keys(store)) if (name.startsWith(prefix)) store.removeItem(name)
  store.removeItem(ownerKey)
}

/** Makes `customerId` the owner; what was kept of anybody else is erased first. */
export function takeOver(customerId: string): void {
  if (owner() === customerId) return
  eraseKept()
  try {
    storage()?.setItem(ownerKey, customerId)
  } catch {
    // Full or forbidden: then nothing is kept, and the wallet needs a connection.
  }
}

export function readKept<Data>(name: string): Kept<Data> | undefined {
  try {
    const text = storage()?.getItem(prefix + name)
    return text ? (JSON.parse(text) as Kept<Data>) : undefined
  } catch {
    return undefined
  }
}

/** Keeps `data` for the owner; does nothing while there is none. */
export function keep(name: string, data: unknown, at = new Date().toISOString()): void {
  if (!owner()) return
  try {
    storage()?.setItem(prefix + name, JSON.stringify({ at, data }))
  } catch {
    // Full: the older copy stays.
  }
}

export function dropKept(name: string): void {
  storage()?.removeItem(prefix + name)
}

// Passwords: argon2id with OWASP's parameters (19 MiB, 2 passes, 1 lane). The only place that hashes or compares one.
// Comparing with nobody's password costs the same time as with somebody's, so an answer's time tells nothing.
import { hash, verify } from '@node-rs/argon2'
import { createTurns } from './turns.ts'

const options = { memoryCost: 19_456, timeCost: 2, parallelism: 1, outputLen: 32 }

/** Unicode of one look is one password (NIST SP 800-63B: NFKC). */
function normalised(password: string): string {
  return password.normalize('NFKC')
}

export function hashPassword(password: string): Promise<string> {
  return hash(normalised(password), options)
}

/** One comparison takes 19 MiB and a core for some 20 ms: a few at once, the others wait in line. */
export const inPasswordTurn = createTurns({ atOnce: 4, maximumWaiting: 1000 })

let nobody: Promise<string> | undefined

/** True when it is the password of this hash. Without a hash it takes as long and is false. */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  nobody ??= hashPassword('nobody has this password')
  const right = await verify(passwordHash ?? (await nobody), normalised(password))
  return right && passwordHash !== undefined
}

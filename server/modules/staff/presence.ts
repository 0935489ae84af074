// Presence: the person at the screen types their password again before a step that moves much money. It holds for this session
// alone and for minutes. A try is charged before the password is compared; the tries are counted apart from those of signing
// in, so that who floods the sign-in from outside cannot keep anybody from approving.
import { inPasswordTurn, verifyPassword } from '#platform/passwords.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import { chargeTry, forgiveTries, type BackOff } from '#platform/throttle.ts'
import type { StaffNeeds } from './needs.ts'
import type { StaffSession } from './staff-sessions.ts'
import { readByEmail, savePresence } from './staff.sql.ts'

const backOff: BackOff = {
  freeTries: 5,
  firstLockMs: 60_000,
  maximumLockMs: 3_600_000,
  forgetAfterMs: 24 * 3_600_000,
}

/** Answers when it was proved. Throws password_wrong, password_locked (values.untilAt), session_expired. */
export async function provePresence(
  { platform, needs }: { platform: Platform; needs: StaffNeeds },
  session: StaffSession,
  password: string,
): Promise<Date> {
  const { db, clock } = platform
  const now = clock.now()
  const key = `staff.presence.${session.agentId}`
  const record = (what: 'proved' | 'refused') => ({
    who: { kind: 'agent' as const, id: session.agentId },
    action: `staff_presence.${what}`,
    resource: { kind: 'staff_session', id: session.sessionId },
    at: now,
  })
  const right = await inPasswordTurn(async () => {
    const throttle = await db.transaction((tx) => chargeTry(tx, key, backOff, now))
    if (throttle.verdict === 'stop')
      throw new Refusal('password_locked', { untilAt: throttle.untilAt.toISOString() })
    const agent = await readByEmail(db.read, session.email)
    const isRight = await verifyPassword(agent?.password_hash, password)
    if (!isRight) await db.transaction((tx) => needs.audit.record(tx, [record('refused')]))
    return isRight
  })
  if (!right) throw new Refusal('password_wrong')
  await db.transaction(async (tx) => {
    await forgiveTries(tx, key)
    // Signed out meanwhile: there is nothing left that could be proved.
    if (!(await savePresence(tx, session.sessionId, now))) throw new Refusal('session_expired')
    await needs.audit.record(tx, [record('proved')])
  })
  return now
}

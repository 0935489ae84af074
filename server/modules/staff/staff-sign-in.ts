// Agents' sign-in: the same care as for customers; a try is charged before the password is compared.
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Transaction } from '#platform/db.ts'
import { hashToken } from '#platform/keys.ts'
import { inPasswordTurn, verifyPassword } from '#platform/passwords.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import {
  chargeTry,
  checkPlaces,
  forgiveTries,
  networkOf,
  takePlaces,
  type BackOff,
  type Throttle,
} from '#platform/throttle.ts'
import type { StaffNeeds } from './needs.ts'
import type { StaffSessions } from './staff-sessions.ts'
import { readByEmail, type AgentRow } from './staff.sql.ts'

const backOff: BackOff = {
  freeTries: 5,
  firstLockMs: 60_000,
  maximumLockMs: 3_600_000,
  forgetAfterMs: 24 * 3_600_000,
}
const wrongPerNetwork = { limit: 30, windowMs: 10 * 60_000 }

/** Throws credentials_wrong, sign_in_locked (values.untilAt). A disabled agent is answered like a wrong password. */
export async function signInAgent(
  { platform, needs, sessions }: { platform: Platform; needs: StaffNeeds; sessions: StaffSessions },
  body: { email: string; password: string },
  request: RequestWithHeaders & { ip: string },
): Promise<{ agent: AgentRow; token: string }> {
  const { db, clock } = platform
  const now = clock.now()
  const email = body.email.trim().toLowerCase()
  const key = `staff.sign_in.${hashToken(email).toString('base64url')}`
  const network = { key: `staff.sign_in.network.${networkOf(request.ip)}`, ...wrongPerNetwork }
  const agent = await readByEmail(db.read, email)
  async function recordWrong(tx: Transaction): Promise<void> {
    await takePlaces(tx, [network], now)
    await needs.audit.record(tx, [
      {
        who: { kind: agent ? 'agent' : 'system', id: agent?.id },
        action: 'staff_sign_in.refused',
        resource: { kind: 'agent', id: agent?.id },
        at: now,
      },
    ])
  }

  const right = await inPasswordTurn(async () => {
    await db.transaction(async (tx) => {
      refuseWhenStopped(await checkPlaces(tx, [network], now))
      refuseWhenStopped(await chargeTry(tx, key, backOff, now))
    })
    const isRight = (await verifyPassword(agent?.password_hash, body.password)) && !agent?.disabled
    if (!isRight) await db.transaction((tx) => recordWrong(tx))
    return isRight
  })
  if (!agent || !right) throw new Refusal('credentials_wrong')

  const token = await db.transaction(async (tx) => {
    await forgiveTries(tx, key)
    const session = await sessions.open(tx, request, agent.id)
    await needs.audit.record(tx, [
      {
        who: { kind: 'agent', id: agent.id },
        action: 'staff_session.opened',
        resource: { kind: 'staff_session', id: session.sessionId },
        at: now,
      },
    ])
    return session.token
  })
  return { agent, token }
}

function refuseWhenStopped(throttle: Throttle): void {
  if (throttle.verdict === 'stop')
    throw new Refusal('sign_in_locked', { untilAt: throttle.untilAt.toISOString() })
}

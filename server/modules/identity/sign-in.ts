// Sign-in with contact and password. A try is charged before the password is compared, so tries at the same time
// cannot slip past the lock. Unknown contacts cost the same time and get the same answers as known ones.
import type { RequestWithHeaders } from '#platform/cookies.ts'
import type { Transaction } from '#platform/db.ts'
import { keyedHash } from '#platform/keys.ts'
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
  type Window,
} from '#platform/throttle.ts'
import { parseContact, type Contact } from './contact.ts'
import { customerOf, type Customer } from './customers.ts'
import { readByContact, readDevice, readPasswordHash, saveDevice } from './customers.sql.ts'
import { deviceOf, newDeviceId } from './devices.ts'
import type { IdentityNeeds } from './needs.ts'
import type { Sessions } from './sessions.ts'
import type { SignedIn } from './sign-up.ts'

/** Five wrong tries, then a minute, doubling up to an hour; forgotten after a quiet day. */
export const signInBackOff: BackOff = {
  freeTries: 5,
  firstLockMs: 60_000,
  maximumLockMs: 3_600_000,
  forgetAfterMs: 24 * 3_600_000,
}
/** A network may be a whole mobile provider: more tries, and only wrong ones count. */
export const wrongPerNetwork = { limit: 30, windowMs: 10 * 60_000 }

export interface SignInParts {
  platform: Platform
  needs: IdentityNeeds
  sessions: Sessions
  /** For the keys of locks: contacts of strangers are not kept readable. */
  contactKey: Buffer
  deviceKey: Buffer
}

/** Throws contact_invalid, credentials_wrong, sign_in_locked (values.untilAt). */
export async function signIn(
  parts: SignInParts,
  body: { contact: string; password: string },
  request: RequestWithHeaders & { ip: string },
): Promise<SignedIn> {
  const { platform, needs, deviceKey } = parts
  const now = platform.clock.now()
  const contact = parseContact(body.contact)
  if (!contact) throw new Refusal('contact_invalid')
  const row = await readByContact(platform.db.read, contact)
  const presented = deviceOf(deviceKey, request)
  // For an unknown contact the same question is asked about nobody: the answer's time tells nothing.
  const device = await readDevice(platform.db.read, row?.id ?? nobody, presented)
  const contactDigest = keyedHash(parts.contactKey, contact.address).toString('base64url')
  const isOwnDevice = presented !== undefined && device.this_one
  // On a device of one's own only its own wrong tries count: strangers cannot lock the owner out.
  const key = isOwnDevice
    ? `identity.sign_in.device.${presented}.${contactDigest}`
    : `identity.sign_in.contact.${contactDigest}`

  const network = isOwnDevice
    ? undefined
    : { key: `identity.sign_in.network.${networkOf(request.ip)}`, ...wrongPerNetwork }

  // The same writes whether or not somebody has this contact: the answer's time tells nothing.
  async function recordWrong(tx: Transaction): Promise<void> {
    if (network) await takePlaces(tx, [network], now)
    await needs.audit.record(tx, [
      {
        who: { kind: row ? 'customer' : 'system', id: row?.id },
        action: 'sign_in.refused',
        resource: { kind: 'customer', id: row?.id },
        at: now,
        detail: { channel: contact!.channel },
      },
    ])
  }

  const right = await inPasswordTurn(async () => {
    await platform.db.transaction((tx) => charge(tx, key, network, now))
    const isRight = await verifyPassword(row?.password_hash, body.password)
    if (!isRight) await platform.db.transaction((tx) => recordWrong(tx))
    return isRight
  })
  if (!row || !right) throw new Refusal('credentials_wrong')

  const deviceId = presented ?? newDeviceId()
  const customer = customerOf(row)
  const isNewDevice = device.any_one && !isOwnDevice
  const token = await platform.db.transaction(async (tx) => {
    await forgiveTries(tx, key)
    if (isNewDevice) await tellOfNewDevice(tx, needs, customer, contact)
    return admit(tx, parts, { customerId: customer.id, deviceId, isNewDevice }, request, now)
  })
  if (isNewDevice) needs.notices.wake()
  return { customer, token, deviceId }
}

/** The session, the device and the record of a sign-in that was right. Returns the session's token. */
async function admit(
  tx: Transaction,
  { sessions, needs }: SignInParts,
  who: { customerId: string; deviceId: string; isNewDevice: boolean },
  request: RequestWithHeaders,
  now: Date,
): Promise<string> {
  await saveDevice(tx, { id: who.deviceId, customerId: who.customerId, seenAt: now })
  const { token, sessionId } = await sessions.open(tx, request, who)
  await needs.audit.record(tx, [
    {
      who: { kind: 'customer', id: who.customerId },
      action: 'session.opened',
      resource: { kind: 'session', id: sessionId },
      at: now,
      detail: { newDevice: who.isNewDevice },
    },
  ])
  return token
}

async function tellOfNewDevice(
  tx: Transaction,
  needs: IdentityNeeds,
  customer: Customer,
  contact: Contact,
): Promise<void> {
  await needs.notices.enqueue(tx, [
    {
      customerId: customer.id,
      to: contact.address,
      channel: contact.channel,
      template: 'new_device',
      locale: customer.locale,
      values: {},
    },
  ])
}

const nobody = '00000000-0000-0000-0000-000000000000'

/** Asks a signed-in customer for the password once more. Throws credentials_wrong, sign_in_locked. */
export async function confirmPassword(
  parts: SignInParts,
  customerId: string,
  password: string,
): Promise<void> {
  const { platform } = parts
  const now = platform.clock.now()
  const key = `identity.password.${customerId}`
  const right = await inPasswordTurn(async () => {
    await platform.db.transaction((tx) => charge(tx, key, undefined, now))
    return verifyPassword(await readPasswordHash(platform.db.read, customerId), password)
  })
  if (!right) throw new Refusal('credentials_wrong')
  await platform.db.transaction((tx) => forgiveTries(tx, key))
}

/**
 * Charges the try, or refuses and charges nothing: a thrown refusal takes everything of its transaction back.
 * A network is only asked here and charged when the password was wrong: many people may come from one at once.
 * As few passwords are compared at a time, no more than these few pass its limit.
 */
async function charge(tx: Transaction, key: string, network: Window | undefined, now: Date): Promise<void> {
  if (network) refuseWhenStopped(await checkPlaces(tx, [network], now))
  refuseWhenStopped(await chargeTry(tx, key, signInBackOff, now))
}

function refuseWhenStopped(throttle: Throttle): void {
  if (throttle.verdict === 'stop')
    throw new Refusal('sign_in_locked', { untilAt: throttle.untilAt.toISOString() })
}

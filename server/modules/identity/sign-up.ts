// Sign-up: a code proves the contact, then name, password and PIN make the customer; their wallet opens in the same commit.
// Whether a contact is known is never told by an answer or its time, only to the contact itself.
import type { SignUpFinishSchema, SignUpPasswordSchema, SignUpStartSchema } from '#contract/customer.ts'
import type { RequestWithHeaders } from '#platform/cookies.ts'
import { violatedConstraint, type Transaction } from '#platform/db.ts'
import { hashPassword } from '#platform/passwords.ts'
import type { Platform } from '#platform/platform.ts'
import { Refusal } from '#platform/refusal.ts'
import type { Static } from 'typebox'
import { flowLifeMs } from './code.rules.ts'
import { refusalOfCode, type Codes, type CodeSent } from './codes.ts'
import { cleanName, parseContact, supportedCountries } from './contact.ts'
import { createCustomers, customersByIds, type Customer } from './customers.ts'
import { readByContact, saveDevice } from './customers.sql.ts'
import { deviceOf, newDeviceId } from './devices.ts'
import { lockFlow, markUsed, readFlow, type FlowRow } from './flows.sql.ts'
import type { IdentityNeeds } from './needs.ts'
import { minimumPasswordLength, weaknessOf } from './password.rules.ts'
import { isWeakPin } from './pin.rules.ts'
import type { Pins } from './pins.ts'
import type { Sessions } from './sessions.ts'

export interface SignedIn {
  customer: Customer
  token: string
  deviceId: string
}

export type SignedUpHandler = (tx: Transaction, customer: Customer) => Promise<void>

export interface SignUpParts {
  platform: Platform
  needs: IdentityNeeds
  codes: Codes
  pins: Pins
  sessions: Sessions
  deviceKey: Buffer
  signedUp: readonly SignedUpHandler[]
}

export async function startSignUp(
  { platform, codes }: SignUpParts,
  body: Static<typeof SignUpStartSchema>,
  ip: string,
): Promise<CodeSent> {
  const contact = parseContact(body.contact)
  if (!contact) throw new Refusal('contact_invalid')
  if (contact.channel === 'sms' && !supportedCountries.has(contact.country ?? ''))
    throw new Refusal('country_not_supported')
  const known = await readByContact(platform.db.read, contact)
  return codes.start({
    purpose: 'sign_up',
    channel: contact.channel,
    contact: contact.address,
    locale: body.locale,
    known: known !== undefined,
    ip,
  })
}

/** Throws code_wrong, code_expired, code_tries_used, flow_invalid: after the count of the try is committed. */
export async function verifySignUp(
  { platform, codes }: SignUpParts,
  body: { flowId: string; code: string },
): Promise<void> {
  const verdict = await platform.db.transaction((tx) =>
    codes.check(tx, body.flowId, body.code, { purpose: 'sign_up' }),
  )
  const refusal = refusalOfCode(verdict)
  if (refusal) throw refusal
}

function refuseWeakPassword(password: string, own: readonly string[]): void {
  const why = weaknessOf(password, own)
  if (why) throw new Refusal('password_weak', { why, minimumLength: minimumPasswordLength })
}

/**
 * Judges a password in the step where it is chosen; nothing is kept, and `finishSignUp` judges again. Throws flow_invalid,
 * validation_failed, password_weak (values.why, values.minimumLength).
 */
export async function checkSignUpPassword(
  { platform }: SignUpParts,
  body: Static<typeof SignUpPasswordSchema>,
): Promise<void> {
  const flow = await readFlow(platform.db.read, body.flowId)
  if (!isReady(flow, platform.clock.now())) throw new Refusal('flow_invalid')
  const displayName = cleanName(body.displayName)
  if (!displayName) throw new Refusal('validation_failed', { field: 'body.displayName' })
  refuseWeakPassword(body.password, [flow.contact, displayName])
}

/** Throws flow_invalid, validation_failed, password_weak, pin_weak. */
export async function finishSignUp(
  parts: SignUpParts,
  body: Static<typeof SignUpFinishSchema>,
  request: RequestWithHeaders,
): Promise<SignedIn> {
  const { platform, needs, pins, sessions, deviceKey } = parts
  const now = platform.clock.now()
  const known = await readFlow(platform.db.read, body.flowId)
  if (!isReady(known, now)) throw new Refusal('flow_invalid')
  const displayName = cleanName(body.displayName)
  if (!displayName) throw new Refusal('validation_failed', { field: 'body.displayName' })
  refuseWeakPassword(body.password, [known.contact, displayName])
  if (isWeakPin(body.pin)) throw new Refusal('pin_weak')
  const passwordHash = await hashPassword(body.password)
  const deviceId = deviceOf(deviceKey, request) ?? newDeviceId()
  try {
    return await platform.db.transaction(async (tx) => {
      const flow = await lockFlow(tx, body.flowId)
      if (!isReady(flow, now)) throw new Refusal('flow_invalid')
      const [customerId] = await createCustomers(tx, pins, [
        {
          displayName,
          ...(flow.channel === 'sms' ? { phone: flow.contact } : { email: flow.contact }),
          locale: flow.locale,
          passwordHash,
          pin: body.pin,
          createdAt: now,
        },
      ])
      const customer = (await customersByIds(tx, [customerId!])).get(customerId!)!
      await markUsed(tx, flow.id, now)
      await saveDevice(tx, { id: deviceId, customerId: customer.id, seenAt: now })
      const { token, sessionId } = await sessions.open(tx, request, { customerId: customer.id, deviceId })
      for (const handle of parts.signedUp) await handle(tx, customer)
      await needs.audit.record(tx, [
        {
          who: { kind: 'customer', id: customer.id },
          action: 'customer.signed_up',
          resource: { kind: 'customer', id: customer.id },
          at: now,
          detail: { channel: flow.channel, sessionId },
        },
      ])
      return { customer, token, deviceId }
    })
  } catch (error) {
    // Two flows for one contact: the other one was first.
    if (/^customers_(phone|email)_key$/.test(violatedConstraint(error) ?? ''))
      throw new Refusal('flow_invalid')
    throw error
  }
}

function isReady(flow: FlowRow | undefined, now: Date): flow is FlowRow {
  return (
    flow !== undefined &&
    flow.purpose === 'sign_up' &&
    flow.verified_at !== null &&
    flow.used_at === null &&
    flow.created_at.getTime() + flowLifeMs > now.getTime()
  )
}

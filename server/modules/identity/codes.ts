// Six-digit codes to a contact, for sign-up and for one more proof. A code belongs to one flow and stands in the
// database as a keyed hash only. Tries are counted under the flow's lock and over all flows of a contact.
import { randomInt } from 'node:crypto'
import type { CodeSentSchema } from '#contract/customer.ts'
import { uuidv7 } from '#contract/ids.ts'
import type { Locale } from '#contract/schema.ts'
import type { Clock } from '#platform/clock.ts'
import type { Database, Transaction } from '#platform/db.ts'
import { keyedHash, sameHash } from '#platform/keys.ts'
import { Refusal } from '#platform/refusal.ts'
import { giveBackPlaces, networkOf, takePlaces } from '#platform/throttle.ts'
import type { Static } from 'typebox'
import {
  afterWrongCode,
  codeLifeMinutes,
  codeLifeMs,
  codeTries,
  flowLifeMs,
  resendAfterMs,
  sendsPerContact,
  sendsPerNetwork,
  whyNotJudged,
  wrongCodesPerContact,
  type CodeVerdict,
} from './code.rules.ts'
import { maskContact } from './contact.ts'
import {
  countWrongCode,
  lockFlow,
  markUsed,
  markVerified,
  saveFlow,
  saveNewCode,
  type FlowRow,
} from './flows.sql.ts'
import type { IdentityNeeds } from './needs.ts'

export type CodeSent = Static<typeof CodeSentSchema>
export type CodePurpose = 'sign_up' | 'unfreeze'

export interface StartCode {
  purpose: CodePurpose
  channel: 'sms' | 'email'
  contact: string
  locale: Locale
  /** The signed-in customer whose proof it is; a sign-up has none. */
  customerId?: string | undefined
  /** The contact has an account already: it is told so, and no code will be right. */
  known?: boolean
  ip: string
}

export interface Codes {
  /** Throws code_send_limit. The answer is the same for known and unknown contacts. */
  start(start: StartCode): Promise<CodeSent>
  /** Throws flow_invalid, code_tries_used, code_send_limit. Wrong tries are not forgotten. */
  resend(flowId: string, purpose: CodePurpose, ip: string): Promise<CodeSent>
  /** Judges in the caller's transaction, which must commit whatever the verdict is: it holds the count. */
  check(
    tx: Transaction,
    flowId: string,
    code: string,
    expected: { purpose: CodePurpose; customerId?: string | undefined },
  ): Promise<CodeVerdict>
}

export interface CodesParts {
  db: Database
  clock: Clock
  /** For the hash of codes. */
  key: Buffer
  signInUrl: string
  notices: IdentityNeeds['notices']
}

export function createCodes({ db, clock, key, signInUrl, notices }: CodesParts): Codes {
  const codeHash = (flowId: string, purpose: string, code: string) =>
    keyedHash(key, 'code', flowId, purpose, code)
  const windowKey = (kind: string, purpose: string, text: string) =>
    `identity.code.${kind}.${purpose}.${keyedHash(key, 'contact', text).toString('base64url')}`

  async function takeSend(tx: Transaction, purpose: string, contact: string, ip: string, now: Date) {
    const throttle = await takePlaces(
      tx,
      [
        { key: windowKey('send', purpose, contact), ...sendsPerContact },
        { key: `identity.code.send.network.${networkOf(ip)}`, ...sendsPerNetwork },
      ],
      now,
    )
    if (throttle.verdict === 'stop')
      throw new Refusal('code_send_limit', { untilAt: throttle.untilAt.toISOString() })
  }

  /** Makes a code and the message that carries it; for a known contact the same work, but no code that is right. */
  async function send(
    tx: Transaction,
    flow: {
      id: string
      purpose: string
      channel: 'sms' | 'email'
      contact: string
      locale: Locale
      known: boolean
      customerId?: string | undefined
    },
    now: Date,
  ) {
    const code = randomInt(1_000_000).toString().padStart(6, '0')
    const hash = codeHash(flow.id, flow.purpose, code)
    const expiresAt = new Date(now.getTime() + codeLifeMs)
    const common = {
      customerId: flow.customerId,
      to: flow.contact,
      channel: flow.channel,
      locale: flow.locale,
      secret: true,
      expiresAt,
    }
    await notices.enqueue(tx, [
      flow.known
        ? { ...common, template: 'sign_up_known', values: { signInUrl } }
        : {
            ...common,
            template: flow.purpose === 'unfreeze' ? 'unfreeze_code' : 'sign_up_code',
            values: { code, minutes: codeLifeMinutes },
          },
    ])
    return {
      hash: flow.known ? undefined : hash,
      expiresAt,
      resendAt: new Date(now.getTime() + resendAfterMs),
    }
  }

  const sentOf = (
    flow: { id: string; channel: 'sms' | 'email'; contact: string },
    code: { expiresAt: Date; resendAt: Date },
  ): CodeSent => ({
    flowId: flow.id,
    channel: flow.channel,
    sentTo: maskContact({ channel: flow.channel, address: flow.contact }),
    expiresAt: code.expiresAt.toISOString(),
    resendAt: code.resendAt.toISOString(),
  })

  return {
    async start(start) {
      const now = clock.now()
      const flow = { ...start, id: uuidv7(), known: start.known === true }
      const code = await db.transaction(async (tx) => {
        await takeSend(tx, start.purpose, start.contact, start.ip, now)
        const sent = await send(tx, flow, now)
        await saveFlow(tx, {
          id: flow.id,
          purpose: flow.purpose,
          customerId: flow.customerId,
          channel: flow.channel,
          contact: flow.contact,
          locale: flow.locale,
          codeHash: sent.hash,
          codeExpiresAt: sent.expiresAt,
          resendAt: sent.resendAt,
          createdAt: now,
        })
        return sent
      })
      notices.wake()
      return sentOf(flow, code)
    },

    async resend(flowId, purpose, ip) {
      const now = clock.now()
      const sent = await db.transaction(async (tx) => {
        const flow = await lockFlow(tx, flowId)
        if (
          !flow ||
          flow.purpose !== purpose ||
          flow.verified_at ||
          flow.used_at ||
          flow.created_at.getTime() + flowLifeMs <= now.getTime()
        )
          throw new Refusal('flow_invalid')
        if (flow.wrong_tries >= codeTries) throw new Refusal('code_tries_used')
        if (flow.resend_at > now)
          throw new Refusal('code_send_limit', { untilAt: flow.resend_at.toISOString() })
        await takeSend(tx, purpose, flow.contact, ip, now)
        const code = await send(
          tx,
          { ...flow, known: flow.code_hash === null, customerId: flow.customer_id ?? undefined },
          now,
        )
        await saveNewCode(tx, flow.id, code)
        return sentOf(flow, code)
      })
      notices.wake()
      return sent
    },

    async check(tx, flowId, code, expected) {
      const now = clock.now()
      const flow = await lockFlow(tx, flowId)
      const refused = whyNotJudged(
        flow && stateOf(flow),
        { purpose: expected.purpose, customerId: expected.customerId },
        now,
      )
      if (refused || !flow) return refused ?? { verdict: 'invalid' }
      const key = windowKey('wrong', flow.purpose, flow.contact)
      const throttle = await takePlaces(tx, [{ key, ...wrongCodesPerContact }], now)
      if (throttle.verdict === 'stop') return { verdict: 'tries_used', untilAt: throttle.untilAt }
      const hash = codeHash(flow.id, flow.purpose, code)
      if (!flow.code_hash || !sameHash(hash, flow.code_hash)) {
        await countWrongCode(tx, flow.id)
        return afterWrongCode(flow.wrong_tries)
      }
      await giveBackPlaces(tx, [key])
      await (flow.purpose === 'sign_up' ? markVerified : markUsed)(tx, flow.id, now)
      return { verdict: 'right' }
    },
  }
}

function stateOf(flow: FlowRow) {
  return {
    purpose: flow.purpose,
    customerId: flow.customer_id ?? undefined,
    wrongTries: flow.wrong_tries,
    codeExpiresAt: flow.code_expires_at,
    createdAt: flow.created_at,
    used: flow.used_at !== null,
  }
}

/** The refusal that a verdict means; undefined when the code was right. */
export function refusalOfCode(verdict: CodeVerdict): Refusal | undefined {
  switch (verdict.verdict) {
    case 'right':
      return undefined
    case 'wrong':
      return new Refusal('code_wrong', { triesLeft: verdict.triesLeft })
    case 'expired':
      return new Refusal('code_expired')
    case 'tries_used':
      return new Refusal(
        'code_tries_used',
        verdict.untilAt ? { untilAt: verdict.untilAt.toISOString() } : undefined,
      )
    case 'invalid':
      return new Refusal('flow_invalid')
  }
}

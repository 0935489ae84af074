// One call of a bank: prove who sends it, that it is fresh and not a replay; then hand it on and keep both sides.
// Nothing reaches a handler before signature, stamp and number are checked, in this order.
import { uuidv7 } from '#contract/ids.ts'
import { dayIn } from '#platform/days.ts'
import { isConnectionError } from '#platform/db.ts'
import type { Platform } from '#platform/platform.ts'
import type { BankPartner, VirtualAccountHandlers } from './index.ts'
import {
  readAddress,
  readAmount,
  readJson,
  readOptionalText,
  readOptionalTime,
  readSender,
  readText,
} from './read-call.ts'
import type { Fields } from './read-call.ts'
import * as store from './rails.sql.ts'
import { isFresh, isTokenValid, readStamp, sameSignature, signCall } from './signature.ts'
import { answerOf, SnapRefusal, type Case, type Service } from './snap.ts'

export interface Call {
  service: Exclude<Service, 'token'>
  method: string
  path: string
  /** Lower-case names. */
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: string
}

export interface Reply {
  status: number
  body: Record<string, unknown>
}

export interface CallContext {
  platform: Platform
  partner: BankPartner
  tokenKey: Buffer
  handlers: VirtualAccountHandlers
  /** The machine's time: stamps of a protocol, never facts of the business. */
  machineNow(): number
}

function header(call: Call, name: string): string {
  const value = call.headers[name]
  if (typeof value !== 'string' || value === '') throw new SnapRefusal('missing_field', name.toUpperCase())
  return value
}

/** Throws unless this is a fresh call, signed by the partner. */
function proveSender(context: CallContext, call: Call): { externalId: string; sentAt: Date } {
  const { partner, tokenKey } = context
  const nowMs = context.machineNow()
  const timestamp = header(call, 'x-timestamp')
  const externalId = header(call, 'x-external-id')
  const signature = header(call, 'x-signature')
  const accessToken = /^Bearer (\S+)$/.exec(header(call, 'authorization'))?.[1]
  if (!accessToken || !isTokenValid(tokenKey, partner.clientKey, accessToken, nowMs))
    throw new SnapRefusal('invalid_token')
  if (header(call, 'x-partner-id') !== partner.partnerId)
    throw new SnapRefusal('unauthorized', 'Unknown partner')
  const expected = signCall(partner.secret, {
    method: call.method,
    path: call.path,
    accessToken,
    body: call.body,
    timestamp,
  })
  if (!sameSignature(expected, signature)) throw new SnapRefusal('unauthorized', 'Signature')
  const sentAt = readStamp(timestamp)
  if (!sentAt) throw new SnapRefusal('invalid_format', 'X-TIMESTAMP')
  if (!isFresh(sentAt, nowMs)) throw new SnapRefusal('unauthorized', 'X-TIMESTAMP is too far from our time')
  if (!/^[0-9]{1,36}$/.test(externalId)) throw new SnapRefusal('invalid_format', 'X-EXTERNAL-ID')
  return { externalId, sentAt }
}

/** Writes the call down. Throws `conflict` when its number was used on this day: a replay. */
async function keepCall(
  context: CallContext,
  call: Call,
  sender: { externalId: string; sentAt: Date },
): Promise<string> {
  const { platform, partner } = context
  const { externalId, sentAt } = sender
  const id = uuidv7()
  const day = dayIn(platform.config.serviceTimeZone, sentAt)
  await platform.db.transaction(async (tx) => {
    if (!(await store.takeExternalId(tx, partner.clientKey, day, externalId)))
      throw new SnapRefusal('conflict', 'Cannot use same X-EXTERNAL-ID in same day')
    await store.insertCallback(tx, {
      id,
      partnerId: partner.clientKey,
      service: call.service,
      externalId,
      requestId: requestIdOf(call.body),
      sentAt,
      channelId:
        typeof call.headers['channel-id'] === 'string' ? call.headers['channel-id'].slice(0, 20) : undefined,
      // PostgreSQL keeps no NUL in text; JSON cannot hold one unescaped either.
      body: call.body.replaceAll('\u0000', ''),
      receivedAt: platform.clock.now(),
    })
  })
  return id
}

function requestIdOf(body: string): string | undefined {
  try {
    const fields = JSON.parse(body) as Fields | null
    const id = fields?.['paymentRequestId'] ?? fields?.['inquiryRequestId']
    return typeof id === 'string' && !id.includes('\u0000') ? id.slice(0, 128) : undefined
  } catch {
    return undefined
  }
}

async function answerInquiry({ handlers }: CallContext, fields: Fields): Promise<Record<string, unknown>> {
  const { virtualAccountNumber, ...address } = readAddress(fields)
  const inquiryRequestId = readText(fields, 'inquiryRequestId', 128)
  const account = await handlers.find(virtualAccountNumber)
  if (!account) throw new SnapRefusal('unknown_account')
  return {
    inquiryStatus: '00',
    inquiryReason: { english: 'Success', indonesia: 'Sukses' },
    ...address,
    virtualAccountName: account.accountName,
    inquiryRequestId,
    // O: the sender chooses the amount.
    virtualAccountTrxType: 'O',
  }
}

async function answerPayment(
  { handlers, partner }: CallContext,
  fields: Fields,
): Promise<Record<string, unknown>> {
  const { virtualAccountNumber, ...address } = readAddress(fields)
  const paymentRequestId = readText(fields, 'paymentRequestId', 128)
  const { amountMinor, currency } = readAmount(fields, 'paidAmount')
  const outcome = await handlers.receive({
    partnerId: partner.clientKey,
    bankName: partner.bankName,
    paymentRequestId,
    virtualAccountNumber,
    amountMinor,
    currency,
    bankReference: readOptionalText(fields, 'referenceNo', 64),
    paidAt: readOptionalTime(fields, 'trxDateTime'),
    sender: readSender(fields),
  })
  if (outcome.outcome !== 'received') throw new SnapRefusal(outcome.outcome)
  return {
    ...address,
    virtualAccountName: outcome.accountName,
    paymentRequestId,
    paidAmount: fields['paidAmount'],
    paymentFlagStatus: '00',
    paymentFlagReason: { english: 'Success', indonesia: 'Sukses' },
  }
}

/** Handles one call and answers in SNAP's form, whatever happens. */
export async function receiveCall(context: CallContext, call: Call): Promise<Reply> {
  const { platform } = context
  let callbackId: string | undefined
  let reply: Reply
  try {
    const sender = proveSender(context, call)
    callbackId = await keepCall(context, call, sender)
    const fields = readJson(call.body)
    const virtualAccountData = await (call.service === 'inquiry'
      ? answerInquiry(context, fields)
      : answerPayment(context, fields))
    const { status, ...success } = answerOf(call.service, 'successful')
    reply = { status, body: { ...success, virtualAccountData } }
  } catch (error) {
    const { snapCase, detail } = faultOf(error)
    const level = error instanceof SnapRefusal ? 'warn' : 'error'
    platform.log[level]({ error, service: call.service }, 'a call of a bank was refused')
    const { status, ...refusal } = answerOf(call.service, snapCase, detail)
    reply = { status, body: refusal }
  }
  if (callbackId)
    await store
      .saveAnswer(platform.db.read, callbackId, String(reply.body['responseCode']), reply.body)
      .catch((error: unknown) => platform.log.error({ error }, 'an answer to a bank could not be kept'))
  return reply
}

function faultOf(error: unknown): { snapCase: Case; detail: string | undefined } {
  if (error instanceof SnapRefusal) return { snapCase: error.snapCase, detail: error.detail }
  // Nobody knows whether it was done: the bank asks again with the same paymentRequestId.
  return { snapCase: isConnectionError(error) ? 'timeout' : 'internal_error', detail: undefined }
}

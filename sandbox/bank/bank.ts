// Bank Melati's core: transfers that people made, and telling the partner of each until it answers.
// What must be told stands in a row, so a restart goes on where it was; the same transfer keeps its own reference.
import { randomInt, randomUUID } from 'node:crypto'
import type { Database } from '../platform/database.ts'
import type { Settings } from '../platform/settings.ts'
import type { World } from '../platform/world.ts'
import { bankIdentity, createSnapClient, snapTime, type SnapAnswer } from './snap-client.ts'

export type TransferState = 'telling' | 'accepted' | 'refused' | 'given_up'

export interface BankCall {
  httpStatus: number | null
  responseCode: string | null
  message: string
  calledAt: string
}

export interface BankTransfer {
  id: string
  virtual_account: string
  account_name: string
  amount_minor: bigint
  payment_request_id: string
  reference_no: string
  state: TransferState
  extra_calls: number
  calls: number
  made_at: Date
  history: BankCall[]
}

export type Recipient =
  { found: true; name: string; requestId: string } | { found: false; reason: 'unknown' | 'no_answer' }

const columns = `id, virtual_account, account_name, amount_minor, payment_request_id, reference_no, state, extra_calls, calls, made_at,
  (SELECT coalesce(jsonb_agg(jsonb_build_object('httpStatus', http_status, 'responseCode', response_code, 'message', message,
     'calledAt', called_at) ORDER BY id), '[]') FROM sandbox.bank_calls AS bank_call WHERE bank_call.transfer_id = bank_transfers.id) AS history`

const maximumCalls = 12
const outOfOrderWindowMs = 3000

/** The digits of a virtual account number as a person types it. */
export function accountDigits(text: string): string {
  return text.replace(/[\s.-]/g, '')
}

/** Whoever pays here tops up their own wallet, from an account at this bank that goes with the wallet's number. */
const senderBankCode = '9990001'
const senderAccountOf = (virtualAccount: string) => `71${virtualAccount.slice(-8)}`

function addressOf(virtualAccount: string) {
  const customerNo = virtualAccount.slice(4)
  const { partnerServiceId } = bankIdentity
  return { partnerServiceId, customerNo, virtualAccountNo: `${partnerServiceId}${customerNo}` }
}

/** What an answer means to the bank: done, refused for good, or to be told again. */
export function judgeAnswer(answer: SnapAnswer): 'accepted' | 'refused' | 'again' {
  const code = answer.responseCode ?? ''
  // 404xx18 on a VA payment: this payment stood there already with other content; SNAP counts it as a success.
  if (code.startsWith('200') || code === '4042518') return 'accepted'
  if (/^(400|403|404)/.test(code)) return 'refused'
  return 'again'
}

export type Bank = ReturnType<typeof createBank>

export function createBank(parts: { db: Database; world: World; settings: Settings }) {
  const { db, world, settings } = parts
  const client = createSnapClient({
    customersUrl: settings.customersUrl,
    secret: settings.bankClientSecret,
  })
  let timer: NodeJS.Timeout | undefined
  let working: Promise<void> | undefined
  let stopped = true

  async function tell(transfer: BankTransfer): Promise<void> {
    const { bank } = world.switches
    const amount = {
      value: `${transfer.amount_minor / 100n}.${(transfer.amount_minor % 100n).toString().padStart(2, '0')}`,
      currency: 'IDR',
    }
    const answer = await client.call(
      '/v1.0/transfer-va/payment',
      {
        ...addressOf(transfer.virtual_account),
        virtualAccountName: transfer.account_name,
        paymentRequestId: transfer.payment_request_id,
        channelCode: 6011,
        paidAmount: amount,
        totalAmount: amount,
        trxDateTime: snapTime(transfer.made_at),
        referenceNo: transfer.reference_no,
        flagAdvise: transfer.calls > 0 ? 'Y' : 'N',
        sourceBankCode: senderBankCode,
        additionalInfo: {
          sourceAccountNo: senderAccountOf(transfer.virtual_account),
          sourceAccountName: transfer.account_name,
        },
      },
      bank.wrongSignature,
    )
    const lost = bank.lostAnswer && transfer.calls === 0
    const verdict = lost ? 'again' : judgeAnswer(answer)
    const calls = transfer.calls + 1
    const once = transfer.extra_calls > 0 && verdict !== 'again'
    const state: TransferState =
      verdict === 'again' ? (calls >= maximumCalls ? 'given_up' : 'telling') : verdict
    const waitMs = once ? 800 : state === 'telling' ? Math.min(30_000, 500 * 2 ** calls) : undefined
    await db.transaction(async (query) => {
      await query(
        `INSERT INTO sandbox.bank_calls (transfer_id, external_id, http_status, response_code, message) VALUES ($1, $2, $3, $4, $5)`,
        [
          transfer.id,
          answer.externalId,
          lost ? null : (answer.httpStatus ?? null),
          lost ? null : (answer.responseCode ?? null),
          lost ? 'the answer was lost' : answer.message,
        ],
      )
      await query(
        `UPDATE sandbox.bank_transfers SET calls = $2, state = CASE state WHEN 'telling' THEN $3 ELSE state END,
           extra_calls = extra_calls - $4, next_call_at = now() + $5::bigint * interval '1 millisecond' WHERE id = $1`,
        [transfer.id, calls, state, once ? 1 : 0, waitMs ?? null],
      )
    })
  }

  async function turn(): Promise<void> {
    const { outOfOrder } = world.switches.bank
    const due = await db.rows<BankTransfer>(
      `SELECT ${columns} FROM sandbox.bank_transfers
       WHERE next_call_at IS NOT NULL
         AND (next_call_at <= now() OR ($1 AND calls = 0 AND EXISTS
           (SELECT 1 FROM sandbox.bank_transfers AS first WHERE first.calls = 0 AND first.next_call_at <= now())))
       ORDER BY CASE WHEN $1 THEN made_at END DESC, next_call_at LIMIT 40`,
      [outOfOrder],
    )
    if (outOfOrder) for (const transfer of due) await tell(transfer)
    else for (let at = 0; at < due.length; at += 8) await Promise.all(due.slice(at, at + 8).map(tell))
  }

  function wake(afterMs = 0): void {
    if (stopped) return
    clearTimeout(timer)
    timer = setTimeout(() => {
      working ??= turn()
        .catch(() => undefined)
        .finally(() => {
          working = undefined
          wake(300)
        })
    }, afterMs)
  }

  return {
    /** Whose number is this? Asks the partner by an inquiry. `requestId` goes into the payment that follows. */
    async inquire(virtualAccount: string): Promise<Recipient> {
      const requestId = randomUUID()
      if (!/^8808[0-9]{12}$/.test(virtualAccount)) return { found: false, reason: 'unknown' }
      const answer = await client.call(
        '/v1.0/transfer-va/inquiry',
        {
          ...addressOf(virtualAccount),
          inquiryRequestId: requestId,
          channelCode: 6011,
          trxDateInit: snapTime(world.now()),
        },
        false,
      )
      if (answer.responseCode?.startsWith('404')) return { found: false, reason: 'unknown' }
      const data = answer.body?.['virtualAccountData'] as Record<string, unknown> | undefined
      if (!answer.responseCode?.startsWith('200') || typeof data?.['virtualAccountName'] !== 'string')
        return { found: false, reason: 'no_answer' }
      return { found: true, name: data['virtualAccountName'], requestId }
    },

    /** The money left the sender's account: from here on the partner is told until it answers. The same request id is one transfer. */
    async transfer(order: {
      virtualAccount: string
      name: string
      amountMinor: bigint
      requestId: string
    }): Promise<string> {
      const { bank } = world.switches
      const delayMs = Math.max(bank.lateMs, bank.outOfOrder ? outOfOrderWindowMs : 0)
      const [row] = await db.rows<{ id: string }>(
        `INSERT INTO sandbox.bank_transfers (id, virtual_account, account_name, amount_minor, payment_request_id, reference_no, state, extra_calls, next_call_at, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'telling', $7, now() + $8::bigint * interval '1 millisecond', $9)
         ON CONFLICT (payment_request_id) DO UPDATE SET payment_request_id = excluded.payment_request_id RETURNING id`,
        [
          randomUUID(),
          order.virtualAccount,
          order.name,
          order.amountMinor,
          order.requestId,
          `ML${randomInt(10 ** 12)
            .toString()
            .padStart(12, '0')}`,
          bank.twice ? 1 : 0,
          delayMs,
          world.now(),
        ],
      )
      wake()
      return row!.id
    },

    async transfers(limit = 30): Promise<BankTransfer[]> {
      return db.rows<BankTransfer>(
        `SELECT ${columns} FROM sandbox.bank_transfers ORDER BY made_at DESC, id LIMIT $1`,
        [limit],
      )
    },

    start() {
      stopped = false
      wake()
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await working
    },
  }
}

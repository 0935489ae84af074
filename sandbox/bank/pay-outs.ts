// Transfers that the partner orders: executed once for each reference, and remembered. How the bank misbehaves on the way is
// decided in the routes; what happened to the money is decided here, in one statement.
import { randomInt } from 'node:crypto'
import type { Database } from '../platform/database.ts'
import type { World } from '../platform/world.ts'

export interface PayOutOrder {
  partnerReference: string
  amountMinor: bigint
  bankCode: string
  accountNumber: string
  accountName: string
  remark: string
}

export interface PayOut {
  partner_reference: string
  reference_no: string
  amount_minor: bigint
  bank_code: string
  account_number: string
  account_name: string
  remark: string
  state: 'paid' | 'refused'
  asked: number
  inquiries: number
  received_at: Date
}

export type PayOuts = ReturnType<typeof createPayOuts>

export function createPayOuts({ db, world }: { db: Database; world: World }) {
  return {
    /** The pay-out, or `duplicate` when the reference stands there already: then nothing was done. */
    async execute(order: PayOutOrder): Promise<PayOut | 'duplicate'> {
      const [row] = await db.rows<PayOut & { is_new: boolean }>(
        `INSERT INTO sandbox.bank_pay_outs AS known (partner_reference, reference_no, amount_minor, bank_code, account_number,
           account_name, remark, state, received_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (partner_reference) DO UPDATE SET asked = known.asked + 1
         RETURNING *, asked = 1 AS is_new`,
        [
          order.partnerReference,
          `ML${randomInt(10 ** 12)
            .toString()
            .padStart(12, '0')}`,
          order.amountMinor,
          order.bankCode,
          order.accountNumber,
          order.accountName,
          order.remark,
          world.switches.payOuts.refused ? 'refused' : 'paid',
          world.now(),
        ],
      )
      return row!.is_new ? row! : 'duplicate'
    },
    async find(partnerReference: string): Promise<PayOut | undefined> {
      return db.maybe<PayOut>(
        'UPDATE sandbox.bank_pay_outs SET inquiries = inquiries + 1 WHERE partner_reference = $1 RETURNING *',
        [partnerReference],
      )
    },
    async list(limit = 30): Promise<PayOut[]> {
      return db.rows<PayOut>(
        'SELECT * FROM sandbox.bank_pay_outs ORDER BY received_at DESC, partner_reference LIMIT $1',
        [limit],
      )
    },
  }
}

// The words of SNAP (Bank Indonesia's API standard for payments), as far as banks call us for virtual accounts.
// A response code is HTTP status + service + case: 2002500 is "payment of a virtual account: successful".
import type { Currency } from '#contract/money.ts'

export const services = { token: '73', inquiry: '24', payment: '25' } as const
export type Service = keyof typeof services

/** The cases that we answer, with the standard's own messages. */
export const cases = {
  successful: { status: 200, case: '00', message: 'Successful' },
  bad_request: { status: 400, case: '00', message: 'Bad Request' },
  invalid_format: { status: 400, case: '01', message: 'Invalid Field Format' },
  missing_field: { status: 400, case: '02', message: 'Invalid Mandatory Field' },
  unauthorized: { status: 401, case: '00', message: 'Unauthorized.' },
  invalid_token: { status: 401, case: '01', message: 'Invalid Token (B2B)' },
  transaction_expired: { status: 403, case: '00', message: 'Transaction Expired' },
  unknown_account: { status: 404, case: '12', message: 'Invalid Bill/Virtual Account' },
  invalid_amount: { status: 404, case: '13', message: 'Invalid Amount' },
  inconsistent: { status: 404, case: '18', message: 'Inconsistent Request' },
  conflict: { status: 409, case: '00', message: 'Conflict' },
  internal_error: { status: 500, case: '01', message: 'Internal Server Error' },
  timeout: { status: 504, case: '00', message: 'Timeout' },
} as const
export type Case = keyof typeof cases

export interface SnapAnswer {
  status: number
  responseCode: string
  responseMessage: string
}

export function answerOf(service: Service, name: Case, detail?: string): SnapAnswer {
  const { status, case: number, message } = cases[name]
  return {
    status,
    responseCode: `${status}${services[service]}${number}`,
    responseMessage: detail ? `${message} ${detail}` : message,
  }
}

/** A refusal on the way to the handler; always answered in SNAP's form. */
export class SnapRefusal extends Error {
  readonly snapCase: Case
  readonly detail: string | undefined
  constructor(snapCase: Case, detail?: string) {
    super(detail ? `${snapCase}: ${detail}` : snapCase)
    this.snapCase = snapCase
    this.detail = detail
  }
}

export interface AccountAddress {
  partnerServiceId: string
  customerNo: string
  virtualAccountNo: string
}

/** A transfer that arrived at the bank for one of our virtual accounts. The bank has the money already. */
export interface VirtualAccountPayment {
  /** Which bank tells us, e.g. `bank-melati`. */
  partnerId: string
  bankName: string
  /** The bank's own reference of this transfer: the same on every call about it. */
  paymentRequestId: string
  /** Without the spaces that fill SNAP's service id: 16 digits. */
  virtualAccountNumber: string
  amountMinor: bigint
  currency: Currency
  /** The number on the sender's receipt. */
  bankReference: string | undefined
  /** When the bank says it happened. */
  paidAt: Date | undefined
  /** Where it came from, when the bank tells all of it: the only place that we can send it back to. */
  sender?: { bankCode: string; accountNumber: string; accountName: string } | undefined
}

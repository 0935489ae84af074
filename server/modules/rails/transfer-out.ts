// Money that we send: SNAP's transfer to an account at any bank, and the question what became of it. Certain ends are only what
// the bank itself says in SNAP's form; a page of a proxy, a cut line or a code that we do not know is no end.
import type { Currency } from '#contract/money.ts'
import { parseDecimalAmount, toDecimalAmount } from '#contract/money.ts'
import type { BankAnswer, BankClient } from './bank-client.ts'

export interface OutgoingTransfer {
  /** Ours, unique for ever, letters and digits: the bank pays the same reference once. */
  partnerReference: string
  amountMinor: bigint
  currency: Currency
  to: { bankCode: string; accountNumber: string; accountName: string }
  /** What the receiver reads on the statement; 50 characters at most. */
  remark: string
}

export type TransferAnswer =
  | { outcome: 'paid'; bankReference: string }
  /** A certain no: the money has not left and will not. */
  | { outcome: 'refused'; code: string; message: string }
  /** On its way, a duplicate, or no answer: nobody may believe either end before an inquiry says so. */
  | { outcome: 'unknown'; why: string }

/** Neither throws for what the network or the bank does. Call outside any transaction. */
export interface OutgoingTransfers {
  transferOut(order: OutgoingTransfer): Promise<TransferAnswer>
  /** What became of a transfer. `not_found`: the bank knows no such reference. */
  transferStatus(
    order: Pick<OutgoingTransfer, 'partnerReference' | 'amountMinor' | 'currency'>,
  ): Promise<TransferAnswer | { outcome: 'not_found' }>
}

/** SNAP's service codes: part of every response code. */
export const outgoingServices = { transfer: '18', status: '36' } as const
export type OutgoingService = keyof typeof outgoingServices

const unknown = (why: string): TransferAnswer => ({ outcome: 'unknown', why })

/** HTTP status and case of an answer in SNAP's form for this service; undefined when it is not in that form. */
function readCode(
  service: OutgoingService,
  answer: BankAnswer,
): { status: number; case: string } | undefined {
  const match = /^([1-5][0-9]{2})([0-9]{2})([0-9]{2})$/.exec(String(answer.body?.['responseCode'] ?? ''))
  if (!match || match[2] !== outgoingServices[service] || Number(match[1]) !== answer.httpStatus)
    return undefined
  return { status: answer.httpStatus, case: match[3]! }
}

const text = (answer: BankAnswer, name: string): string => {
  const value = answer.body?.[name]
  return typeof value === 'string' ? value : ''
}

/** The answer must speak of our transfer: its reference, and its amount where it names one. */
function isAbout(answer: BankAnswer, referenceField: string, order: Expected): boolean {
  const amount = answer.body?.['amount'] as { value?: unknown; currency?: unknown } | undefined
  return (
    text(answer, referenceField) === order.partnerReference &&
    (amount === undefined ||
      (amount.currency === order.currency &&
        parseDecimalAmount(amount.value, order.currency) === order.amountMinor))
  )
}

type Expected = Pick<OutgoingTransfer, 'partnerReference' | 'amountMinor' | 'currency'>

export function judgeTransfer(order: Expected, answer: BankAnswer): TransferAnswer {
  const code = readCode('transfer', answer)
  if (!code) return unknown(answer.noAnswer ?? `not SNAP: ${answer.httpStatus}`)
  const responseCode = text(answer, 'responseCode')
  if (code.status === 200) {
    const bankReference = text(answer, 'referenceNo')
    return code.case === '00' && bankReference !== '' && isAbout(answer, 'partnerReferenceNo', order)
      ? { outcome: 'paid', bankReference }
      : unknown(`inconsistent: ${responseCode}`)
  }
  // 401 and 409 say nothing of the money: our key is not taken, or the reference stands there already.
  if (code.status === 400 || code.status === 403 || code.status === 404)
    return { outcome: 'refused', code: responseCode, message: text(answer, 'responseMessage').slice(0, 150) }
  return unknown(responseCode)
}

export function judgeStatus(order: Expected, answer: BankAnswer): TransferAnswer | { outcome: 'not_found' } {
  const code = readCode('status', answer)
  if (!code) return unknown(answer.noAnswer ?? `not SNAP: ${answer.httpStatus}`)
  // "Transaction Not Found"; other 404 cases speak of other things.
  if (code.status === 404 && code.case === '01') return { outcome: 'not_found' }
  if (code.status !== 200 || code.case !== '00') return unknown(text(answer, 'responseCode'))
  if (!isAbout(answer, 'originalPartnerReferenceNo', order)) return unknown('inconsistent')
  const status = text(answer, 'latestTransactionStatus')
  switch (status) {
    case '00': {
      const bankReference = text(answer, 'originalReferenceNo')
      return bankReference === '' ? unknown('no bank reference') : { outcome: 'paid', bankReference }
    }
    // Refunded, cancelled, failed.
    case '04':
    case '05':
    case '06':
      return {
        outcome: 'refused',
        code: status,
        message: text(answer, 'transactionStatusDesc').slice(0, 150),
      }
    case '07':
      return { outcome: 'not_found' }
    // Initiated, paying, pending.
    default:
      return unknown(`status ${status}`)
  }
}

export function createOutgoingTransfers(client: BankClient, sourceAccountNumber: string): OutgoingTransfers {
  return {
    async transferOut(order) {
      const { partnerReference, amountMinor, currency, to } = order
      const answer = await client.call(
        'transfer',
        partnerReference,
        '/v1.0/transfer-interbank',
        (sentAt) => ({
          partnerReferenceNo: partnerReference,
          amount: { value: toDecimalAmount(amountMinor, currency), currency },
          beneficiaryAccountName: to.accountName,
          beneficiaryAccountNo: to.accountNumber,
          beneficiaryBankCode: to.bankCode,
          sourceAccountNo: sourceAccountNumber,
          transactionDate: sentAt,
          additionalInfo: { remark: order.remark },
        }),
      )
      return judgeTransfer(order, answer)
    },
    async transferStatus(order) {
      const answer = await client.call('status', order.partnerReference, '/v1.0/transfer/status', () => ({
        originalPartnerReferenceNo: order.partnerReference,
        serviceCode: outgoingServices.transfer,
      }))
      return judgeStatus(order, answer)
    },
  }
}

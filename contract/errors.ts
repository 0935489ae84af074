// The one catalogue of error codes, stable for ever. Status, retry advice and translations hang on the code.
// A code is never renamed or reused; a new cause gets a new code. Texts: web/ui/locales (error.CODE.*).

/** What the caller should do: `no`, after something changed, automatically with the same key, or simply again. */
export type Retry =
  | 'no'
  | 'yes'
  | 'automatic'
  | 'later'
  | 'after_top_up'
  | 'smaller_amount'
  | 'after_reset'
  | 'after_check'
  | 'with_proof'
  | 'after_fix'
  | 'after_verification'
  | 'correct_input'
  | 'new_order'
  | 'same_key'

interface ErrorEntry {
  status: number
  retry: Retry
  /** English title for logs and API readers; people read the translation. */
  title: string
}

export const errorCatalogue = {
  // Movements of money (failures.md)
  insufficient_funds: { status: 403, retry: 'after_top_up', title: 'Not enough balance' },
  transaction_limit: { status: 403, retry: 'smaller_amount', title: 'Above the limit for one transaction' },
  daily_limit: { status: 403, retry: 'after_reset', title: 'Daily limit reached' },
  monthly_incoming_limit: {
    status: 403,
    retry: 'after_reset',
    title: 'The receiver may take in no more this month',
  },
  count_limit: { status: 403, retry: 'after_reset', title: 'Too many transactions today' },
  balance_limit: {
    status: 403,
    retry: 'smaller_amount',
    title: 'The receiving wallet would hold more than it may',
  },
  merchant_limit: { status: 403, retry: 'later', title: 'The shop has reached its own limit' },
  security_hold: { status: 403, retry: 'after_check', title: 'Stopped by a security check' },
  step_up_required: { status: 403, retry: 'with_proof', title: 'Needs one more proof' },
  account_restricted: { status: 403, retry: 'after_fix', title: 'The wallet is restricted' },
  account_frozen: { status: 403, retry: 'no', title: 'The wallet is frozen' },
  account_inactive: { status: 403, retry: 'after_fix', title: 'The wallet is inactive' },
  verification_required: { status: 403, retry: 'after_verification', title: 'Needs a verified identity' },
  country_not_supported: { status: 403, retry: 'no', title: 'Not available in this country' },
  currency_not_supported: { status: 403, retry: 'no', title: 'Not available in this currency' },
  pin_wrong: { status: 403, retry: 'yes', title: 'Wrong PIN' },
  pin_locked: { status: 403, retry: 'later', title: 'PIN locked' },
  recipient_unknown: { status: 404, retry: 'correct_input', title: 'No such receiver' },
  recipient_cannot_receive: { status: 403, retry: 'later', title: 'The receiver cannot take this now' },
  merchant_unknown: { status: 403, retry: 'no', title: 'The shop does not take this wallet' },
  merchant_blocked: { status: 403, retry: 'no', title: 'The shop is closed to payments' },
  merchant_unavailable: { status: 504, retry: 'later', title: "The shop's system does not answer" },
  card_declined: { status: 403, retry: 'no', title: 'The bank refused the card' },
  card_details_wrong: { status: 403, retry: 'correct_input', title: 'Card details wrong' },
  card_expired: { status: 403, retry: 'no', title: 'Card expired' },
  bill_paid: { status: 404, retry: 'no', title: 'Bill already paid' },
  bill_invalid: { status: 404, retry: 'correct_input', title: 'Bill not found or closed' },
  amount_mismatch: { status: 409, retry: 'correct_input', title: 'The amount changed meanwhile' },
  order_expired: { status: 403, retry: 'new_order', title: 'The order has expired' },
  order_cancelled: { status: 403, retry: 'new_order', title: 'The order was cancelled' },
  order_paid: { status: 409, retry: 'no', title: 'The order is already paid' },
  idempotency_conflict: {
    status: 409,
    retry: 'same_key',
    title: 'Same key, other content: nothing was done',
  },
  duplicate_reference: { status: 409, retry: 'no', title: 'This reference was already processed' },
  cutoff: { status: 403, retry: 'later', title: 'Maintenance window at the bank or biller' },
  busy: { status: 429, retry: 'same_key', title: 'Too many requests' },
  outcome_unknown: { status: 504, retry: 'no', title: 'No answer yet' },
  network_error: { status: 503, retry: 'automatic', title: 'The network did not carry the request' },
  refund_not_allowed: { status: 409, retry: 'no', title: 'Refund not allowed' },
  approval_voided: { status: 409, retry: 'yes', title: 'What was approved has changed: look again' },
  approval_expired: { status: 409, retry: 'no', title: 'The approval has expired' },
  second_person_needed: { status: 403, retry: 'no', title: 'A second person must decide this' },
  presence_required: { status: 403, retry: 'with_proof', title: 'Type your password again first' },
  password_wrong: { status: 403, retry: 'yes', title: 'Wrong password' },
  password_locked: { status: 429, retry: 'later', title: 'Too many wrong passwords' },
  staff_limit: { status: 403, retry: 'no', title: 'Above what this member of staff may do' },
  system_error: { status: 500, retry: 'automatic', title: 'Our fault' },
  // Sign-up, sign-in, codes
  credentials_wrong: { status: 401, retry: 'correct_input', title: 'Wrong phone, e-mail or password' },
  sign_in_locked: { status: 429, retry: 'later', title: 'Too many wrong tries' },
  code_wrong: { status: 403, retry: 'yes', title: 'Wrong code' },
  code_expired: { status: 403, retry: 'yes', title: 'The code has expired' },
  code_tries_used: { status: 403, retry: 'later', title: 'Too many wrong codes' },
  code_send_limit: { status: 429, retry: 'later', title: 'Too many codes sent' },
  contact_invalid: { status: 422, retry: 'correct_input', title: 'Not a phone number or e-mail address' },
  password_weak: { status: 422, retry: 'correct_input', title: 'Password too weak' },
  pin_weak: { status: 422, retry: 'correct_input', title: 'PIN too easy to guess' },
  session_expired: { status: 401, retry: 'with_proof', title: 'Sign in again' },
  flow_invalid: { status: 409, retry: 'yes', title: 'Start this step again' },
  // Service
  case_closed: { status: 409, retry: 'no', title: 'The case is closed' },
  message_too_long: { status: 422, retry: 'correct_input', title: 'The message is too long' },
  reason_required: { status: 403, retry: 'with_proof', title: 'A reason is needed to see this' },
  // Files
  file_kind_refused: { status: 415, retry: 'correct_input', title: 'This kind of file is not taken' },
  file_not_understood: {
    status: 422,
    retry: 'correct_input',
    title: 'The file is damaged or not what it says',
  },
  file_unsafe: { status: 422, retry: 'correct_input', title: 'The document is locked or holds programs' },
  file_too_large: { status: 413, retry: 'correct_input', title: 'The file is too large' },
  picture_too_big: { status: 422, retry: 'correct_input', title: 'The picture has too many pixels' },
  file_limit: { status: 429, retry: 'later', title: 'Too many files' },
  file_missing: { status: 404, retry: 'correct_input', title: 'A file is not there any more' },
  // Requests
  validation_failed: { status: 422, retry: 'correct_input', title: 'The request is not valid' },
  malformed: { status: 400, retry: 'correct_input', title: 'The request cannot be read' },
  idempotency_key_missing: { status: 400, retry: 'correct_input', title: 'An Idempotency-Key is needed' },
  signature_invalid: { status: 401, retry: 'correct_input', title: 'The signature is missing or wrong' },
  key_invalid: { status: 401, retry: 'correct_input', title: 'The API key is missing or wrong' },
  origin_refused: { status: 403, retry: 'no', title: 'Requests from this origin are refused' },
  forbidden: { status: 403, retry: 'no', title: 'Not allowed' },
  not_found: { status: 404, retry: 'correct_input', title: 'Not found' },
  conflict: { status: 409, retry: 'yes', title: 'Someone else changed this meanwhile' },
  payload_too_large: { status: 413, retry: 'correct_input', title: 'The request is too large' },
  media_type_unsupported: { status: 415, retry: 'correct_input', title: 'This content type is not accepted' },
  shutting_down: { status: 503, retry: 'automatic', title: 'The service is restarting' },
} as const satisfies Record<string, ErrorEntry>

export type ErrorCode = keyof typeof errorCatalogue

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === 'string' && Object.hasOwn(errorCatalogue, value)
}

/** Values that a translation may show: money, times (ISO 8601), counts, names. Never secrets, never other people's data. */
export type ProblemValues = Record<string, string | number | { amountMinor: string; currency: string }>

/**
 * Why a session has ended: `values.end` of session_expired, if the request still held it. `unused` and `age` come with
 * `values.afterMinutes`; `elsewhere`: ended from another place, by the person or for their protection.
 */
export type SessionEnd = 'unused' | 'age' | 'elsewhere'

/** RFC 9457 problem details, with Tuntas's own members. */
export interface Problem {
  type: string
  title: string
  status: number
  detail: string
  code: ErrorCode
  retry: Retry
  values?: ProblemValues
  /** What to quote to the service; also in the logs. */
  instance?: string
}

export function problemOf(
  code: ErrorCode,
  options: { detail?: string; values?: ProblemValues; instance?: string } = {},
): Problem {
  const entry = errorCatalogue[code]
  return {
    type: `/problems/${code}`,
    title: entry.title,
    status: entry.status,
    detail: options.detail ?? entry.title,
    code,
    retry: entry.retry,
    ...(options.values ? { values: options.values } : {}),
    ...(options.instance ? { instance: options.instance } : {}),
  }
}

// Requests to our own address: JSON in and out, the session's cookie, and one kind of error.
// A lost answer is `network_error`: the request may have been done, so it is repeated with the same key only.

import { uuidv7 } from '../../contract/ids.ts'
import type { ErrorCode, Problem, ProblemValues, Retry } from '../../contract/errors.ts'

/** A refusal or failure, as RFC 9457 problem details say it. People read `error.CODE.*`, never `title` and `detail`. */
export class ApiProblem extends Error {
  readonly code: ErrorCode
  readonly title: string
  readonly detail: string
  readonly retry: Retry
  readonly values: ProblemValues
  /** HTTP status; 0 when no answer came. */
  readonly status: number
  /** What to quote to the service. */
  readonly reference: string | undefined

  constructor(problem: Pick<Problem, 'code' | 'title'> & Partial<Problem>) {
    super(`${problem.code}: ${problem.title}`)
    this.name = 'ApiProblem'
    this.code = problem.code
    this.title = problem.title
    this.detail = problem.detail ?? problem.title
    this.retry = problem.retry ?? 'no'
    this.values = problem.values ?? {}
    this.status = problem.status ?? 0
    this.reference = problem.instance
  }
}

export const networkProblem = (): ApiProblem =>
  new ApiProblem({
    code: 'network_error',
    title: 'The network did not carry the request',
    retry: 'automatic',
  })

/** Whatever was thrown, as an ApiProblem: what is none of ours is `system_error`. */
export function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error
  return new ApiProblem({ code: 'system_error', title: 'Unexpected error in the page', retry: 'automatic' })
}

/** A new key for one intent of the customer. Keep it until the intent has its answer, over reloads too. */
export const newIdempotencyKey = (): string => uuidv7()

export type RequestOptions = {
  body?: unknown
  /** Sent as `Idempotency-Key`. */
  idempotencyKey?: string
  signal?: AbortSignal
  /** Query parameters; empty ones are left out. */
  query?: Record<string, string | number | undefined>
}

function addressOf(path: string, query: RequestOptions['query']): string {
  const given = Object.entries(query ?? {}).filter(
    (entry): entry is [string, string | number] => entry[1] !== undefined && entry[1] !== '',
  )
  return given.length
    ? `${path}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`
    : path
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const body = (await response.json().catch(() => null)) as Partial<Problem> | null
  if (body && typeof body.code === 'string')
    return new ApiProblem({ ...body, status: response.status } as Problem)
  // An answer that is not ours: a proxy between us and the server.
  const code: ErrorCode = response.status >= 500 ? 'network_error' : 'system_error'
  return new ApiProblem({
    code,
    title: `HTTP ${response.status}`,
    status: response.status,
    retry: 'automatic',
  })
}

let tellSessionEnd: (problem: ApiProblem) => void = () => undefined
/** Who hears, before the caller does, that a request was refused because the session is over. One listener a page. */
export function onSessionEnd(listen: (problem: ApiProblem) => void): void {
  tellSessionEnd = listen
}

/**
 * One request. Resolves with the JSON answer, or undefined for 204.
 * Rejects with ApiProblem; with the signal's own reason when it was aborted.
 */
export async function request<Answer>(
  method: string,
  path: string,
  options: RequestOptions = {},
): Promise<Answer> {
  const { body, idempotencyKey, signal, query } = options
  const headers: Record<string, string> = { accept: 'application/json' }
  if (method !== 'GET') headers['x-tuntas-csrf'] = '1'
  if (body !== undefined) headers['content-type'] = 'application/json'
  if (idempotencyKey) headers['idempotency-key'] = idempotencyKey
  let response: Response
  try {
    response = await fetch(addressOf(path, query), {
      method,
      headers,
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw networkProblem()
  }
  if (!response.ok) {
    const problem = await problemOf(response)
    if (problem.code === 'session_expired') tellSessionEnd(problem)
    throw problem
  }
  if (response.status === 204) return undefined as Answer
  try {
    return (await response.json()) as Answer
  } catch {
    if (signal?.aborted) throw signal.reason
    throw networkProblem()
  }
}

export const api = {
  get: <Answer>(path: string, options?: Omit<RequestOptions, 'body' | 'idempotencyKey'>): Promise<Answer> =>
    request('GET', path, options),
  post: <Answer>(path: string, body?: unknown, options?: RequestOptions): Promise<Answer> =>
    request('POST', path, { ...options, body: body ?? {} }),
  put: <Answer>(path: string, body: unknown, options?: RequestOptions): Promise<Answer> =>
    request('PUT', path, { ...options, body }),
  delete: <Answer>(path: string, options?: RequestOptions): Promise<Answer> =>
    request('DELETE', path, options),
}

// Sends one file and tells how far it is. XMLHttpRequest, because fetch does not tell of what goes out.

import type { Attachment } from '../../../contract/files.ts'
import type { Problem } from '../../../contract/errors.ts'
import { ApiProblem, networkProblem } from '../../ui/api.ts'

export type SendFile = (
  key: string,
  body: Blob,
  onProgress: (share: number) => void,
  signal: AbortSignal,
) => Promise<Attachment>

const patienceMs = 60_000

function problemOf({ status, responseText }: XMLHttpRequest): ApiProblem {
  try {
    const problem = JSON.parse(responseText) as Problem
    if (typeof problem.code === 'string') return new ApiProblem({ ...problem, status })
  } catch {
    // An answer that is not ours: a proxy between us and the server.
  }
  return status >= 500 || status === 0 || status === 408
    ? networkProblem()
    : new ApiProblem({ code: 'system_error', title: `HTTP ${status}`, status, retry: 'automatic' })
}

/** POST /api/files. Rejects with ApiProblem; `network_error` when no answer came: then again with the same key. */
export const sendFile: SendFile = (key, body, onProgress, signal) =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', '/api/files')
    request.timeout = patienceMs
    request.setRequestHeader('x-tuntas-csrf', '1')
    request.setRequestHeader('idempotency-key', key)
    request.setRequestHeader('content-type', body.type)
    request.setRequestHeader('accept', 'application/json')
    request.upload.onprogress = ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0)
    request.onload = () =>
      request.status === 200
        ? resolve(JSON.parse(request.responseText) as Attachment)
        : reject(problemOf(request))
    request.onerror = request.ontimeout = () => reject(networkProblem())
    request.onabort = () => reject(networkProblem())
    signal.addEventListener('abort', () => request.abort())
    request.send(body)
  })

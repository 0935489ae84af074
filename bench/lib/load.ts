// A small HTTP/1.1 load generator: many keep-alive connections in one process, one request at a time on each.
// It parses just enough of an answer (status, length) that it costs little beside the server that it measures.
import { connect, type Socket } from 'node:net'
import { spread } from './statistics.ts'

export interface LoadRequest {
  method: 'GET' | 'POST'
  path: string
  headers: Record<string, string>
  body?: string
}

export interface LoadResult {
  seconds: number
  answered: number
  /** Answers by status. */
  statuses: Record<number, number>
  /** Connections that broke. */
  broken: number
  p50Ms: number
  p99Ms: number
  maximumMs: number
  /** The first few answers that were not 2xx. */
  samples: string[]
}

/** Everything is ASCII. */
function encode(request: LoadRequest, host: string): string {
  const body = request.body ?? ''
  let head = `${request.method} ${request.path} HTTP/1.1\r\nhost: ${host}\r\n`
  for (const name in request.headers) head += `${name}: ${request.headers[name]}\r\n`
  return `${head}content-length: ${body.length}\r\n\r\n${body}`
}

const lengthName = 'content-length: '
/** How long the answer is that begins here; undefined when its head is not there yet. */
function answerLength(text: string): number | undefined {
  const head = text.indexOf('\r\n\r\n')
  if (head < 0) return undefined
  const at = text.indexOf(lengthName)
  return head + 4 + (at >= 0 && at < head ? Number.parseInt(text.slice(at + lengthName.length, head), 10) : 0)
}

/** Sends `next()` until it answers undefined or the time is over, on loopback only. Always ends. */
export async function runLoad(options: {
  port: number
  connections: number
  seconds: number
  next: () => LoadRequest | undefined
}): Promise<LoadResult> {
  const host = `127.0.0.1:${options.port}`
  const statuses: Record<number, number> = {}
  const latencies: number[] = []
  const samples: string[] = []
  let broken = 0
  let answered = 0
  const started = performance.now()
  const until = started + options.seconds * 1000

  function drive(): Promise<void> {
    return new Promise((resolve) => {
      const socket: Socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true })
      let sentAt = 0
      let buffered = ''
      let finished = false
      const finish = () => {
        if (finished) return
        finished = true
        socket.destroy()
        resolve()
      }
      const send = () => {
        const request = performance.now() < until ? options.next() : undefined
        if (!request) return finish()
        sentAt = performance.now()
        socket.write(encode(request, host), 'latin1')
      }
      socket.setEncoding('latin1')
      socket.setTimeout(30_000, () => {
        broken++
        finish()
      })
      socket.on('error', () => {
        if (!finished) broken++
        finish()
      })
      socket.on('close', () => {
        if (!finished) broken++
        finish()
      })
      socket.on('connect', send)
      socket.on('data', (text: string) => {
        buffered += text
        const size = answerLength(buffered)
        if (size === undefined || buffered.length < size) return
        latencies.push(performance.now() - sentAt)
        answered++
        const status = Number(buffered.slice(9, 12))
        statuses[status] = (statuses[status] ?? 0) + 1
        if ((status < 200 || status > 299) && samples.length < 5) samples.push(buffered.slice(0, size))
        buffered = buffered.slice(size)
        send()
      })
    })
  }

  await Promise.all(Array.from({ length: options.connections }, drive))
  const seconds = (performance.now() - started) / 1000
  return { seconds, answered, statuses, broken, ...spread(latencies), samples }
}

// A server under measurement in a process of its own, asked over IPC: each task answers once, or fails with its stack.
import { fork } from 'node:child_process'

export interface ServerProcess<Ready> {
  pid: number
  /** What the server said when it was ready. */
  ready: Ready
  ask<Result>(task: string, argument?: unknown): Promise<Result>
  /** Lets it end by itself, and waits for that. */
  end(): Promise<void>
  /** SIGKILL, as a power cut does; waits until it is gone. What was asked and not answered fails. */
  kill(): Promise<void>
}

export async function startServerProcess<Ready>(
  file: string,
  argument: string,
  execArgv: readonly string[] = [],
): Promise<ServerProcess<Ready>> {
  const child = fork(file, [argument], {
    execArgv: [...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>()
  let next = 0
  const ready = await new Promise<Ready>((resolve, reject) => {
    child.once('message', (message) => resolve(message as Ready))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the server ended before it was ready (${code})`)))
  })
  child.on('message', ({ id, result, error }: { id: number; result: unknown; error?: string }) => {
    const entry = waiting.get(id)
    waiting.delete(id)
    if (error) entry?.reject(new Error(error))
    else entry?.resolve(result)
  })
  child.on('exit', (code) => {
    for (const entry of waiting.values()) entry.reject(new Error(`the server ended (${code})`))
  })
  return {
    pid: child.pid!,
    ready,
    ask: <Result>(task: string, asked: unknown = 0) =>
      new Promise<Result>((resolve, reject) => {
        waiting.set(next, { resolve: resolve as (value: unknown) => void, reject })
        child.send({ id: next++, task, argument: asked })
      }),
    end() {
      if (child.connected) child.disconnect()
      return ended
    },
    kill() {
      child.kill('SIGKILL')
      return ended
    },
  }
}

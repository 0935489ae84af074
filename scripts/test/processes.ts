// Runs child processes for the test run: output kept or shown, never without an end, none left behind.

import { spawn, type ChildProcess } from 'node:child_process'
import { setPriority } from 'node:os'

export interface Finished {
  exitCode: number
  /** What it wrote to both streams; empty when it was shown as it came. */
  output: string
  seconds: number
}

export interface RunOptions {
  cwd: string
  env?: Record<string, string | undefined>
  /** Show the output as it comes instead of keeping it. */
  show?: boolean
  /** Others that want the processor at the same time go first. */
  givesWay?: boolean
  timeoutMs: number
}

const running = new Set<ChildProcess>()

/** Ends what is still running, with everything it started. For the end of the whole run. */
export function stopAll(signal: NodeJS.Signals): void {
  for (const child of running) killGroup(child, signal)
}

/** Runs a program to its end. Never rejects: a program that cannot start or takes too long has a bad exit code. */
export function run(program: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  const started = performance.now()
  const chunks: Buffer[] = []
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', options.show ? 'inherit' : 'pipe', options.show ? 'inherit' : 'pipe'],
      // A group of its own, so that a run that hangs ends with all that it started.
      detached: true,
    })
    running.add(child)
    if (options.givesWay && child.pid !== undefined) giveWay(child.pid)
    const timer = setTimeout(() => {
      chunks.push(Buffer.from(`\nstopped: not finished after ${options.timeoutMs / 1000} s\n`))
      killGroup(child, 'SIGTERM')
      setTimeout(() => killGroup(child, 'SIGKILL'), 5000).unref()
    }, options.timeoutMs)
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk))
    const finish = (exitCode: number, note = '') => {
      clearTimeout(timer)
      running.delete(child)
      resolve({
        exitCode,
        output: Buffer.concat(chunks).toString() + note,
        seconds: (performance.now() - started) / 1000,
      })
    }
    child.on('error', (error) => finish(127, `cannot start ${program}: ${error.message}\n`))
    child.on('close', (code, signal) => finish(code ?? 1, signal ? `\nended by ${signal}\n` : ''))
  })
}

/** A process and what it starts from now on get less of a busy processor. Where that may not be set, nothing changes. */
export function giveWay(pid: number): void {
  try {
    setPriority(pid, 5)
  } catch {
    // It has ended already, or is not ours.
  }
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // Already gone.
  }
}

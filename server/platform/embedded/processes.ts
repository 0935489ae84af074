// Which process is which: a pid alone is not a name, because the system gives pids again.
// A process is identified by pid, start time and boot; signals go only to a process identified that way.

import { readFileSync, readlinkSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

export type ProcessIdentity = {
  pid: number
  /** Clock ticks between boot and the start of the process, from /proc/<pid>/stat. */
  startTicks: string
  /** Changes with every boot of the machine. */
  boot: string
  /** Pids mean something only inside one pid namespace (a container has its own). */
  pidNamespace: string
}

/** Start time of a living process in clock ticks since boot; undefined when it is gone or only a zombie. */
export function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name stands in parentheses and may itself contain spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19]
  } catch {
    return undefined
  }
}

/** True while a process with this pid lives, whoever owns it and whether or not we may look at it. */
export function isAlive(pid: number): boolean {
  if (startTicksOf(pid) !== undefined) return true
  try {
    process.kill(pid, 0)
    // It answers signals but its state says zombie: dead, only not yet collected by its parent.
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' && !statIsReadable(pid)
  }
}

function statIsReadable(pid: number): boolean {
  try {
    readFileSync(`/proc/${pid}/stat`)
    return true
  } catch {
    return false
  }
}

export function ownIdentity(): ProcessIdentity {
  return {
    pid: process.pid,
    startTicks: startTicksOf(process.pid) ?? '0',
    boot: readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8),
    pidNamespace: /\d+/.exec(readlinkSync('/proc/self/ns/pid'))?.[0] ?? '0',
  }
}

/** The folder a process works in, or undefined when it is gone or not ours to look at. */
export function workingFolderOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

/** The command line of a process; empty when it is gone or hidden. */
export function argumentsOf(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}

/** Waits until the process is gone; answers false when it still lives after `timeoutMs`. */
export async function waitUntilGone(pid: number, timeoutMs: number): Promise<boolean> {
  const ticks = startTicksOf(pid)
  const deadline = performance.now() + timeoutMs
  while (isAlive(pid) && startTicksOf(pid) === ticks) {
    if (performance.now() > deadline) return false
    await sleep(20)
  }
  return true
}

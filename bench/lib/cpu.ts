// Processor time of a process and of a server's children, from /proc: what a measurement was bound by.
import { readFileSync, readdirSync } from 'node:fs'

const ticksPerSecond = 100

function readStat(pid: number): { parent: number; seconds: number } | undefined {
  try {
    // The name in parentheses may hold spaces; what follows is fixed.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    return { parent: Number(fields[1]), seconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond }
  } catch {
    return undefined
  }
}

/** Seconds of processor time that a process has used so far; 0 when it is gone. */
export function cpuSeconds(pid: number): number {
  return readStat(pid)?.seconds ?? 0
}

/** Seconds by process id of everything that a process started and that still runs. Short-lived children are missed. */
export function childrenCpuSeconds(parent: number): Map<number, number> {
  const found = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    const stat = /^[0-9]+$/.test(name) ? readStat(Number(name)) : undefined
    if (stat?.parent === parent) found.set(Number(name), stat.seconds)
  }
  return found
}

/** What processes used between two readings; those that are new count from zero. */
export function usedBetween(before: ReadonlyMap<number, number>, after: ReadonlyMap<number, number>): number {
  let used = 0
  for (const [pid, seconds] of after) used += seconds - (before.get(pid) ?? 0)
  return used
}

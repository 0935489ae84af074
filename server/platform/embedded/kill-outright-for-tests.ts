// What a power cut does to processes: SIGKILL to all of them in one instant, and no word to anybody.
// Only for processes that the caller started itself; it must never be given a pid that somebody else named.
import { readdirSync, readFileSync } from 'node:fs'
import { isAlive, waitUntilGone } from './processes.ts'

const goneTimeoutMs = 60_000

/** The living children of a process, not theirs. */
export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && parentOf(Number(name)) === pid)
    .map(Number)
}

function parentOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The program's name stands in parentheses and may hold anything.
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
  } catch {
    return undefined
  }
}

/** Kills a process and its children at once: of PostgreSQL that is the postmaster with every backend and writer. Waits until all are gone. */
export async function killOutright(pid: number): Promise<void> {
  const all = [pid, ...childrenOf(pid)]
  for (const each of all) {
    try {
      process.kill(each, 'SIGKILL')
    } catch {
      // Ended by itself meanwhile.
    }
  }
  for (const each of all)
    if (isAlive(each) && !(await waitUntilGone(each, goneTimeoutMs)))
      throw new Error(`process ${each} is still there after SIGKILL`)
}

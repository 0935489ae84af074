// Runs a program in place of this one: same terminal, same signals, same end.

import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const parentCheckMs = 500
const forwarded = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2']

/**
 * Starts `program` and ends as it ends (exit code, or the same signal). The child gets an IPC channel, so that
 * it can notice (`process.on('disconnect')`) when this process is killed without a chance to pass that on.
 */
export function handOver(program, args, options = {}) {
  const child = spawn(program, args, { ...options, stdio: ['inherit', 'inherit', 'inherit', 'ipc'] })
  let isTold = false
  for (const signal of forwarded) {
    process.on(signal, () => {
      isTold = true
      if (!reachesChildFromTerminal(signal)) child.kill(signal)
    })
  }
  onNpmGone(() => isTold || child.kill('SIGTERM'))
  child.on('error', (error) => {
    console.error(`Cannot start ${program}: ${error.message}`)
    process.exit(1)
  })
  child.on('exit', (code, signal) => {
    if (signal === null) process.exit(code ?? 1)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
    // A signal that we cannot die of ourselves still ends us with the shell's number for it.
    setTimeout(() => process.exit(1), 100)
  })
  return child
}

/** npm passes SIGTERM to a shell between us, which dies of it and tells nobody: only our parent changes. */
function onNpmGone(tell) {
  if (process.env.npm_lifecycle_event === undefined) return
  const parent = process.ppid
  const check = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(check)
    tell()
  }, parentCheckMs)
  check.unref()
}

/** Ctrl-C goes to the whole foreground group: passing it on would make it two. */
function reachesChildFromTerminal(signal) {
  if (signal !== 'SIGINT' && signal !== 'SIGQUIT') return false
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [processGroup, terminal, foregroundGroup] = [fields[2], fields[4], fields[5]]
    return terminal !== '0' && processGroup === foregroundGroup
  } catch {
    return Boolean(process.stdin.isTTY)
  }
}

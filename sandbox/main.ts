// The sandbox as a process of its own. Says on standard output, as one JSON line, where it listens.
// Started with a channel to its parent, it waits there for the rest of its settings; without one it has them all.
import { startSandbox } from './app.ts'
import { readSettings } from './platform/settings.ts'

let ending = false
let sandbox: Awaited<ReturnType<typeof startSandbox>> | undefined

function end(): void {
  if (ending) return
  ending = true
  if (!sandbox) process.exit(0)
  // A caller that never hangs up must not keep this process.
  setTimeout(() => process.exit(0), 3000).unref()
  void sandbox.close().then(
    () => process.exit(0),
    () => process.exit(1),
  )
}
process.on('SIGTERM', end)
process.on('SIGINT', end)
// Started with an IPC channel, it ends with its parent, whatever ended that.
process.on('disconnect', end)

try {
  const told = process.send
    ? await new Promise<Record<string, string>>((resolve) => process.once('message', resolve))
    : {}
  sandbox = await startSandbox(readSettings({ ...process.env, ...told }))
  console.log(JSON.stringify({ sandbox: 'ready', port: sandbox.port, smtpPort: sandbox.smtpPort }))
} catch (error) {
  console.error(`The sandbox cannot start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}

// The sandbox as a process of its own. Says on standard output, as one JSON line, where it listens.
import { startSandbox } from './app.ts'
import { readSettings } from './platform/settings.ts'

try {
  const sandbox = await startSandbox(readSettings(process.env))
  console.log(JSON.stringify({ sandbox: 'ready', port: sandbox.port, smtpPort: sandbox.smtpPort }))

  let ending = false
  const end = () => {
    if (ending) return
    ending = true
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
} catch (error) {
  console.error(`The sandbox cannot start: ${error instanceof Error ? error.message : String(error)}`)
  process.exit(1)
}

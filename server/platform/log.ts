// Structured logs. Secrets and personal data are censored here once, by path, so that no caller can forget it.
import { pino } from 'pino'
import type { Logger as PinoLogger } from 'pino'

export type Logger = PinoLogger

const secretPaths = [
  'password',
  'pin',
  'code',
  'secret',
  'token',
  'cookie',
  'authorization',
  'text',
  'contact',
  'phone',
  'email',
]

/** What helps to find a fault. Drivers hang whole connections on their errors: those stay out of the logs. */
function presentError(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { name, message, stack, cause } = error
  const { code, constraint } = error as { code?: string; constraint?: string }
  return { name, message, state: code, constraint, stack, ...(cause ? { cause: presentError(cause) } : {}) }
}

export function createLogger(options: { level: string; pretty?: boolean }): Logger {
  return pino({
    level: options.level,
    base: null,
    redact: {
      paths: [
        ...secretPaths.flatMap((path) => [path, `*.${path}`]),
        'req.headers.cookie',
        'req.headers.authorization',
        'req.headers["tuntas-signature"]',
        'res.headers["set-cookie"]',
      ],
      censor: '[removed]',
    },
    serializers: { error: presentError, err: presentError },
  })
}

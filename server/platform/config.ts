// The configuration: read from the environment once, checked whole, frozen. Nothing else reads process.env.
// Every value stands in .env.example; an unknown TUNTAS_ name or a bad value stops the start with one list.

export interface Config {
  /** A server from PostgreSQL 15 on; without it the embedded one runs on `dataFolder`. */
  databaseUrl: string | undefined
  dataFolder: string
  customersPort: number
  agentsPort: number
  sandboxPort: number
  /** Public addresses, as browsers see them; used in links, origins and cookies. */
  customersUrl: string
  agentsUrl: string
  sandboxUrl: string
  host: string
  /** Starts the sandbox process and lets it move business time. Never on in production. */
  sandbox: boolean
  logLevel: string
  /** Keyed hash of PINs, codes and session tokens; 32 bytes or more, base64. Made at first start for the embedded database. */
  pepper: string
  /** Shared with the sandbox only: moves the clock. */
  sandboxControlSecret: string
  bankClientSecret: string
  /** Where the bank takes our calls (SNAP): without /v1.0. */
  bankUrl: string
  smsUrl: string
  smsSecret: string
  smtpUrl: string
  mailFrom: string
  /** Number of proxies whose X-Forwarded-For is believed. */
  trustedProxies: number
  serviceTimeZone: string
}

export class ConfigError extends Error {
  readonly problems: readonly string[]
  constructor(problems: readonly string[]) {
    super(`The configuration is not usable:\n${problems.map((problem) => `  - ${problem}`).join('\n')}`)
    this.problems = problems
  }
}

type Environment = Record<string, string | undefined>

const sandboxSecret = 'only-for-the-sandbox-on-this-machine'

/** Reads and checks the environment. Throws ConfigError naming every problem at once. */
export function readConfig(environment: Environment, generated: { pepper?: string } = {}): Readonly<Config> {
  const problems: string[] = []
  const known = new Set<string>()
  function text(name: string, fallback?: string): string {
    known.add(name)
    const value = environment[name]?.trim()
    if (value) return value
    if (fallback === undefined) problems.push(`${name} is missing`)
    return fallback ?? ''
  }
  function port(name: string, fallback: number): number {
    const value = Number(text(name, String(fallback)))
    if (!Number.isInteger(value) || value < 0 || value > 65_535)
      problems.push(`${name} must be a port from 0 to 65535`)
    return value
  }
  function whole(name: string, fallback: number, minimum: number, maximum: number): number {
    const value = Number(text(name, String(fallback)))
    if (!Number.isInteger(value) || value < minimum || value > maximum)
      problems.push(`${name} must be a whole number from ${minimum} to ${maximum}`)
    return value
  }
  function url(name: string, fallback: string, protocols: readonly string[]): string {
    const value = text(name, fallback)
    const parsed = URL.canParse(value) ? new URL(value) : undefined
    if (!parsed || !protocols.includes(parsed.protocol))
      problems.push(`${name} must be an address beginning with ${protocols.join(' or ')}//`)
    return value.replace(/\/$/, '')
  }

  known.add('DATABASE_URL')
  const databaseUrl = environment['DATABASE_URL']?.trim() || undefined
  if (databaseUrl && !/^postgres(ql)?:\/\//.test(databaseUrl))
    problems.push('DATABASE_URL must begin with postgres://')
  const host = text('TUNTAS_HOST', '127.0.0.1')
  const customersPort = port('TUNTAS_CUSTOMERS_PORT', 7100)
  const agentsPort = port('TUNTAS_AGENTS_PORT', 7200)
  const sandboxPort = port('TUNTAS_SANDBOX_PORT', 7300)
  const sandboxText = text('TUNTAS_SANDBOX', databaseUrl ? 'off' : 'on')
  if (sandboxText !== 'on' && sandboxText !== 'off') problems.push('TUNTAS_SANDBOX must be on or off')
  const sandbox = sandboxText === 'on'
  const sandboxUrl = url('TUNTAS_SANDBOX_URL', `http://localhost:${sandboxPort}`, ['http:', 'https:'])
  const inSandbox = sandbox ? sandboxSecret : undefined
  const logLevel = text('TUNTAS_LOG_LEVEL', 'warn')
  if (!['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'].includes(logLevel))
    problems.push('TUNTAS_LOG_LEVEL must be fatal, error, warn, info, debug, trace or silent')
  const pepper = text('TUNTAS_PEPPER', generated.pepper)
  if (pepper && Buffer.from(pepper, 'base64').length < 32)
    problems.push('TUNTAS_PEPPER must be at least 32 bytes in base64')
  const serviceTimeZone = text('TUNTAS_TIME_ZONE', 'Asia/Jakarta')
  if (!isTimeZone(serviceTimeZone))
    problems.push('TUNTAS_TIME_ZONE must be a time zone of the IANA database, such as Asia/Jakarta')

  const config: Config = {
    databaseUrl,
    dataFolder: text('TUNTAS_DATA', 'data'),
    customersPort,
    agentsPort,
    sandboxPort,
    customersUrl: url('TUNTAS_CUSTOMERS_URL', `http://localhost:${customersPort}`, ['http:', 'https:']),
    agentsUrl: url('TUNTAS_AGENTS_URL', `http://localhost:${agentsPort}`, ['http:', 'https:']),
    sandboxUrl,
    host,
    sandbox,
    logLevel,
    pepper,
    sandboxControlSecret: text('TUNTAS_SANDBOX_CONTROL_SECRET', inSandbox),
    bankClientSecret: text('TUNTAS_BANK_CLIENT_SECRET', inSandbox),
    bankUrl: url('TUNTAS_BANK_URL', `${sandboxUrl}/bank/snap`, ['http:', 'https:']),
    smsUrl: url('TUNTAS_SMS_URL', `${sandboxUrl}/phone/sms`, ['http:', 'https:']),
    smsSecret: text('TUNTAS_SMS_SECRET', inSandbox),
    smtpUrl: url('TUNTAS_SMTP_URL', `smtp://127.0.0.1:${sandboxPort === 0 ? 2525 : sandboxPort + 25}`, [
      'smtp:',
      'smtps:',
    ]),
    mailFrom: text('TUNTAS_MAIL_FROM', 'Tuntas <no-reply@tuntas.example>'),
    trustedProxies: whole('TUNTAS_TRUSTED_PROXIES', 0, 0, 10),
    serviceTimeZone,
  }
  for (const name of Object.keys(environment))
    if (name.startsWith('TUNTAS_') && !known.has(name) && !name.startsWith('TUNTAS_TEST_'))
      problems.push(`${name} is not a setting of Tuntas`)
  if (problems.length > 0) throw new ConfigError(problems)
  return Object.freeze(config)
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

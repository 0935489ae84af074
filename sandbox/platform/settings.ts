// What the start tells the sandbox: ports, addresses and the secrets it shares with the product. Read once.
import { Type, type Static } from 'typebox'
import { Value } from 'typebox/value'

/** A demo shop as the product knows it. The server's start writes these after it made the shops' keys. */
export const ShopAccountSchema = Type.Object({
  name: Type.String({ minLength: 1 }),
  slug: Type.String({ pattern: '^[a-z0-9]+(-[a-z0-9]+)*$' }),
  merchantId: Type.String(),
  keyId: Type.String(),
  secret: Type.String(),
  webhookSecret: Type.String(),
})
export type ShopAccount = Static<typeof ShopAccountSchema>

export interface Settings {
  databaseUrl: string
  host: string
  port: number
  smtpPort: number
  /** How browsers and the product reach this process. */
  sandboxUrl: string
  customersUrl: string
  agentsUrl: string
  smsSecret: string
  bankClientSecret: string
  sandboxControlSecret: string
  shops: readonly ShopAccount[]
}

const localSecret = 'only-for-the-sandbox-on-this-machine'

/** Settings from the environment. Throws with the name of what is missing or wrong. */
export function readSettings(environment: Record<string, string | undefined>): Settings {
  const databaseUrl = environment['DATABASE_URL']
  if (!databaseUrl)
    throw new Error('DATABASE_URL is missing: the sandbox keeps its schema in the same server')
  const port = readPort('TUNTAS_SANDBOX_PORT', environment['TUNTAS_SANDBOX_PORT'] ?? '7300')
  const smtpUrl = environment['TUNTAS_SMTP_URL']
  const smtpPort = smtpUrl
    ? readPort('TUNTAS_SMTP_URL', new URL(smtpUrl).port || '25')
    : port === 0
      ? 0
      : port + 25
  const address = (name: string, fallback: string) => (environment[name] ?? fallback).replace(/\/$/, '')
  return {
    databaseUrl,
    host: environment['TUNTAS_HOST'] ?? '127.0.0.1',
    port,
    smtpPort,
    sandboxUrl: address('TUNTAS_SANDBOX_URL', `http://localhost:${port}`),
    customersUrl: address('TUNTAS_CUSTOMERS_URL', 'http://localhost:7100'),
    agentsUrl: address('TUNTAS_AGENTS_URL', 'http://localhost:7200'),
    smsSecret: environment['TUNTAS_SMS_SECRET'] ?? localSecret,
    bankClientSecret: environment['TUNTAS_BANK_CLIENT_SECRET'] ?? localSecret,
    sandboxControlSecret: environment['TUNTAS_SANDBOX_CONTROL_SECRET'] ?? localSecret,
    shops: readShops(environment['TUNTAS_SANDBOX_SHOPS']),
  }
}

function readPort(name: string, text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error(`${name} must hold a port`)
  return port
}

export function readShops(text: string | undefined): readonly ShopAccount[] {
  if (!text) return []
  const shops: unknown = JSON.parse(text)
  if (!Value.Check(Type.Array(ShopAccountSchema), shops))
    throw new Error(
      'TUNTAS_SANDBOX_SHOPS must be a JSON list of shops with name, slug, merchantId, keyId, secret, webhookSecret',
    )
  return shops
}

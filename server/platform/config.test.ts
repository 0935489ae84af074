// The configuration: whole, checked before anything starts, and every problem told at once.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ConfigError, readConfig } from './config.ts'

const pepper = Buffer.alloc(32, 1).toString('base64')
const production = {
  DATABASE_URL: 'postgres://db/tuntas',
  TUNTAS_PEPPER: pepper,
  TUNTAS_SANDBOX_CONTROL_SECRET: 'a',
  TUNTAS_BANK_CLIENT_SECRET: 'b',
  TUNTAS_SMS_SECRET: 'c',
}

function problemsOf(environment: Record<string, string>, generated?: { pepper?: string }): readonly string[] {
  try {
    readConfig(environment, generated)
  } catch (error) {
    if (error instanceof ConfigError) return error.problems
    throw error
  }
  return []
}

describe('without a database of one’s own', () => {
  it('nothing has to be set: the embedded database, the sandbox and its secrets', () => {
    const config = readConfig({}, { pepper })
    expect(config).toMatchObject({
      databaseUrl: undefined,
      sandbox: true,
      customersPort: 7100,
      agentsPort: 7200,
    })
    expect(Object.isFrozen(config)).toBe(true)
  })
})

describe('with a database of one’s own', () => {
  it('the sandbox is off, and no secret of the sandbox is taken', () => {
    expect(readConfig(production)).toMatchObject({ sandbox: false, bankClientSecret: 'b' })
    expect(problemsOf({ DATABASE_URL: production.DATABASE_URL })).toEqual([
      'TUNTAS_PEPPER is missing',
      'TUNTAS_SANDBOX_CONTROL_SECRET is missing',
      'TUNTAS_BANK_CLIENT_SECRET is missing',
      'TUNTAS_SMS_SECRET is missing',
    ])
  })
})

it.each([
  ['TUNTAS_CUSTOMERS_PORT', '70000'],
  ['TUNTAS_CUSTOMERS_PORT', 'web'],
  ['TUNTAS_AGENTS_PORT', '1.5'],
  ['TUNTAS_CUSTOMERS_URL', 'localhost:7100'],
  ['TUNTAS_CUSTOMERS_URL', 'javascript:alert(1)'],
  ['TUNTAS_SMTP_URL', 'http://mail'],
  ['TUNTAS_LOG_LEVEL', 'loud'],
  ['TUNTAS_PEPPER', 'short'],
  ['TUNTAS_TRUSTED_PROXIES', '-1'],
  ['TUNTAS_SANDBOX', 'yes'],
  ['TUNTAS_TIME_ZONE', 'Asia/Batavia'],
  ['TUNTAS_COLOUR', 'blue'],
  ['DATABASE_URL', 'mysql://db'],
])('%s=%s stops the start and is named', (name, value) => {
  const problems = problemsOf({ ...production, [name]: value })
  expect(problems.filter((problem) => problem.startsWith(name))).toHaveLength(1)
})

it('tells all problems at once, and no value of a secret', () => {
  const problems = problemsOf({ ...production, TUNTAS_PEPPER: 'c2VjcmV0', TUNTAS_LOG_LEVEL: 'loud' })
  expect(problems).toHaveLength(2)
  expect(problems.join()).not.toContain('c2VjcmV0')
})

it('addresses are taken without their last slash', () => {
  expect(readConfig({ ...production, TUNTAS_CUSTOMERS_URL: 'https://pay.example/' }).customersUrl).toBe(
    'https://pay.example',
  )
})

it('every setting of .env.example is one', () => {
  const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')
  const names = [...example.matchAll(/^#?\s*(TUNTAS_[A-Z_]+)=/gm)].map((match) => match[1]!)
  expect(names.length).toBeGreaterThan(10)
  const unknown = problemsOf(Object.fromEntries(names.map((name) => [name, ''])), { pepper })
  expect(unknown).toEqual([])
})

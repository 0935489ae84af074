import { beforeAll, expect, it } from 'vitest'
import { i18n } from '../language.ts'
import english from '../locales/en.json' with { type: 'json' }
import { evidenceOf, type TraceAudience } from './Trace.tsx'

beforeAll(() => i18n.loadAndActivate({ locale: 'en', messages: english }))

const said = (value: string, audience: TraceAudience = 'agent') =>
  evidenceOf({ tries: 10, evidence: [{ kind: 'no_answer', value }] }, audience)

it.each([
  ['econnrefused', '10 tries · no answer, the connection was refused'],
  ['timeout', '10 tries · no answer in time'],
  ['enotfound', '10 tries · no answer, the name of its server was not found'],
  ['econnreset', '10 tries · no answer, the connection broke off'],
])('a network’s %s is said in plain words, to agents and customers alike', (value, words) => {
  expect(said(value)).toBe(words)
  expect(said(value, 'customer')).toBe(words)
})

it('a fault that has no words stands as it is for agents only', () => {
  expect(said('err_tls')).toBe('10 tries · no answer, err_tls')
  expect(said('err_tls', 'customer')).toBe('10 tries · no answer')
})

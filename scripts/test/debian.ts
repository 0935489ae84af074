// What tests, measurements and pages in a browser need from the system: Chromium, fonts for Chinese, a second PostgreSQL, wrk.
// Installed only when missing and only where we may; otherwise the run says what to install.

import { existsSync } from 'node:fs'
import { newestDebianMajor } from '#platform/embedded/for-tests.ts'
import { run } from './processes.ts'

export type Purpose = 'tests' | 'measurements' | 'pages'

interface Requirement {
  debianPackage: string
  neededBy: readonly Purpose[]
  for: string
  present(): boolean
}

const requirements: readonly Requirement[] = [
  {
    debianPackage: 'chromium',
    neededBy: ['tests', 'pages'],
    for: 'journeys in a real browser',
    present: () => existsSync('/usr/bin/chromium'),
  },
  {
    debianPackage: 'fonts-noto-cjk',
    neededBy: ['tests', 'pages'],
    for: 'pages in Chinese',
    present: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'),
  },
  {
    debianPackage: 'postgresql',
    neededBy: ['tests', 'measurements'],
    for: "the tests on Debian's PostgreSQL, and pgbench",
    present: () => newestDebianMajor() !== undefined,
  },
  {
    debianPackage: 'wrk',
    neededBy: ['measurements'],
    for: 'the load on payments',
    present: () => existsSync('/usr/bin/wrk'),
  },
]

/** Names of the Debian packages that are missing here. */
export function missingPackages(purpose: Purpose): string[] {
  return requirements
    .filter((requirement) => requirement.neededBy.includes(purpose) && !requirement.present())
    .map((each) => each.debianPackage)
}

/** Makes sure that everything is there. Returns a message for people when something cannot be had. */
export async function ensurePackages(
  root: string,
  purpose: Purpose,
  say: (line: string) => void,
): Promise<string | undefined> {
  const missing = missingPackages(purpose)
  if (missing.length === 0) return undefined
  const wanted = requirements
    .filter((requirement) => missing.includes(requirement.debianPackage))
    .map((requirement) => `  ${requirement.debianPackage}: ${requirement.for}`)
    .join('\n')
  const byHand = `The ${purpose} need:\n${wanted}\n\n  apt-get update && apt-get install -y ${missing.join(' ')}`
  if (process.getuid?.() !== 0)
    return `${byHand}\n\nOnly root may install them; run that once, then this again.`
  if (!existsSync('/usr/bin/apt-get'))
    return `${byHand}\n\nThis system has no apt-get: install the like of them.`
  say(`installing ${missing.join(', ')} (Debian packages)`)
  const options = {
    cwd: root,
    env: { DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    timeoutMs: 300_000,
  }
  const update = await run('apt-get', ['update', '-q'], options)
  const install = await run(
    'apt-get',
    ['install', '-y', '-q', '--no-install-recommends', ...missing],
    options,
  )
  const still = missingPackages(purpose)
  if (still.length === 0) return undefined
  const output = (update.exitCode === 0 ? '' : update.output) + install.output
  return `${byHand}\n\napt-get did not bring ${still.join(', ')}:\n${output.slice(-2000)}`
}

/** The same for a command of its own: what is missing is said on the error stream, and the command ends with 1. */
export async function needPackages(root: string, purpose: Purpose): Promise<void> {
  const missing = await ensurePackages(root, purpose, (line) => console.error(line))
  if (missing === undefined) return
  console.error(missing)
  process.exit(1)
}

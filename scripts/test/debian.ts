// What the tests need from the system: a browser, fonts for Chinese, a second PostgreSQL.
// Installed only when missing and only where we may; otherwise the run says what to install.

import { existsSync } from 'node:fs'
import { newestDebianMajor } from '#platform/embedded/for-tests.ts'
import { run } from './processes.ts'

interface Requirement {
  debianPackage: string
  for: string
  present(): boolean
}

const requirements: readonly Requirement[] = [
  {
    debianPackage: 'chromium',
    for: 'journeys in a real browser',
    present: () => existsSync('/usr/bin/chromium'),
  },
  {
    debianPackage: 'fonts-noto-cjk',
    for: 'pages in Chinese',
    present: () => existsSync('/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc'),
  },
  {
    debianPackage: 'postgresql',
    for: "the tests on Debian's PostgreSQL",
    present: () => newestDebianMajor() !== undefined,
  },
]

/** Names of the Debian packages that are missing here. */
export function missingPackages(): string[] {
  return requirements.filter((requirement) => !requirement.present()).map((each) => each.debianPackage)
}

/** Makes sure that everything is there. Returns a message for people when something cannot be had. */
export async function ensurePackages(root: string, say: (line: string) => void): Promise<string | undefined> {
  const missing = missingPackages()
  if (missing.length === 0) return undefined
  const wanted = requirements
    .filter((requirement) => missing.includes(requirement.debianPackage))
    .map((requirement) => `  ${requirement.debianPackage}: ${requirement.for}`)
    .join('\n')
  const byHand = `The tests need:\n${wanted}\n\n  apt-get update && apt-get install -y ${missing.join(' ')}`
  if (process.getuid?.() !== 0)
    return `${byHand}\n\nOnly root may install them; run that once, then npm test again.`
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
  const still = missingPackages()
  if (still.length === 0) return undefined
  const output = (update.exitCode === 0 ? '' : update.output) + install.output
  return `${byHand}\n\napt-get did not bring ${still.join(', ')}:\n${output.slice(-2000)}`
}

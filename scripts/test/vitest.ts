// Runs vitest on some projects and counts what its JSON report says, never what its exit code alone says.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { countVitest, type Count, type VitestReport } from './count.ts'
import { run } from './processes.ts'

export interface VitestRun {
  root: string
  projects: readonly string[]
  env: Record<string, string | undefined>
  timeoutMs: number
}

/** Shows vitest's own progress and returns the count of its tests. */
export async function runVitest(options: VitestRun): Promise<Count> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tuntas-report-'))
  const file = path.join(folder, 'report.json')
  try {
    const { exitCode } = await run(
      process.execPath,
      [
        path.join(options.root, 'node_modules/vitest/vitest.mjs'),
        'run',
        ...options.projects.flatMap((project) => ['--project', project]),
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
      ],
      { cwd: options.root, env: options.env, show: true, timeoutMs: options.timeoutMs },
    )
    return countVitest(readReport(file), exitCode)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function readReport(file: string): VitestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VitestReport
  } catch {
    return undefined
  }
}

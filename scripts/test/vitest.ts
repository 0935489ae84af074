// Runs vitest on some projects and counts what its JSON report says, never what its exit code alone says.

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { countVitest, failuresOf, type Count, type VitestReport } from './count.ts'
import { run } from './processes.ts'

export interface VitestRun {
  root: string
  projects: readonly string[]
  env: Record<string, string | undefined>
  timeoutMs: number
  /** Something else runs at the same time: it goes first, and the output is shown in one piece at the end. */
  isBeside?: boolean
}

/** Shows vitest's own output and returns the count of its tests, and what failed. */
export async function runVitest(options: VitestRun): Promise<Count & { failures: readonly string[] }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'tuntas-report-'))
  const file = path.join(folder, 'report.json')
  try {
    const { exitCode, output } = await run(
      process.execPath,
      [
        path.join(options.root, 'node_modules/vitest/vitest.mjs'),
        'run',
        ...(options.isBeside ? ['--maxWorkers=2'] : []),
        ...options.projects.flatMap((project) => ['--project', project]),
        '--reporter=default',
        '--reporter=json',
        `--outputFile.json=${file}`,
      ],
      {
        cwd: options.root,
        env: options.env,
        show: !options.isBeside,
        givesWay: options.isBeside,
        timeoutMs: options.timeoutMs,
      },
    )
    process.stdout.write(output)
    const report = readReport(file)
    return { ...countVitest(report, exitCode), failures: failuresOf(report) }
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

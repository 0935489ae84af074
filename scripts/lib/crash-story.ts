// The whole table of journeys/story-killed.test.ts: each arrow of the story with each process that can die at it.
// A row that fails is not told again here; its first failure counts.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { countVitest, type VitestReport } from '../test/count.ts'
import { run } from '../test/processes.ts'

/** Three minutes a row on a slow machine. */
const timeoutMs = 33 * 180_000

/** Prints one JSON line last; answers the exit code. */
export async function crashStory(root: string): Promise<number> {
  const started = performance.now()
  const folder = mkdtempSync(path.join(tmpdir(), 'tuntas-crash-'))
  const file = path.join(folder, 'report.json')
  try {
    const { exitCode } = await run(
      process.execPath,
      [
        path.join(root, 'node_modules/vitest/vitest.mjs'),
        'run',
        '--project=journeys',
        '--retry=0',
        '--reporter=verbose',
        '--reporter=json',
        `--outputFile.json=${file}`,
        'journeys/story-killed.test.ts',
      ],
      { cwd: root, env: { ...process.env, TUNTAS_STORY: 'whole' }, show: true, timeoutMs },
    )
    const report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport
    const { passed, failed } = countVitest(report, exitCode)
    const seconds = Math.round((performance.now() - started) / 1000)
    console.log(JSON.stringify({ crash: 'story', rows: passed + failed, passed, failed, seconds }))
    return failed === 0 && passed > 0 && exitCode === 0 ? 0 : 1
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

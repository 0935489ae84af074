// Counts what a test run really did. Whatever did not run to its end counts as failed, never as nothing:
// a file that could not be loaded, a run that crashed, a report that is missing.

export interface Count {
  passed: number
  failed: number
  skipped: number
}

export const nothing: Count = { passed: 0, failed: 0, skipped: 0 }

export function sum(counts: readonly Count[]): Count {
  return counts.reduce(
    (total, count) => ({
      passed: total.passed + count.passed,
      failed: total.failed + count.failed,
      skipped: total.skipped + count.skipped,
    }),
    nothing,
  )
}

/** The part of vitest's JSON report that is counted. */
export interface VitestReport {
  testResults: readonly {
    name: string
    status: string
    assertionResults: readonly {
      status: string
      fullName: string
      failureMessages?: readonly string[] | null
    }[]
    /** Why the file itself could not run. */
    message?: string
  }[]
}

/**
 * The count of one vitest run. `report` is undefined when none was written; `exitCode` is the process's.
 * A failed file without a failed test, and a failed run without a failed file, each count as one failure.
 */
export function countVitest(report: VitestReport | undefined, exitCode: number): Count {
  if (!report) return { passed: 0, failed: 1, skipped: 0 }
  const count = { ...nothing }
  for (const file of report.testResults) {
    let failedHere = 0
    for (const test of file.assertionResults) {
      if (test.status === 'passed') count.passed++
      else if (test.status === 'failed') failedHere++
      else count.skipped++
    }
    // Also a file that says it passed but holds no test at all: it proves nothing.
    if (failedHere === 0 && (file.status === 'failed' || file.assertionResults.length === 0)) failedHere = 1
    count.failed += failedHere
  }
  if (exitCode !== 0 && count.failed === 0) count.failed = 1
  return count
}

/**
 * What failed, one entry each: file, test, and the first lines of the reason. Said again at the very end, because what a
 * long run printed on its way is easily cut off.
 */
export function failuresOf(report: VitestReport | undefined): string[] {
  return (report?.testResults ?? []).flatMap((file) => {
    const failed = file.assertionResults.filter((test) => test.status === 'failed')
    const named = failed.map(
      (test) => `${file.name}: ${test.fullName}\n${shortened(test.failureMessages?.at(-1))}`,
    )
    return named.length === 0 && file.status === 'failed'
      ? [`${file.name}\n${shortened(file.message)}`]
      : named
  })
}

function shortened(message = 'no reason given'): string {
  return message.split('\n').slice(0, 12).join('\n')
}

/** The last line of every run. Skipped tests are always named, also when there are none. */
export function closingLine(count: Count): string {
  return `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`
}

/** A run is good when something passed and nothing failed or was left out. */
export function isGood(count: Count): boolean {
  return count.passed > 0 && count.failed === 0 && count.skipped === 0
}

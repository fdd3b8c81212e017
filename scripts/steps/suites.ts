import { existsSync, readFileSync, rmSync } from 'node:fs'
import { join, relative } from 'node:path'
import { runProgram } from '../build/run-program.ts'
import { bin, root } from '../paths.ts'

/** The projects of vitest.config.ts, fast ones first. */
export const suites = ['node', 'web', 'workerd', 'server', 'e2e'] as const
export type Suite = (typeof suites)[number]

export interface Tally {
  passed: number
  failed: number
  skipped: number
  /** What failed and why, a text each, to be read at the end of a long output. */
  failures: string[]
}

interface JsonReport {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: {
    name: string
    status: string
    message: string
    assertionResults: { status: string; fullName: string; failureMessages: string[] }[]
  }[]
}

/** Runs one suite, showing what vitest says as it says it, and counts. */
export async function runSuite(suite: Suite): Promise<Tally> {
  const report = join(root, `test/.artifacts/${suite}.json`)
  rmSync(report, { force: true })
  const args = ['run', '--project', suite, '--passWithNoTests', '--reporter', 'default', '--reporter', 'json']
  const { isOk } = await runProgram(bin('vitest'), [...args, '--outputFile.json', report], { show: true })
  return tally(existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : undefined, isOk)
}

/**
 * A file that could not be loaded has no tests to fail, and an error outside every test fails none: either counts as
 * one failure, so that a bad run never looks like a good one.
 */
function tally(report: JsonReport | undefined, isOk: boolean): Tally {
  if (report === undefined) return { passed: 0, failed: 1, skipped: 0, failures: ['the suite ended without a report'] }
  const unloaded = report.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0)
  const failed = report.numFailedTests + unloaded.length
  const failures = report.testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => `${relative(root, name)} > ${fullName}\n${failureMessages.join('\n')}`),
  )
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && !isOk ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: [...failures, ...unloaded.map(({ name, message }) => `${relative(root, name)}\n${message}`)],
  }
}

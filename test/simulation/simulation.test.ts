// The simulation replaces modules, clock and chance of its whole process, so it has one of its own.

import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { bin, root } from '../../scripts/paths.ts'
import type { SimulationReport } from '../../scripts/prove/sim/prove-sim.ts'

const run = promisify(execFile)

/** `RUNS=20 npx vitest run test/simulation` looks twenty times as long. */
const scale = Number(process.env['RUNS'] ?? 1)

async function simulate(...options: string[]): Promise<SimulationReport> {
  const args = ['--disable-warning=ExperimentalWarning', join(root, 'scripts/prove.ts'), 'sim', ...options]
  const { stdout } = await run(bin('node'), args, { maxBuffer: 1 << 26 }).catch((error: { stderr?: string }) => {
    throw new Error(error.stderr ?? String(error))
  })
  return JSON.parse(stdout) as SimulationReport
}

describe('the whole, on a platform where everything goes wrong', { timeout: 1_800_000 * scale }, () => {
  test('R2, R4–R6, R9, R11: keeps every promise in 20,000 runs, and everything that can go wrong has', async () => {
    const report = await simulate('--seed', '1', '--runs', String(20_000 * scale), '--boundaries', '10')
    expect(report.failures).toEqual([])
    expect(report.runs).toBeGreaterThan(20_000 * scale)
    expect(report.snapshots).toBeGreaterThan(report.executions / 10)
    expect(report.inParts).toBeGreaterThan(report.executions / 10)
    for (const [kind, times] of Object.entries(report.faults)) expect(times, kind).toBeGreaterThan(100)
    for (const [what, times] of Object.entries(report.target)) expect(times, what).toBeGreaterThan(100)
  })

  test('keeps what it promises of contacts in 400 runs', async () => {
    const report = await simulate('--of', 'contacts', '--seed', '1', '--runs', String(400 * scale))
    expect(report.failures).toEqual([])
    expect(report.runs).toBe(400 * scale)
    expect(report.snapshots).toBeGreaterThan(0)
    expect(report.inParts).toBeGreaterThan(0)
    for (const [kind, times] of Object.entries(report.faults)) expect(times, kind).toBeGreaterThan(0)
  })

  test('does the same when it is asked for the same', async () => {
    const [one, other] = await Promise.all([
      simulate('--seed', '77', '--runs', '300'),
      simulate('--seed', '77', '--runs', '300'),
    ])
    expect({ ...one, seconds: 0, runsPerSecond: 0 }).toEqual({ ...other, seconds: 0, runsPerSecond: 0 })
  })
})

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bin } from '../paths.ts'
import { runProgram } from './run-program.ts'

/** How long the Worker is busy when it starts, in ms, as `wrangler check startup` profiles it. */
export type Startup = { isOk: true; activeMs: number } | { isOk: false; output: string }

/** Bundles the Worker and starts it once. */
export async function checkStartup(): Promise<Startup> {
  return inTemporaryFolder(async (folder) => {
    const profile = join(folder, 'startup.cpuprofile')
    const { isOk, output } = await runProgram(bin('wrangler'), ['check', 'startup', '--outfile', profile])
    return isOk ? { isOk, activeMs: readActiveMs(profile) } : { isOk, output }
  })
}

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string } }[]
  samples: number[]
  timeDeltas: number[]
}

/** The time the profile saw code run in, without waiting. */
function readActiveMs(file: string): number {
  const { nodes, samples, timeDeltas }: CpuProfile = JSON.parse(readFileSync(file, 'utf8'))
  const idle = new Set(nodes.filter(({ callFrame }) => callFrame.functionName === '(idle)').map(({ id }) => id))
  const activeUs = samples.reduce((sum, node, at) => (idle.has(node) ? sum : sum + (timeDeltas[at] ?? 0)), 0)
  return Math.round(activeUs / 100) / 10
}

/** Gives `work` a folder that is gone afterwards. */
export async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-check-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureBuilt } from '../build/ensure-built.ts'
import { runProgram } from '../build/run-program.ts'
import { bin } from '../paths.ts'
import type { Step } from './step.ts'

/** A Worker may take a second to start, on machines slower than this; ours keeps far away from that. */
const startupBudgetMs = 100

/** Whether it builds, could be deployed, and starts fast enough. */
export const builds: Step[] = [
  {
    title: 'build',
    async run() {
      try {
        await ensureBuilt()
        return { isOk: true, output: '' }
      } catch (error) {
        return { isOk: false, output: String(error) }
      }
    },
  },
  {
    title: 'wrangler deploy --dry-run',
    run: () => inTemporaryFolder((folder) => runProgram(bin('wrangler'), ['deploy', '--dry-run', '--outdir', folder])),
  },
  {
    title: `wrangler check startup, under ${startupBudgetMs} ms`,
    run: () =>
      inTemporaryFolder(async (folder) => {
        const profile = join(folder, 'startup.cpuprofile')
        const checked = await runProgram(bin('wrangler'), ['check', 'startup', '--outfile', profile])
        if (!checked.isOk) return checked
        const activeMs = readActiveMs(profile)
        return { isOk: activeMs < startupBudgetMs, output: `The Worker is busy for ${activeMs} ms when it starts.` }
      }),
  },
]

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

async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-check-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

import { checkStartup, inTemporaryFolder } from '../build/check-startup.ts'
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
    async run() {
      const startup = await checkStartup()
      if (!startup.isOk) return startup
      const { activeMs } = startup
      return { isOk: activeMs < startupBudgetMs, output: `The Worker is busy for ${activeMs} ms when it starts.` }
    },
  },
]

import { checkStartup, inTemporaryFolder } from '../build/check-startup.ts'
import { ensureBuilt } from '../build/ensure-built.ts'
import { runProgram } from '../build/run-program.ts'
import { bin } from '../paths.ts'
import type { Step } from './step.ts'

/** What Cloudflare allows. How far we keep away from it is for `npm run bench` to say, on a machine that does nothing else. */
const startupLimitMs = 1000

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
    title: 'wrangler check startup',
    async run() {
      const startup = await checkStartup()
      if (!startup.isOk) return startup
      const { activeMs } = startup
      return { isOk: activeMs < startupLimitMs, output: `The Worker is busy for ${activeMs} ms when it starts.` }
    },
  },
]

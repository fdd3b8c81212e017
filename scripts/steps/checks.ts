import { join } from 'node:path'
import { runProgram } from '../build/run-program.ts'
import { bin, root } from '../paths.ts'
import type { Step } from './step.ts'

const web = join(root, 'web')

/** What can be said about the code without running it. */
export const checks: Step[] = [
  { title: 'format', run: () => runProgram(bin('oxfmt'), ['--check']) },
  { title: 'lint', run: () => runProgram(bin('oxlint'), []) },
  { title: 'types', run: () => runProgram(bin('tsc'), ['-p', '.']) },
  {
    title: 'types and markup of the web app',
    async run() {
      const synced = await runProgram(bin('svelte-kit'), ['sync'], { cwd: web })
      if (!synced.isOk) return synced
      const args = ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human']
      return runProgram(bin('svelte-check'), args, { cwd: web })
    },
  },
]

import { join } from 'node:path'
import { runProgram } from '../build/run-program.ts'
import { bin, root } from '../paths.ts'
import type { Step } from './step.ts'

const web = join(root, 'web')

let syncing: ReturnType<typeof runProgram> | undefined

/** Writes what the web app's `tsconfig.json` builds on, which a fresh clone does not have. Once, whoever asks first. */
function sync(): ReturnType<typeof runProgram> {
  syncing ??= runProgram(bin('svelte-kit'), ['sync'], { cwd: web })
  return syncing
}

/** What can be said about the code without running it. */
export const checks: Step[] = [
  { title: 'format', run: () => runProgram(bin('oxfmt'), ['--check']) },
  {
    title: 'lint',
    async run() {
      const synced = await sync()
      return synced.isOk ? runProgram(bin('oxlint'), []) : synced
    },
  },
  { title: 'types', run: () => runProgram(bin('tsc'), ['-p', '.']) },
  {
    title: 'types and markup of the web app',
    async run() {
      const synced = await sync()
      if (!synced.isOk) return synced
      const args = ['--tsconfig', './tsconfig.json', '--fail-on-warnings', '--output', 'human']
      return runProgram(bin('svelte-check'), args, { cwd: web })
    },
  },
]

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Load, Outcome } from './load.ts'

/** A generator of load, in a process of its own. One load at a time. */
export interface Generator {
  perform(load: Load): Promise<Outcome>
  stop(): Promise<void>
}

export function startGenerator(): Generator {
  const child = fork(join(import.meta.dirname, 'generator.ts'))
  const exited = once(child, 'exit')
  return {
    async perform(load) {
      child.send(load)
      const [outcome] = (await Promise.race([
        once(child, 'message'),
        exited.then(() => {
          throw new Error('The generator ended in the middle of its work.')
        }),
      ])) as [Outcome]
      return outcome
    },
    async stop() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

// ensure built
//
// Builds the web app and the Worker where their sources are not those of the last build. The stamp is written after the
// build and holds the fingerprint of what went in, so an interrupted build counts as none.

import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bin, root, webBuild, workerBundle } from '../paths.ts'
import { optionsName } from '../server/bundle.ts'
import { withBuildLock } from './build-lock.ts'
import { bundleWorker } from './bundle-worker.ts'
import { fingerprint } from './fingerprint.ts'
import { runProgram } from './run-program.ts'

/** Something that is built. */
export interface Target {
  title: string
  sources: string[]
  /** Must exist for the last build to count. */
  product: string
  stamp: string
  build(): Promise<void>
}

const stamps = join(root, 'dist/stamps')

export const web: Target = {
  title: 'web app',
  // Of the Worker's folders, those the web app may import.
  sources: [
    'web',
    'worker/contract',
    'worker/engine',
    'worker/expressions',
    'worker/lib',
    'worker/nodes',
    'package.json',
    'package-lock.json',
  ],
  product: join(webBuild, 'index.html'),
  stamp: join(stamps, 'web'),
  async build() {
    await mustRun('vite build', bin('vite'), ['build'], join(root, 'web'))
  },
}

export const worker: Target = {
  title: 'Worker',
  sources: ['worker', 'wrangler.toml', 'tsconfig.json', 'package.json', 'package-lock.json', 'scripts/build'],
  product: join(workerBundle, optionsName),
  stamp: join(stamps, 'worker'),
  async build() {
    // Elsewhere first, so that a server that starts meanwhile finds the last one whole.
    const draft = `${workerBundle}.next`
    rmSync(draft, { recursive: true, force: true })
    await bundleWorker(draft)
    // In a process of its own: whoever builds may go on to serve, and need not keep wrangler in memory.
    await mustRun('reading wrangler.toml', process.execPath, [join(import.meta.dirname, 'write-options.ts'), draft])
    rmSync(workerBundle, { recursive: true, force: true })
    renameSync(draft, workerBundle)
  },
}

/** Builds what is out of date, at once, and tells `onBuild` the title of each. Throws with a build's output. */
export async function ensureBuilt(
  onBuild: (title: string) => void = () => {},
  targets: Target[] = [web, worker],
): Promise<void> {
  if (targets.every((target) => isFresh(target))) return
  await withBuildLock(async () => {
    mkdirSync(stamps, { recursive: true })
    const outcomes = await Promise.allSettled(
      targets.map(async (target) => {
        const print = fingerprint(target.sources)
        if (isFresh(target, print)) return
        onBuild(target.title)
        rmSync(target.stamp, { force: true })
        await target.build()
        writeFileSync(target.stamp, print)
      }),
    )
    // Only once all have ended: the lock must not be given back while one still writes.
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
  })
}

function isFresh({ product, stamp, sources }: Target, print = fingerprint(sources)): boolean {
  return existsSync(product) && existsSync(stamp) && readFileSync(stamp, 'utf8') === print
}

async function mustRun(title: string, command: string, args: string[], cwd = root): Promise<void> {
  const { isOk, output } = await runProgram(command, args, { cwd })
  if (!isOk) throw new Error(`${title} failed:\n${output}`)
}

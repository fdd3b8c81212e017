import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare, type V4WorkerOptions } from 'miniflare'
import { sharedOptions } from '../server/miniflare-options.ts'

export const referenceName = 'bench-reference'

/** `reference-worker.js` on a socket of its own, as a Worker that can stand beside the product's. */
export function referenceOptions(): V4WorkerOptions {
  return {
    name: referenceName,
    compatibilityDate: '2026-11-01',
    modules: true,
    script: readFileSync(join(import.meta.dirname, 'reference-worker.js'), 'utf8'),
    durableObjects: { BARE: { className: 'Bare', useSQLite: true } },
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  }
}

export interface Reference {
  /** A socket of its own, as the product has one. */
  url: string
  /** Where Miniflare serves it when nothing is said: behind a Worker of Miniflare's. */
  entrance: string
  stop(): Promise<void>
}

/** The reference in a workerd of its own, for a product that runs elsewhere. */
export async function startReference(): Promise<Reference> {
  const folder = mkdtempSync(join(tmpdir(), 'leat-bench-'))
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...sharedOptions(join(folder, 'state'), join(folder, 'runtime.pid')),
      workers: [referenceOptions()],
    }),
  )
  const entrance = String(await miniflare.ready)
  return {
    url: String(await miniflare.unsafeGetDirectURL(referenceName)),
    entrance,
    async stop() {
      await miniflare.dispose()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

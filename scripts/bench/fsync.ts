import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * How long the disk takes to make 4 kB durable, in ms: the median of a hundred times. Whatever is acknowledged waits
 * for it at least once, so rates of two machines say little without it.
 */
export function benchFsync(): number {
  const folder = mkdtempSync(join(tmpdir(), 'leat-bench-'))
  const file = openSync(join(folder, 'file'), 'w')
  const block = Buffer.alloc(4_096)
  const times = Array.from({ length: 100 }, () => {
    const from = performance.now()
    writeSync(file, block)
    fdatasyncSync(file)
    return performance.now() - from
  })
  closeSync(file)
  rmSync(folder, { recursive: true })
  return times.toSorted((a, b) => a - b)[times.length / 2] ?? 0
}

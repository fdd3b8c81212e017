import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { runProgram } from '../build/run-program.ts'
import { root } from '../paths.ts'

/** Compressed JavaScript that a browser loads before the builder opens, in kB; null where nobody measures it. */
export async function webFirstLoadKb(): Promise<number | null> {
  const program = join(root, 'scripts/web-size.mjs')
  if (!existsSync(program)) return null
  const { isOk, output } = await runProgram(process.execPath, [program, '--json'])
  if (!isOk) return null
  const last = output.trim().split('\n').at(-1) ?? ''
  const figures = JSON.parse(last) as { firstLoadKb?: number }
  return figures.firstLoadKb ?? null
}

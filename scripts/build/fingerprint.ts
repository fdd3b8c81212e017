import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { root } from '../paths.ts'

/** Made by a build, never read by one. */
const products = new Set(['node_modules', '.svelte-kit', 'build', 'dist'])

/**
 * One hash over the names and contents of everything under these paths. By contents, because a fresh clone or a change
 * of branch gives every file a new date.
 */
export function fingerprint(paths: string[]): string {
  const hash = createHash('sha256')
  for (const file of paths.map((path) => join(root, path)).flatMap(listFiles)) {
    hash.update(relative(root, file)).update('\0').update(readFileSync(file)).update('\0')
  }
  return hash.digest('hex')
}

function listFiles(path: string): string[] {
  if (!existsSync(path)) return []
  if (statSync(path).isFile()) return [path]
  const entries = readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))
  return entries.flatMap((entry) => {
    if (entry.isDirectory()) return products.has(entry.name) ? [] : listFiles(join(path, entry.name))
    return entry.isFile() ? [join(path, entry.name)] : []
  })
}

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Edit } from './mutants.ts'

/** How often a text occurs. */
export function countOf(text: string, part: string): number {
  return text.split(part).length - 1
}

/** Makes the changes in a copy of the source, and gives what takes them back. Throws when an anchor is not there once. */
export function apply(root: string, edits: readonly Edit[]): () => void {
  const before = new Map<string, string>()
  for (const { file, anchor, becomes } of edits) {
    const path = join(root, file)
    const text = readFileSync(path, 'utf8')
    const count = countOf(text, anchor)
    if (count !== 1) throw new Error(`${file}: the anchor is there ${count} times: ${anchor}`)
    if (!before.has(path)) before.set(path, text)
    // A function, so that a dollar in it is a dollar.
    writeFileSync(
      path,
      text.replace(anchor, () => becomes),
    )
  }
  return () => {
    for (const [path, text] of before) writeFileSync(path, text)
  }
}

// What others call says above its name what it promises. Not held to it: types, whose members speak for themselves, and the
// shells (`api`, `runtime`), whose files say at their head what they are for.

import { globSync } from 'node:fs'
import { expect, test } from 'vitest'
import { root } from '../scripts/paths.ts'
import { read } from './support/documents.ts'

/** Exported names of a file with nothing above them. Of an overloaded function, the first declaration speaks for all. */
function undocumented(text: string, kinds: string): string[] {
  const exported = new RegExp(`(\\*/\\n)?^export (?:abstract |async )*(?:${kinds}) (\\w+)`, 'gm')
  const found = [...text.matchAll(exported)].map(([, above, name = '']) => ({
    name,
    isDocumented: above !== undefined,
  }))
  return found
    .filter(({ name }) => found.find((other) => other.name === name)?.isDocumented === false)
    .map(({ name }) => name)
}

function inFolders(folders: string, kinds: string): string[] {
  return globSync(`worker/${folders}/**/*.ts`, { cwd: root }).flatMap((path) =>
    undocumented(read(path), kinds).map((name) => `${path}: ${name}`),
  )
}

test('every function and class that others use has a doc comment', () => {
  expect(inFolders('!(api|runtime)', 'function\\*?|class')).toEqual([])
})

test('and so has every constant of the core: schemas, limits, tables', () => {
  expect(inFolders('{contract,engine,expressions,triggers}', 'const')).toEqual([])
})

// Files with an idea number what holds in them (`//   S1. …`). A comment that cites such a number means that of its own file,
// or names the one it means: `(S1 of state.ts)`. The ids of security.md and reliability.md are for names of tests.

import { globSync } from 'node:fs'
import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../scripts/paths.ts'
import { read, rowsOf } from './support/documents.ts'

const files = globSync('{worker,web/src}/**/*.{ts,svelte}', { cwd: root })
const texts = new Map(files.map((path) => [path, read(path)]))

/** The numbers that a file gives to what holds in it. */
const numbered = (text: string) => [...text.matchAll(/^\s*(?:\/\/|\*)\s+([A-Z]\d{1,2})\.\s/gm)].map(([, id = '']) => id)

/** Comments, lines of `//` below each other as one, without the numbers at their beginning. */
function commentsOf(text: string): string[] {
  const found = text.match(/\/\*[\s\S]*?\*\/|(?:^[ \t]*\/\/.*\n?)+|(?<=\s)\/\/.*$/gm) ?? []
  return found.map((comment) => comment.replaceAll(/^(\s*(?:\/\/|\*)\s+)[A-Z]\d{1,2}\.\s/gm, '$1'))
}

/** The numbers that a text cites. `D1` and `R2` are services, but for where they stand in brackets. */
function citedIn(text: string): string[] {
  return [...text.replaceAll(/(?<![(,] ?)\b(?:D1|R2)\b/g, '').matchAll(/\b[A-Z]\d{1,2}\b/g)].map(([id]) => id)
}

/** Whether a file that a text names, or one in a folder that it names, has the number. */
function isOfNamed(id: string, text: string): boolean {
  const named = new Set([...text.matchAll(/[\w-]+\.(?:svelte\.)?ts\b/g)].map(([name]) => name))
  const folders = [...text.matchAll(/`([\w/-]+\/)`/g)].map(([, name = '']) => `/${name}`)
  return [...texts].some(
    ([path, its]) =>
      (named.has(basename(path)) || folders.some((folder) => path.includes(folder))) && numbered(its).includes(id),
  )
}

test('a number that a comment cites is one of its own file, or of a file that it names', () => {
  const unknown = [...texts].flatMap(([path, text]) => {
    const own = new Set(numbered(text))
    return commentsOf(text).flatMap((comment) =>
      citedIn(comment)
        .filter((id) => !own.has(id) && !isOfNamed(id, comment))
        .map((id) => `${path}: ${id}`),
    )
  })
  expect(unknown).toEqual([])
})

test('a number in the table of a folder is one of the file in its row', () => {
  const unknown = globSync('worker/**/README.md', { cwd: root }).flatMap((path) =>
    rowsOf(read(path)).flatMap((row) =>
      citedIn(row.join(' '))
        .filter((id) => !isOfNamed(id, row.join(' ')))
        .map((id) => `${path}: ${id}`),
    ),
  )
  expect(unknown).toEqual([])
})

test('no file numbers two things alike', () => {
  const twice = [...texts].flatMap(([path, text]) =>
    numbered(text)
      .filter((id, i, ids) => ids.indexOf(id) !== i)
      .map((id) => `${path}: ${id}`),
  )
  expect(twice).toEqual([])
})

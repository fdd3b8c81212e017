// The documentation, as far as a machine can hold it to the truth: what it names is there, and the tests that it calls as
// proofs say in their names what they prove.

import { existsSync, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { root } from '../scripts/paths.ts'
import {
  anchorsOf,
  documents,
  idsIn,
  judgedBy,
  linksOf,
  propertiesIn,
  provedBy,
  read,
  rowsOf,
} from './support/documents.ts'

const isThere = (path: string) => existsSync(join(root, path))
const { scripts }: { scripts: Record<string, string> } = JSON.parse(read('package.json'))

describe('every document', () => {
  test('links to what is there', () => {
    const broken = documents.flatMap((document) =>
      linksOf(read(document))
        .map(({ file, anchor }) => ({ path: file === '' ? document : join(dirname(document), file), anchor }))
        .filter(({ path, anchor }) => !isThere(path) || (anchor !== '' && !anchorsOf(read(path)).has(anchor)))
        .map(({ path, anchor }) => `${document}: ${path}#${anchor}`),
    )
    expect(broken).toEqual([])
  })

  test('names files and commands that there are', () => {
    const isBuilt = (path: string) => path.startsWith('web/build')
    // A record of a decision tells of the time when it was made.
    const wrong = documents
      .filter((document) => !document.startsWith('docs/decisions/0'))
      .flatMap((document) => {
        const text = read(document)
        const paths = [...text.matchAll(/`((?:worker|web|test|scripts|docs|migrations)\/[^`\s*{<]*)`/g)].map(
          ([, path = '']) => path,
        )
        const commands = [...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name)
        return [
          ...paths.filter((path) => !isThere(path) && !isBuilt(path)),
          ...commands.filter((name) => !(name in scripts) && !name.endsWith(':')),
        ].map((name) => `${document}: ${name}`)
      })
    expect(wrong).toEqual([])
  })
})

test('docs/README.md lists every document once', () => {
  const listed = linksOf(read('docs/README.md')).map(({ file }) => file)
  const there = readdirSync(join(root, 'docs')).filter((name) => name.endsWith('.md') && name !== 'README.md')
  expect(listed.toSorted()).toEqual([...there, 'decisions/README.md'].toSorted())
})

test('docs/decisions/README.md lists every decision once', () => {
  const listed = linksOf(read('docs/decisions/README.md')).map(({ file }) => file)
  const there = readdirSync(join(root, 'docs/decisions')).filter((name) => name !== 'README.md')
  expect(listed).toEqual(there.toSorted())
})

test('the map in README.md has every folder of the Worker', () => {
  const named = [...read('README.md').matchAll(/`worker\/([a-z]+)`/g)].map(([, name = '']) => name)
  const folders = readdirSync(join(root, 'worker'), { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(named.toSorted()).toEqual(folders.map(({ name }) => name).toSorted())
})

test('docs/development.md names every command', () => {
  const text = read('docs/development.md')
  const named = (name: string) =>
    text.includes(`npm run ${name}`) || text.includes(`\`npm ${name}\``) || text.includes(`\`${name.split(':')[1]}\``)
  expect(Object.keys(scripts).filter((name) => !named(name))).toEqual([])
})

test('docs/deploy.md names every database, object, queue and setting of wrangler.toml', () => {
  const config = read('wrangler.toml')
  const names = [
    ...config.matchAll(/^(?:binding|name|class_name|queue|database_name|dead_letter_queue) = "([^"]+)"/gm),
    ...config.matchAll(/^#? *(LEAT_[A-Z_]+)/gm),
  ].map(([, name = '']) => name)
  const text = read('docs/deploy.md')
  expect([...new Set(names)].filter((name) => !text.includes(`\`${name}\``))).toEqual([])
})

describe('docs/capabilities.md', () => {
  const rows = rowsOf(read('docs/capabilities.md'))

  /** Each path in a cell, from the repository's root or from the folder of the one before, with what follows it. */
  function namedIn(cell: string): { path: string; note: string }[] {
    let folder = ''
    return [...cell.matchAll(/`([^`]+)`([^`]*)/g)].map(([, name = '', note = '']) => {
      if (name.startsWith('npm ')) return { path: name, note }
      const path = isThere(name) ? name : join(folder, name)
      folder = path.endsWith('/') ? path : dirname(path)
      return { path, note }
    })
  }
  const bracketsOf = (note: string) =>
    [...note.replaceAll(/\[.*?\]\(.*?\)/g, '').matchAll(/\(([^()]*)\)/g)].map(([, text = '']) => text)

  test('names places and proofs that are there', () => {
    const missing = rows.flatMap(([, where = '', proofs = '']) =>
      [...namedIn(where), ...namedIn(proofs)]
        .map(({ path }) => path)
        .filter((path) => !path.startsWith('npm ') && !isThere(path)),
    )
    expect(missing).toEqual([])
    expect(rows.filter(([, , proofs = '']) => namedIn(proofs).length === 0)).toEqual([])
  })

  test('names ids and properties that its proofs have in their names', () => {
    const unproved = rows.flatMap(([capability = '', , proofs = '']) => {
      const named = namedIn(proofs).filter(({ path }) => !/^npm (?!run prove:)/.test(path))
      const wrong = named.flatMap(({ path, note }) => {
        const proved = path.startsWith('npm ') ? { ids: judgedBy(path), properties: new Set() } : provedBy(path)
        return [
          ...bracketsOf(note)
            .flatMap((text) => text.split('; ').flatMap(idsIn))
            .filter((id) => !proved.ids.has(id)),
          ...propertiesIn(note).filter((number) => !proved.properties.has(number)),
        ].map((id) => `${path}: ${id}`)
      })
      const tests = named.filter(({ path }) => !path.startsWith('npm '))
      const all = new Set(tests.flatMap(({ path }) => [...provedBy(path).ids]))
      const unknown = bracketsOf(capability)
        .flatMap(idsIn)
        .filter((id) => !all.has(id))
      return [...wrong, ...unknown.map((id) => `${capability}: ${id}`)]
    })
    expect(unproved).toEqual([])
  })

  test('says a capability once', () => {
    const names = rows.map(([capability]) => capability)
    expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([])
  })
})

test('docs/security.md names cases that are in the names of tests', () => {
  const proved = provedBy('test')
  const named = [...read('docs/security.md').matchAll(/\b([A-O]\d{1,2})\b/g)].map(([, id = '']) => id)
  expect([...new Set(named)].filter((id) => !proved.ids.has(id))).toEqual([])
})

test('docs/reliability.md names properties where they are', () => {
  const rows = rowsOf(read('docs/reliability.md')).filter(
    ([cell = '', where = '']) => /^\d/.test(cell) && where.includes('.test.ts'),
  )
  const wrong = rows.flatMap(([cell = '', where = '']) => {
    const files = [...where.matchAll(/`([^`]+)`/g)].map(([, path = '']) => path)
    const proved = new Set(files.flatMap((path) => [...provedBy(path).properties]))
    const named = cell.split('; ').flatMap((part) => propertiesIn(`properties ${part}`))
    return named.filter((number) => !proved.has(number)).map((number) => `${where}: ${number}`)
  })
  expect(rows).not.toEqual([])
  expect(wrong).toEqual([])
})

// What the test of the documentation knows about documents and tests: headings, links, paths, and the ids of promises.

import { globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { root } from '../../scripts/paths.ts'

export const read = (path: string): string => readFileSync(join(root, path), 'utf8')

/** Every document of ours, from the repository's root. */
export const documents: string[] = [
  ...globSync('*.md', { cwd: root }),
  ...globSync('{docs,worker,web/src,scripts,test}/**/*.md', { cwd: root }),
]

/** The anchors that a document's headings make. */
export function anchorsOf(text: string): Set<string> {
  const headings = [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading)
  return new Set(
    headings.map((heading) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(/\s/g, '-'),
    ),
  )
}

/** The links of a document that stay in the repository, each as the file and the anchor behind it. */
export function linksOf(text: string): { file: string; anchor: string }[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
    .map((target) => {
      const [file = '', anchor = ''] = target.split('#')
      return { file, anchor }
    })
}

/** The cells of each row of a document's tables, headers left out. */
export function rowsOf(text: string): string[][] {
  const lines = text.split('\n')
  return lines
    .filter((line, i) => line.startsWith('| ') && !/^\|[-|]+\|$/.test(lines[i + 1] ?? ''))
    .map((line) => line.slice(2, -2).split(' | '))
}

const idList = /^[A-OR]\d{1,2}(?:–[A-OR]?\d{1,2})?(?:, [A-OR]\d{1,2}(?:–[A-OR]?\d{1,2})?)*$/

/** The ids that a text in brackets, or before the colon of a test's name, stands for: `A1–A3, F2` is four. None where it says more. */
export function idsIn(text: string): string[] {
  if (!idList.test(text)) return []
  return text.split(', ').flatMap((part) => {
    const [, letter = '', from = '', to = from] = /^([A-OR])(\d+)(?:–[A-OR]?(\d+))?$/.exec(part) ?? []
    return Array.from({ length: Number(to) - Number(from) + 1 }, (_, i) => `${letter}${Number(from) + i}`)
  })
}

/** The numbers in “properties 1, 2, 26–28”. */
export function propertiesIn(text: string): number[] {
  return [...text.matchAll(/propert(?:y|ies) ((?:\d+(?:–\d+)?(?:, (?=\d))?)+)/g)].flatMap(([, list = '']) =>
    list.split(', ').flatMap((part) => {
      const [from = 0, to = from] = part.split('–').map(Number)
      return Array.from({ length: to - from + 1 }, (_, i) => from + i)
    }),
  )
}

/** What one file, or every file below a folder, proves: ids in the names of tests, which begin with them or end with them in brackets. */
export function provedBy(path: string): { ids: Set<string>; properties: Set<number> } {
  const isFile = statSync(join(root, path)).isFile()
  const files = isFile ? [path] : globSync(`${path.replace(/\/$/, '')}/**/*.test.ts`, { cwd: root })
  const texts = files.map(read)
  const found = texts.flatMap((text) => [
    ...[...text.matchAll(/['"`]([A-OR]\d[\dA-OR–, ]*): /g)].map(([, list = '']) => list),
    ...[...text.matchAll(/\(([A-OR]\d[\dA-OR–, ]*)\)['"`]/g)].map(([, list = '']) => list),
  ])
  const properties = texts.flatMap((text) => [...text.matchAll(/Property (\d+):/g)].map(([, number]) => Number(number)))
  return { ids: new Set(found.flatMap(idsIn)), properties: new Set(properties) }
}

/** The ids that the judges of a proof, such as `npm run prove:kill`, hold it to. */
export function judgedBy(command: string): Set<string> {
  const name = command.replace('npm run prove:', '')
  const folder = name === 'sim' ? 'test/simulation' : `scripts/prove/${name}`
  const texts = globSync(`${folder}/**/judge*.ts`, { cwd: root }).map(read)
  return new Set(texts.flatMap((text) => [...text.matchAll(/\b([IR]\d{1,2})\b/g)].map(([, id = '']) => id)))
}

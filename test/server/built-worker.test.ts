// What is built and deployed, as opposed to what is written.

import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { readBundle } from '../../scripts/server/bundle.ts'

const modules = new Map(readBundle().modules.map(({ path, contents }) => [basename(path), String(contents)]))

/** `index.js` and all that it imports at once. */
function readAtStart(name = 'index.js', read = new Set<string>()): Set<string> {
  if (read.has(name)) return read
  read.add(name)
  for (const [, imported] of (modules.get(name) ?? '').matchAll(/^(?:import|\}) ?(?:from )?"\.\/([^"]+)";$/gm)) {
    readAtStart(imported, read)
  }
  return read
}

/** The sources that are in these modules, each as often as there are modules it is in. */
const sources = (names: Iterable<string>) =>
  [...names].flatMap((name) => {
    const marks = (modules.get(name) ?? '').matchAll(/^\/\/ (\S+\.[cm]?[jt]s)$/gm)
    return [...new Set(Array.from(marks, ([, source = '']) => source))]
  })

test('a new isolate reads the engine and nothing of the API', () => {
  const atStart = sources(readAtStart())
  expect(atStart).toContain('worker/engine/advance.ts')
  expect(
    atStart.filter((source) =>
      /^worker\/api\/(create-app|backend|auth\/)|^node_modules\/(hono|better-auth)\//.test(source),
    ),
  ).toEqual([])
  expect(sources(modules.keys())).toContain('worker/api/create-app.ts')
})

test('every source is in one module only, so what is made once does not exist twice', () => {
  const all = sources(modules.keys())
  expect(all.filter((source, at) => all.indexOf(source) !== at)).toEqual([])
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { root, webBuild } from '../paths.ts'

// What a browser fetches of JavaScript before a page can be used: the start of the app, the page's layouts, the page,
// and everything these import. What a page imports later (the canvas, the command menu) is not in it.

interface Chunk {
  file: string
  src?: string
  imports?: string[]
}

/** A page and its first load. */
export interface FirstLoad {
  /** `/workflows/[workflowId]`, without the names of route groups. */
  page: string
  files: number
  /** Compressed with gzip, in bytes. */
  bytes: number
}

const generated = join(root, 'web/.svelte-kit/generated/build/client-optimized')

/** The first load of every page of the built web app. Throws where it has not been built. */
export function firstLoads(): FirstLoad[] {
  const manifest = JSON.parse(
    readFileSync(join(root, 'web/.svelte-kit/output/client/.vite/manifest.json'), 'utf8'),
  ) as Record<string, Chunk>
  const chunks = new Map(Object.entries(manifest))
  const keyEndingIn = (end: string) => {
    const key = [...chunks.keys()].find((name) => name.endsWith(end))
    if (key === undefined) throw new Error(`The build has no chunk for ${end}.`)
    return key
  }
  const keyOfNode = (node: number) => keyEndingIn(`client-optimized/nodes/${node}.js`)
  const start = ['runtime/client/entry.js', 'runtime/client/payload.js', 'client-optimized/app.js'].map(keyEndingIn)
  start.push(keyOfNode(0), keyOfNode(1)) // the root layout and the error page come with every page
  const sizes = new Map<string, number>()
  const sizeOf = (file: string) => {
    const known = sizes.get(file) ?? gzipSync(readFileSync(join(webBuild, file))).byteLength
    sizes.set(file, known)
    return known
  }

  return routes().map(({ page, nodes }) => {
    const files = closure(chunks, [...start, ...nodes.map(keyOfNode)])
    return { page, files: files.size, bytes: [...files].reduce((sum, file) => sum + sizeOf(file), 0) }
  })
}

/** The pages, each with the numbers of its own node and its layouts', as Kit's router has them. */
function routes(): { page: string; nodes: number[] }[] {
  const router = readFileSync(join(generated, 'app.js'), 'utf8')
  return [...router.matchAll(/^\s*"(\/[^"]*)": \[([^\n]*?)\],?$/gm)].map(([, route = '', numbers = '']) => ({
    page: route.replace(/\/\([^)]+\)/g, '') || '/',
    nodes: [...numbers.matchAll(/\d+/g)].map(([digits]) => Number(digits)),
  }))
}

function closure(chunks: ReadonlyMap<string, Chunk>, keys: readonly string[]): Set<string> {
  const files = new Set<string>()
  const open = [...keys]
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const chunk = chunks.get(key)
    if (chunk === undefined || files.has(chunk.file)) continue
    files.add(chunk.file)
    open.push(...(chunk.imports ?? []))
  }
  return files
}

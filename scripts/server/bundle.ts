import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { V4WorkerOptionsShape } from 'miniflare'
import { workerBundle } from '../paths.ts'

/** What `wrangler.toml` says, as Miniflare takes it. The name of a file beside the bundle: loading wrangler takes a second. */
export const optionsName = 'miniflare.json'

const moduleTypes = {
  '.js': 'ESModule',
  '.wasm': 'CompiledWasm',
  '.bin': 'Data',
  '.txt': 'Text',
  '.html': 'Text',
  '.sql': 'Text',
} as const

const isModule = (extension: string): extension is keyof typeof moduleTypes => extension in moduleTypes

/** The built Worker: its modules, the main one first, and its options. Throws where nothing was built. */
export function readBundle() {
  const options: V4WorkerOptionsShape = JSON.parse(readFileSync(join(workerBundle, optionsName), 'utf8'))
  const names = ['index.js', ...readdirSync(workerBundle).filter((name) => name !== 'index.js')]
  const modules = names.flatMap((name) => {
    const extension = extname(name)
    if (!isModule(extension)) return []
    const contents = new Uint8Array(readFileSync(join(workerBundle, name)))
    const type = moduleTypes[extension]
    const isText = type === 'ESModule' || type === 'Text'
    return [{ type, path: join(workerBundle, name), contents: isText ? new TextDecoder().decode(contents) : contents }]
  })
  return { options, modules, modulesRoot: workerBundle }
}

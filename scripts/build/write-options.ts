// write-options.ts <folder>: what wrangler.toml says, in the form Miniflare takes, beside the bundle in this folder.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { root } from '../paths.ts'
import { optionsName } from '../server/bundle.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('Name the folder of the bundle.')
const { workerOptions } = unstable_getMiniflareWorkerOptions(join(root, 'wrangler.toml'))
writeFileSync(join(folder, optionsName), JSON.stringify(workerOptions))

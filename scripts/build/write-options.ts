// Writes what wrangler.toml says, in the form Miniflare takes, beside the bundle.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { unstable_getMiniflareWorkerOptions } from 'wrangler'
import { root } from '../paths.ts'
import { optionsFile } from '../server/bundle.ts'

const { workerOptions } = unstable_getMiniflareWorkerOptions(join(root, 'wrangler.toml'))
writeFileSync(optionsFile, JSON.stringify(workerOptions))

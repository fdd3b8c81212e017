// npm run docs: writes the parts of the documentation that are made from data.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withFunctionReference } from './docs/function-reference.ts'
import { root } from './paths.ts'

const file = join(root, 'docs/expressions.md')
const written = readFileSync(file, 'utf8')
const fresh = withFunctionReference(written)
if (fresh !== written) writeFileSync(file, fresh)
process.stdout.write(fresh === written ? 'docs/expressions.md is up to date.\n' : 'docs/expressions.md was written.\n')

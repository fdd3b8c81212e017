// npm run lock: completes package-lock.json after `npm install`.
//
// Programs come as one package per system, all optional. A registry mirror may not have those for other systems; npm
// then leaves them out of the lockfile, and `npm ci` refuses a lockfile with anything left out, on every system. This
// adds them with the version that was asked for and the system their name says. Nothing is fetched here; elsewhere the
// registry has them.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './paths.ts'
import { completeLockfile, type Lockfile } from './lock/complete-lockfile.ts'

const file = join(root, 'package-lock.json')
const lockfile: Lockfile = JSON.parse(readFileSync(file, 'utf8'))
const added = completeLockfile(lockfile)
if (added.length > 0) writeFileSync(file, `${JSON.stringify(lockfile, null, 2)}\n`)
process.stdout.write(added.length > 0 ? `Added:\n${added.join('\n')}\n` : 'The lockfile is complete.\n')

// The door to every command: `node scripts/run.js start`.
//
// Runs on whatever Node the machine has (20 or newer) and with nothing installed, so it uses nothing but Node:
// plain JavaScript, no packages. It brings node_modules in line with the lockfile, then hands over to
// `scripts/<command>.ts` on the Node 24 that came with it, passes signals on, and ends as the command ends.

import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'

if (import.meta.dirname === undefined) {
  process.stderr.write(`Leat needs Node 20.11 or newer; this is ${process.versions.node}.\n`)
  process.exit(1)
}
const root = join(import.meta.dirname, '..')

/** The packages a lockfile names, by their place in node_modules. */
function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages
}

/**
 * Whether node_modules holds what the lockfile asks for. npm writes down what it installed in a lockfile of its
 * own, last, so an interrupted install counts as none. Optional packages may be absent: most are for other systems.
 */
function isInstalled() {
  const record = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(record)) return false
  const installed = packagesIn(record)
  return Object.entries(packagesIn(join(root, 'package-lock.json'))).every(([place, wanted]) => {
    if (place === '') return true
    const found = installed[place]
    if (found === undefined) return wanted.optional === true
    return found.version === wanted.version && found.integrity === wanted.integrity
  })
}

function install() {
  process.stderr.write('Installing packages (once, under a minute)…\n')
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath ?? ''
  const { status } =
    basename(npm) === 'npm-cli.js'
      ? spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio: ['ignore', 2, 2] })
      : spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
  if (status !== 0) {
    process.stderr.write('npm ci failed; its messages are above.\n')
    process.exit(1)
  }
}

/** The Node that came with the packages; the machine's own where there is none for this system and it is new enough. */
function findNode() {
  const bundled = join(root, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node')
  if (existsSync(bundled)) return bundled
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  if (major > 22 || (major === 22 && minor >= 18)) return process.execPath
  process.stderr.write(`Leat needs Node 22.18 or newer here; this is ${process.versions.node}.\n`)
  process.exit(1)
}

const commands = [
  'start',
  'dev',
  'build',
  'check',
  'format',
  'test',
  'bench',
  'prove',
  'deploy',
  'docs',
  'lock',
  'web-size',
]

const [command = 'start', ...args] = process.argv.slice(2)
if (!commands.includes(command)) {
  process.stderr.write(`There is no command "${command}". There are ${commands.join(', ')}; see docs/development.md.\n`)
  process.exit(1)
}
if (!isInstalled()) install()

const script = join(root, 'scripts', `${command}.ts`)

const child = spawn(findNode(), [script, ...args], {
  stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  env: {
    ...process.env,
    CLOUDFLARE_CF_FETCH_ENABLED: 'false',
    WRANGLER_SEND_METRICS: 'false',
    WRANGLER_HIDE_BANNER: 'true',
  },
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))

// npm killed outright takes nobody with it, so notice that it is gone. It is our parent, or the parent of a shell between.
if (process.env.npm_lifecycle_event !== undefined) {
  const parents = [process.ppid, parentOf(process.ppid)].filter((pid) => pid > 1)
  setInterval(() => parents.every(isAlive) || child.kill('SIGTERM'), 1000).unref()
}

function parentOf(pid) {
  return Number(spawnSync('ps', ['-o', 'ppid=', '-p', String(pid)], { encoding: 'utf8' }).stdout ?? 0)
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))

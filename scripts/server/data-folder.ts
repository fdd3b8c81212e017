// data folder
//
// Everything one installation keeps on disk: `.leat/` unless LEAT_DATA says otherwise.
//
//   secret         the root secret, made once, readable by its owner only
//   demo.json      how to sign in to the demo organization
//   runtime.pid    the workerd that serves from this folder now
//   databases.pid  the workerd that holds its databases now
//   state/         Durable Objects, alarms, D1
//   tmp/           what may be lost, emptied at each start
//
// Invariants:
//
//   1. One server at a time. Two would each hold half of the truth in memory. The lock is a socket: it cannot be
//      left behind by a process that was killed, and a process id that was used again does not look like its owner.
//   2. Whoever gets the folder has it alone: whatever workerd outlived its server is stopped first.

import { execFileSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { SettingError } from './environment.ts'

export interface DataFolder {
  /** Where Miniflare keeps what the Worker stores. */
  state: string
  /** Emptied at each start: a killed server leaves its own behind. */
  temporary: string
  secret: string
  runtimePidFile: string
  databasesPidFile: string
  /** Empty at each start, for sockets. Only the owner of the server may enter. */
  sockets: string
  demoFile: string
  /** Gives the folder back. */
  release(): void
}

/** Another server works on this data folder. */
export class DataFolderInUseError extends Error {
  override name = 'DataFolderInUseError'
}

/** Opens the folder for this process alone, making it where it does not exist. Throws DataFolderInUseError, SettingError. */
export async function openDataFolder(path: string): Promise<DataFolder> {
  makeFolder(path)
  const release = await lock(path)
  const runtimePidFile = join(path, 'runtime.pid')
  const databasesPidFile = join(path, 'databases.pid')
  for (const file of [runtimePidFile, databasesPidFile]) await stopOrphan(file)
  const temporary = join(path, 'tmp')
  rmSync(temporary, { recursive: true, force: true })
  mkdirSync(temporary)
  const sockets = join(place, nameOf(path))
  rmSync(sockets, { recursive: true, force: true })
  // Fails where somebody else has put a folder of this name meanwhile.
  mkdirSync(sockets, { mode: 0o700 })
  return {
    state: join(path, 'state'),
    temporary,
    secret: readSecret(join(path, 'secret')),
    runtimePidFile,
    databasesPidFile,
    sockets,
    demoFile: join(path, 'demo.json'),
    release() {
      for (const pidFile of [runtimePidFile, databasesPidFile]) rmSync(pidFile, { force: true })
      rmSync(sockets, { recursive: true, force: true })
      release()
    },
  }
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    const { code = 'unknown' } = cause as NodeJS.ErrnoException
    const why = reasons[code] ?? `it cannot be made or opened (${code})`
    throw new SettingError(`${path} cannot keep the data: ${why}. Choose another folder with LEAT_DATA=…`, { cause })
  }
}

const reasons: Record<string, string> = {
  EEXIST: 'it is a file',
  ENOTDIR: 'there is a file on the way to it',
  EACCES: 'this user may not write there',
  EPERM: 'this user may not write there',
  EROFS: 'nothing can be written there',
}

/** Not in the folder itself: a socket's path may have about a hundred characters. TMPDIR is another one later. */
const place = tmpdir()

function nameOf(path: string): string {
  return `leat-${createHash('sha256').update(realpathSync(path)).digest('hex').slice(0, 16)}`
}

async function lock(path: string): Promise<() => void> {
  const name = nameOf(path)
  const address = process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : join(place, `${name}.sock`)
  if (await isAnswered(address)) {
    throw new DataFolderInUseError(
      `A server is already running on ${path}. Stop it, or give this one another LEAT_DATA.`,
    )
  }
  rmSync(address, { force: true })
  const holder = createServer((socket) => socket.end())
  await new Promise<void>((resolve, reject) => {
    holder.once('error', reject).listen(address, resolve)
  })
  holder.unref()
  return () => void holder.close()
}

/** A socket whose owner is dead refuses; one whose owner is merely stopped accepts. */
function isAnswered(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(address)
      .once('connect', () => resolve((socket.destroy(), true)))
      .once('error', () => resolve(false))
  })
}

async function stopOrphan(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return
  const pid = Number(readFileSync(pidFile, 'utf8'))
  if (isOrphan(pid, pidFile)) process.kill(pid, 'SIGKILL')
  while (isOrphan(pid, pidFile)) await sleep(20)
  rmSync(pidFile)
}

/**
 * Whether what runs under this id is the workerd that `tied.sh` started for this file. After a restart of the machine the id
 * may belong to anybody, also to the workerd of another installation that starts in the same order each time.
 */
function isOrphan(pid: number, pidFile: string): boolean {
  if (!Number.isInteger(pid) || pid <= 1) return false
  try {
    return process.platform === 'linux' ? isStartedFor(pid, pidFile) : isWorkerdSince(pid, statSync(pidFile).mtimeMs)
  } catch {
    return false // no such process, or none of ours
  }
}

function isStartedFor(pid: number, pidFile: string): boolean {
  const name = 'LEAT_RUNTIME_PID_FILE='
  const variables = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')
  const file = variables.find((variable) => variable.startsWith(name))?.slice(name.length)
  return file !== undefined && realpathSync(resolve(readlinkSync(`/proc/${pid}/cwd`), file)) === realpathSync(pidFile)
}

/** Who had the id when the file was written wrote it. `at`: epoch ms; processes are known to the second. */
function isWorkerdSince(pid: number, at: number): boolean {
  const env = { ...process.env, LC_ALL: 'C' }
  const ask = (what: string) => execFileSync('ps', ['-o', `${what}=`, '-p', String(pid)], { encoding: 'utf8', env })
  return ask('command').includes('workerd') && Date.parse(ask('lstart')) <= at + 1_000
}

function readSecret(file: string): string {
  if (!existsSync(file)) writeFileSync(file, randomBytes(32).toString('base64url'), { mode: 0o600, flag: 'wx' })
  return readFileSync(file, 'utf8').trim()
}

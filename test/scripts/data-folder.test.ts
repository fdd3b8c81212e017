import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { onTestFinished, expect, test } from 'vitest'
import { DataFolderInUseError, openDataFolder } from '../../scripts/server/data-folder.ts'

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'leat-data-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

test('the secret is made once, long enough, and for its owner only', async () => {
  const path = makeFolder()
  const first = await openDataFolder(path)
  first.release()
  const second = await openDataFolder(path)
  second.release()

  expect(Buffer.from(first.secret, 'base64url')).toHaveLength(32)
  expect(second.secret).toBe(first.secret)
  expect(statSync(join(path, 'secret')).mode & 0o777).toBe(0o600)
})

test('two servers never work on one folder, whatever path they call it by', async () => {
  const path = makeFolder()
  const first = await openDataFolder(path)
  await expect(openDataFolder(`${path}/../${path.split('/').at(-1)}`)).rejects.toThrow(DataFolderInUseError)
  first.release()

  const second = await openDataFolder(path)
  second.release()
})

test('what an earlier server left as temporary is gone', async () => {
  const path = makeFolder()
  const first = await openDataFolder(path)
  writeFileSync(join(first.temporary, 'left'), '')
  first.release()

  const second = await openDataFolder(path)
  second.release()
  expect(() => readFileSync(join(second.temporary, 'left'))).toThrow('ENOENT')
})

test('sockets get an empty folder that only its owner may enter, gone with the server', async () => {
  const path = makeFolder()
  const first = await openDataFolder(path)
  expect(statSync(first.sockets).mode & 0o777).toBe(0o700)
  writeFileSync(join(first.sockets, 'left'), '')
  first.release()
  expect(existsSync(first.sockets)).toBe(false)

  mkdirSync(first.sockets, { mode: 0o777 }) // as one that was killed leaves it, or somebody else puts it there
  writeFileSync(join(first.sockets, 'left'), '')
  const second = await openDataFolder(path)
  onTestFinished(second.release)
  expect([readdirSync(second.sockets), statSync(second.sockets).mode & 0o777]).toEqual([[], 0o700])
})

test('the id of an earlier workerd that now belongs to another program is left alone', async () => {
  const path = makeFolder()
  writeFileSync(join(path, 'runtime.pid'), String(process.pid))
  const folder = await openDataFolder(path)
  folder.release()
  expect(process.pid).toBeGreaterThan(0) // still here
})

/** A process that looks like the workerd of an installation whose file for its id is `pidFile`; and how it ended. */
async function startWorkerd(pidFile: string) {
  const waits = 'process.stdout.write("here"); setInterval(() => undefined, 1_000)'
  const child = spawn(process.execPath, ['-e', waits, 'workerd'], {
    env: { ...process.env, LEAT_RUNTIME_PID_FILE: pidFile },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return child
}

test('the id of an earlier workerd that now belongs to the workerd of another installation is left alone', async () => {
  const [path, other] = [makeFolder(), makeFolder()]
  const child = await startWorkerd(join(other, 'runtime.pid'))
  const pidFile = join(path, 'runtime.pid')
  writeFileSync(pidFile, String(child.pid))
  // Written before the machine was started again, and so before that process began.
  utimesSync(pidFile, new Date(0), new Date(0))
  const folder = await openDataFolder(path)
  folder.release()
  // An id is there for as long as nobody ended it.
  expect(process.kill(child.pid!, 0)).toBe(true)
  expect([child.exitCode, child.signalCode]).toEqual([null, null])
})

test('a workerd that outlived its server is stopped, whatever path the folder was called by', async () => {
  const path = makeFolder()
  const child = await startWorkerd(join(path, '..', basename(path), 'databases.pid'))
  const ended = once(child, 'exit')
  writeFileSync(join(path, 'databases.pid'), String(child.pid))
  const folder = await openDataFolder(path)
  folder.release()
  expect(await ended).toEqual([null, 'SIGKILL'])
})

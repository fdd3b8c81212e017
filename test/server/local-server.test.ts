// One installation and what happens to it, in order: every test goes on with the data folder the one before left.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { root } from '../../scripts/paths.ts'
import { type RunningServer, startServer } from '../support/server.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'leat-local-'))
let server = await startServer({ dataDir })
const first = server.demo

afterAll(async () => {
  await server.stop()
  rmSync(dataDir, { recursive: true, force: true })
})

const ask = (path: string, { url, demo }: RunningServer = server) =>
  fetch(url + path, { headers: { authorization: `Bearer ${demo.apiKey}` } })

const pidIn = (name: string) => Number(readFileSync(join(dataDir, name), 'utf8'))
const workerdPids = () => ['runtime.pid', 'databases.pid'].map(pidIn)

/** Whether a process runs. One that ended and was not yet collected has no command line any more. */
function isAlive(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== ''
  } catch {
    return false
  }
}

/** The ports on which a process listens; 0A is that state. */
function portsOf(pid: number): number[] {
  const folder = `/proc/${pid}/fd`
  const own = new Set(readdirSync(folder).map((fd) => readlinkSync(join(folder, fd))))
  const lines = ['tcp', 'tcp6'].flatMap((name) => readFileSync(`/proc/${pid}/net/${name}`, 'utf8').split('\n').slice(1))
  return lines.flatMap((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    return state === '0A' && own.has(`socket:[${inode}]`) ? [Number.parseInt(local.split(':')[1]!, 16)] : []
  })
}

const fire = (name: string) =>
  fetch(server.demo.hookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, score: 72 }),
  })

test('a fresh folder gets a demo organization, and demo.json says how to use it', async () => {
  expect(JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8'))).toEqual(first)
  expect(new Set(Object.keys(first))).toEqual(new Set(['url', 'email', 'password', 'apiKey', 'hookUrl']))
  expect((await ask('/api/v2/me')).status).toBe(200)
})

test('a page gets the app, whatever its path; what the API does not know is its own 404', async () => {
  for (const path of ['/', '/workflows/of-nobody']) {
    const page = await fetch(server.url + path)
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8'])
  }
  const old = await fetch(`${server.url}/_app/immutable/chunks/of-an-older-build.js`)
  expect([old.status, await old.text()]).toEqual([404, 'There is no such file.'])
  const missing = await ask('/api/v2/nothing')
  expect([missing.status, await missing.json()]).toMatchObject([404, { success: false }])
  expect((await fetch(`${server.url}/health`)).status).toBe(200)
})

test('nobody sets up a demo without the token of this start', async () => {
  const headers = { 'content-type': 'application/json', 'x-leat-setup-token': 'a guess' }
  const refused = await fetch(`${server.url}/api/v2/setup/demo`, { method: 'POST', headers, body: '{}' })
  expect(refused.status).toBe(404)
})

test('a second server on the same folder is told so and leaves the first alone', async () => {
  await expect(startServer({ dataDir })).rejects.toThrow('A server is already running')
  expect((await ask('/api/v2/me')).status).toBe(200)
})

test.runIf(process.platform === 'linux')(
  'nobody reaches the databases but by sockets in a folder that is closed to others',
  async () => {
    const ports = portsOf(pidIn('databases.pid'))
    // Miniflare's own, to which the databases are not bound.
    expect(ports.length).toBe(1)
    const asked = await fetch(`http://127.0.0.1:${ports[0]}/query?resultsFormat=ROWS_AND_COLUMNS`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'MF-Namespace': 'DB' },
      body: JSON.stringify({ sql: 'SELECT 42 AS answer' }),
    })
    expect(asked.status).toBe(500)
    expect(await asked.text()).not.toContain('answer')
  },
)

test('a server whose databases died starts them again; what was answered meanwhile is there', async () => {
  expect((await fire('before')).status).toBe(200)
  const died = pidIn('databases.pid')
  process.kill(died, 'SIGKILL')
  const meanwhile = await fire('meanwhile')
  expect([meanwhile.status, await meanwhile.json()]).toMatchObject([
    200,
    { message: expect.stringContaining('Meanwhile') },
  ])
  const id = meanwhile.headers.get('x-leat-execution-id')
  const statuses = new Set<number>()
  const find = async () => {
    const response = await ask(`/api/v2/executions/${id}`)
    statuses.add(response.status)
    await response.text()
    return response.status
  }
  await expect.poll(find, { timeout: 30_000 }).toBe(200)
  expect([...statuses].filter((status) => ![200, 404, 503].includes(status))).toEqual([])
  await expect.poll(() => isAlive(died)).toBe(false)
  expect(pidIn('databases.pid')).not.toBe(died)
})

test('a server whose Worker died starts it again, on the same databases', async () => {
  const [died = 0, databases] = workerdPids()
  process.kill(died, 'SIGKILL')
  await expect
    .poll(
      () =>
        ask('/api/v2/me').then(
          ({ status }) => status,
          () => 0,
        ),
      { timeout: 30_000 },
    )
    .toBe(200)
  const [restarted, same] = workerdPids()
  expect([restarted === died, same]).toEqual([false, databases])
})

test('everything is as it was after the power was cut', async () => {
  await server.kill9()
  server = await startServer({ dataDir })
  expect({ ...server.demo, url: '', hookUrl: '' }).toEqual({ ...first, url: '', hookUrl: '' })
  expect((await ask('/api/v2/me')).status).toBe(200)
})

test('a server that was killed alone leaves workerds behind, and the next one does not mind', async () => {
  const orphans = workerdPids()
  process.kill(server.pid, 'SIGKILL')
  server = await startServer({ dataDir })
  expect(orphans.filter(isAlive)).toEqual([])
  expect((await ask('/api/v2/me')).status).toBe(200)
})

test('workerds whose server was killed end by themselves', async () => {
  const orphans = workerdPids()
  process.kill(server.pid, 'SIGKILL')
  await expect.poll(() => orphans.filter(isAlive)).toEqual([])
})

test('npm start says how to use it, the line it prints works, and Ctrl-C stops all of it', async () => {
  const child = spawn(process.execPath, [join(root, 'scripts/run.js'), 'start'], {
    env: { ...process.env, PORT: '0', LEAT_DATA: dataDir },
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  let said = ''
  child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  while (!said.includes('Ctrl-C') && child.exitCode === null) await sleep(50)

  const [url] = /http:\S+/.exec(said) ?? []
  for (const words of [first.email, first.password, url]) expect(said).toContain(words)
  const [, address = '', type = '', body = ''] = /curl -s (\S+) -H '([^']+)' -d '([^']+)'/.exec(said) ?? []
  const [name = '', value = ''] = type.split(': ')
  expect(address.startsWith(`${url}/hooks/`)).toBe(true)
  const fired = await fetch(address, { method: 'POST', headers: { [name]: value }, body })
  expect([fired.status, await fired.json()]).toMatchObject([200, { message: expect.stringContaining('Ada') }])

  const runtimes = workerdPids()
  process.kill(-child.pid!, 'SIGINT') // as a terminal does: everybody at once
  const [code] = await exited
  expect(code).toBe(0)
  expect(runtimes.filter(isAlive)).toEqual([])
})

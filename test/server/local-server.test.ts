// One installation and what happens to it, in order: every test goes on with the data folder the one before left.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

const workerdPid = () => Number(readFileSync(join(dataDir, 'runtime.pid'), 'utf8'))

/** Whether a process runs. One that ended and was not yet collected has no command line any more. */
function isAlive(pid: number): boolean {
  const commandLine = `/proc/${pid}/cmdline`
  return existsSync(commandLine) && readFileSync(commandLine, 'utf8') !== ''
}

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

test('everything is as it was after the power was cut', async () => {
  await server.kill9()
  server = await startServer({ dataDir })
  expect({ ...server.demo, url: '', hookUrl: '' }).toEqual({ ...first, url: '', hookUrl: '' })
  expect((await ask('/api/v2/me')).status).toBe(200)
})

test('a server that was killed alone leaves a workerd behind, and the next one does not mind', async () => {
  const orphan = workerdPid()
  process.kill(server.pid, 'SIGKILL')
  server = await startServer({ dataDir })
  expect(isAlive(orphan)).toBe(false)
  expect((await ask('/api/v2/me')).status).toBe(200)
})

test('a workerd whose server was killed ends by itself', async () => {
  const orphan = workerdPid()
  process.kill(server.pid, 'SIGKILL')
  await expect.poll(() => isAlive(orphan), { timeout: 20_000 }).toBe(false)
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

  const runtime = workerdPid()
  process.kill(-child.pid!, 'SIGINT') // as a terminal does: everybody at once
  const [code] = await exited
  expect(code).toBe(0)
  expect(isAlive(runtime)).toBe(false)
})

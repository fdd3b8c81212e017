import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { root } from '../../scripts/paths.ts'
import { openDataFolder } from '../../scripts/server/data-folder.ts'
import { dataDir, host, logLevel, port, SettingError } from '../../scripts/server/environment.ts'
import { startServer } from '../../scripts/server/start-server.ts'

const folders: string[] = []

afterEach(() => {
  vi.unstubAllEnvs()
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

function emptyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'leat-settings-'))
  folders.push(folder)
  return folder
}

describe('a variable of the environment', () => {
  test.each(['abc', '-1', '70000', '8787.5', '0x50', '1e3'])('PORT=%s is refused in words', (value) => {
    vi.stubEnv('PORT', value)
    expect(port).toThrow(SettingError)
    expect(port).toThrow(`PORT is "${value}". It must be a number from 1 to 65535`)
  })

  test('that is set to nothing counts as not set', () => {
    for (const name of ['PORT', 'HOST', 'LEAT_DATA', 'LEAT_LOG']) vi.stubEnv(name, '')
    expect([port(), host(), dataDir(), logLevel()]).toEqual([8787, '127.0.0.1', join(root, '.leat'), 'warn'])
  })

  test('LEAT_LOG is one of the levels', () => {
    vi.stubEnv('LEAT_LOG', 'loud')
    expect(logLevel).toThrow('It must be one of debug, log, info, warn, error.')
  })
})

describe('starting', () => {
  const options = { port: 1, vars: {}, hasDemo: false, log: () => {} }

  test('on an address that this machine has not says which setting it was', async () => {
    const starting = startServer({ ...options, dataDir: emptyFolder(), host: '192.0.2.1', port: 50_123 })
    await expect(starting).rejects.toThrow('HOST is "192.0.2.1", which is no address of this machine.')
  })

  test('in a folder that is a file, or below one, says so', async () => {
    const file = join(emptyFolder(), 'file')
    writeFileSync(file, '')
    await expect(openDataFolder(file)).rejects.toThrow(`${file} cannot keep the data: it is a file.`)
    await expect(openDataFolder(join(file, 'below'))).rejects.toThrow('there is a file on the way to it')
  })
})

describe('a command', () => {
  const run = (args: string[], env: Record<string, string> = {}) => {
    const options = { encoding: 'utf8', env: { ...process.env, ...env } } as const
    const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/run.js'), ...args], options)
    return { status, stderr }
  }

  test('that does not exist is answered with those that do', () => {
    for (const name of ['nope', '--help', 'paths', '../vitest.config']) {
      const { status, stderr } = run([name])
      expect([status, stderr]).toEqual([
        1,
        expect.stringContaining(`There is no command "${name}". There are start, dev`),
      ])
    }
  })

  test('refuses what it does not know, before it does anything', () => {
    expect(run(['start', '--port', '3000'])).toEqual({
      status: 1,
      stderr: expect.stringContaining(
        '"--port" means nothing here: this command takes no options. Settings are variables: PORT',
      ),
    })
    expect(run(['test', 'nope'])).toEqual({
      status: 1,
      stderr: expect.stringContaining('There are check, build, node, web'),
    })
    const { status, stderr } = run(['bench', '--nope'])
    expect([status, stderr]).toEqual([1, expect.stringContaining("Unknown option '--nope'")])
    expect(stderr).toContain('There are --quick, --json')
    expect(stderr).not.toContain('    at ')
  })

  test('is told which setting is wrong in one line', () => {
    const data = { LEAT_DATA: emptyFolder() }
    const allowed = run(['start'], { ...data, LEAT_EGRESS_ALLOW: 'http://localhost:3000' })
    expect(allowed).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^LEAT_EGRESS_ALLOW is .* host:port, such as.*\n$/),
    })
    expect(run(['dev'], { ...data, LEAT_LOG: 'loud' })).toMatchObject({ status: 1 })
    expect(run(['start'], { ...data, PORT: 'abc' })).toEqual({
      status: 1,
      stderr: expect.stringMatching(/^PORT is "abc"\..*\n$/),
    })
  })
})

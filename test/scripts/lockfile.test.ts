import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { completeLockfile, listMissing, type Lockfile } from '../../scripts/lock/complete-lockfile.ts'
import { root } from '../../scripts/paths.ts'

const readLockfile = (): Lockfile => JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'))

test('npm ci accepts the lockfile on every system (if not: npm run lock)', () => {
  expect(listMissing(readLockfile().packages).map(({ name }) => name)).toEqual([])
})

test('the lockfile is that of package.json', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(readLockfile().packages['']).toMatchObject({ dependencies, devDependencies })
})

test('what a mirror left out comes back with the system its name says', () => {
  const packages: Lockfile['packages'] = {
    'node_modules/runner': {
      version: '2.0.0',
      dev: true,
      optionalDependencies: {
        '@runner/linux-arm64-musl': '2.0.0',
        '@runner/windows-64': '2.0.0',
        '@runner/here': '1.0.0',
      },
    },
    'node_modules/runner/node_modules/@runner/here': { version: '1.0.0', dev: true, optional: true },
  }
  expect(completeLockfile({ packages })).toEqual(['@runner/linux-arm64-musl', '@runner/windows-64'])
  expect(packages['node_modules/@runner/linux-arm64-musl']).toEqual({
    version: '2.0.0',
    cpu: ['arm64'],
    dev: true,
    libc: ['musl'],
    optional: true,
    os: ['linux'],
  })
  expect(packages['node_modules/@runner/windows-64']).toEqual({
    version: '2.0.0',
    cpu: ['x64'],
    dev: true,
    optional: true,
    os: ['win32'],
  })
  expect(completeLockfile({ packages })).toEqual([])
})

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { completeLockfile, listMissing, type Lockfile } from '../../scripts/lock/complete-lockfile.ts'
import { root } from '../../scripts/paths.ts'

const lockfile = join(root, 'package-lock.json')
const readLockfile = (): Lockfile => JSON.parse(readFileSync(lockfile, 'utf8'))

interface Manifest {
  dependencies: Record<string, string>
  devDependencies: Record<string, string>
  /** Packages that may execute something of theirs while they are installed. */
  allowScripts: Record<string, boolean>
}

/** What npm writes down of a package besides what completing the lockfile needs. */
interface Installed {
  integrity?: string
  hasInstallScript?: boolean
  dev?: boolean
  optional?: boolean
  devOptional?: boolean
}

test('npm ci accepts the lockfile on every system (if not: npm run lock)', () => {
  expect(listMissing(readLockfile().packages).map(({ name }) => name)).toEqual([])
})

test('the lockfile is that of package.json', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  expect(readLockfile().packages['']).toMatchObject({ dependencies, devDependencies })
})

describe('N2: what is installed', () => {
  const { dependencies, devDependencies, allowScripts }: Manifest = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const { packages }: { packages: Record<string, Installed> } = JSON.parse(readFileSync(lockfile, 'utf8'))
  const installed = Object.entries(packages).filter(([place]) => place !== '')
  const nameOf = (place: string) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length)

  test('is one exact version of each package', () => {
    const floating = Object.entries({ ...dependencies, ...devDependencies }).filter(
      ([, version]) => !/^\d[\w.-]*$/.test(version),
    )
    expect(floating).toEqual([])
  })

  test('is told by its hash, but for what only other systems install', () => {
    const unknown = installed.filter(
      ([, { integrity, optional }]) => optional !== true && !integrity?.startsWith('sha512-'),
    )
    expect(unknown.map(([place]) => place)).toEqual([])
  })

  test('executes nothing while it is installed, but for what package.json allows', () => {
    const executing = installed.filter(([, { hasInstallScript }]) => hasInstallScript).map(([place]) => nameOf(place))
    expect([...new Set(executing)].filter((name) => allowScripts[name] !== true)).toEqual([])
  })

  test('is sixty packages at most in what is deployed', () => {
    const deployed = installed.filter(([, { dev, optional, devOptional }]) => !dev && !optional && !devOptional)
    expect(deployed.length).toBeLessThanOrEqual(60)
  })
})

test.each([
  ['hono', '4.12.27'],
  ['@sveltejs/kit', '2.70.2'],
  ['devalue', '5.8.1'],
  ['better-auth', '1.7.0'],
  ['jsonata', undefined],
  ['liquidjs', undefined],
])('N3: %s has no version with a known hole', (name, floor) => {
  const versions = Object.entries(readLockfile().packages)
    .filter(([place]) => place.endsWith(`node_modules/${name}`))
    .map(([, { version }]) => version)
  if (floor === undefined) expect(versions).toEqual([])
  else expect(versions.filter((version) => version === undefined || isOlder(version, floor))).toEqual([])
})

function isOlder(version: string, floor: string): boolean {
  const [ours, theirs] = [version, floor].map((text) => text.split('-')[0]!.split('.').map(Number))
  const at = ours!.findIndex((part, i) => part !== theirs![i])
  return at >= 0 && ours![at]! < theirs![at]!
}

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

export interface LockedPackage {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  dependencies?: Record<string, string>
  optionalDependencies?: Record<string, string>
}

export interface Lockfile {
  packages: Record<string, LockedPackage>
}

interface Missing {
  name: string
  version: string
  by: LockedPackage
}

/** Adds the optional packages that are asked for and absent. Returns their names. Throws where one names no system. */
export function completeLockfile({ packages }: Lockfile): string[] {
  const missing = listMissing(packages)
  for (const { name, version, by } of missing) {
    const { os, cpu, libc } = systemOf(name)
    // In the order in which npm writes them, so that its next change is not all of them.
    packages[`node_modules/${name}`] = {
      version,
      cpu: [cpu],
      ...(by.dev === true && { dev: true }),
      ...(libc !== undefined && { libc: [libc] }),
      optional: true,
      os: [os],
    }
  }
  sortKeys(packages)
  return missing.map(({ name }) => name)
}

/** Optional packages that some package asks for and that are nowhere it would look. */
export function listMissing(packages: Lockfile['packages']): Missing[] {
  return Object.entries(packages).flatMap(([place, by]) =>
    Object.entries(by.optionalDependencies ?? {})
      .filter(([name]) => !placesSeenFrom(place).some((seen) => `${seen}node_modules/${name}` in packages))
      .map(([name, version]) => ({ name, version, by })),
  )
}

/** Where a package's dependencies are looked for: beside it and in every folder above. */
function placesSeenFrom(place: string): string[] {
  const parts = place.split('node_modules/').slice(1)
  return [
    ...parts.map((_, at) => `node_modules/${parts.slice(0, at + 1).join('node_modules/')}`.replace(/\/?$/, '/')),
    '',
  ]
}

const systems: Record<string, string> = { windows: 'win32' }
const processors: Record<string, string> = { '64': 'x64' }

/** `@oxfmt/binding-linux-arm64-musl` is for Linux on arm64 with musl. */
function systemOf(name: string): { os: string; cpu: string; libc: string | undefined } {
  const match = /(android|darwin|freebsd|linux|openharmony|win32|windows)-([a-z0-9]+)(?:-(\w+))?$/.exec(name)
  if (match === null) throw new Error(`${name} does not say which system it is for.`)
  const [, os = '', cpu = '', abi = ''] = match
  const libc = abi.startsWith('musl') ? 'musl' : os === 'linux' && abi.startsWith('gnu') ? 'glibc' : undefined
  return { os: systems[os] ?? os, cpu: processors[cpu] ?? cpu, libc }
}

function sortKeys(packages: Lockfile['packages']): void {
  const sorted = Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en'))
  for (const name of Object.keys(packages)) delete packages[name]
  Object.assign(packages, Object.fromEntries(sorted))
}

// The architecture, as far as a machine can hold us to it. A new folder fails until it is given its line here; a boundary
// that moves is a visible diff.

import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../scripts/paths.ts'
import { type Import, readSources, type Source } from './support/source.ts'

interface Layer {
  /** Folders it may import. */
  uses: string[]
  /** Folders it may name the types of, and nothing more: gone when the code runs. */
  names?: string[]
  /** Packages it may import. */
  packages: RegExp
}

const core = ['contract', 'lib']
const rules = [
  ...core,
  'engine',
  'expressions',
  'triggers',
  'tenancy',
  'causality',
  'contacts',
  'enrolment',
  'concurrency',
]

/** Who may import whom. Read it top to bottom: each line uses only lines above it. */
const layers: Record<string, Layer> = {
  contract: { uses: [], packages: /^zod$/ },
  lib: { uses: ['contract'], packages: /^node:crypto$/ },
  engine: { uses: core, packages: /^$/ },
  progress: { uses: [...core, 'engine'], packages: /^$/ },
  expressions: { uses: core, packages: /^(acorn|re2js)$/ },
  calendar: { uses: [...core, 'expressions'], packages: /^$/ },
  triggers: { uses: core, names: ['engine'], packages: /^$/ },
  tenancy: { uses: core, packages: /^$/ },
  causality: { uses: core, packages: /^$/ },
  contacts: { uses: [...core, 'expressions'], packages: /^$/ },
  enrolment: { uses: [...core, 'expressions'], packages: /^$/ },
  concurrency: { uses: [...core, 'expressions'], names: ['engine'], packages: /^$/ },
  approvals: { uses: core, packages: /^$/ },
  outbound: { uses: core, packages: /^$/ },
  nodes: { uses: [...core, 'approvals', 'contacts', 'engine', 'expressions', 'calendar'], packages: /^zod$/ },
  simulate: { uses: [...core, 'engine', 'triggers'], packages: /^$/ },
  egress: { uses: core, names: ['nodes'], packages: /^$/ },
  store: { uses: [...core, 'tenancy', 'contacts'], packages: /^drizzle-orm/ },
  vault: { uses: [...core, 'tenancy', 'store'], packages: /^$/ },
  usecases: {
    uses: [...rules, 'progress', 'approvals', 'calendar', 'nodes', 'simulate', 'store', 'vault'],
    packages: /^zod$/,
  },
  runtime: {
    uses: [...rules, 'approvals', 'outbound', 'nodes', 'egress', 'store', 'vault', 'usecases'],
    names: ['env.ts'],
    packages: /^cloudflare:workers$/,
  },
  api: {
    uses: [...core, 'tenancy', 'nodes', 'store', 'vault', 'usecases'],
    names: ['env.ts'],
    packages: /^(hono|@hono\/|zod$|better-auth|@better-auth\/|@scalar\/|node:async_hooks$)/,
  },
}

interface Feature extends Layer {
  /** What of it other folders may import; everything, where nothing is said. Pages may import all of it. */
  shares?: string[]
}

const svelte = ['svelte(/|$)', '@lucide/svelte', '\\$app/']
const packages = (...more: string[]) => new RegExp(`^(${[...svelte, ...more].join('|')})`)
const base = ['ui', 'api', 'session']

/**
 * The same for `web/src/lib`: first what knows no feature, then what is said and drawn of a thing on more pages than its
 * own, then features that only pages use. Routes are above all of them.
 */
const features: Record<string, Feature> = {
  ui: { uses: [], packages: packages('bits-ui$') },
  api: { uses: [], packages: /^$/ },
  session: { uses: ['ui', 'api'], packages: packages() },
  retry: { uses: ['ui', 'api'], packages: packages() },
  workflows: {
    uses: ['ui', 'api'],
    packages: packages(),
    shares: [
      'can-be-called.ts',
      'known-workflows.svelte.ts',
      'sample-graph.ts',
      'workflow-actions.ts',
      'workflow-status.ts',
    ],
  },
  sharing: { uses: base, packages: packages(), shares: ['ShareWorkflow.svelte'] },
  enrolment: { uses: ['ui', 'api'], packages: packages(), shares: ['enrolment-words.ts'] },
  graph: { uses: ['ui', 'workflows'], packages: packages('@xyflow/') },
  executions: {
    uses: [...base, 'workflows', 'graph'],
    packages: packages(),
    shares: [
      'ExecutionStatus.svelte',
      'FailureNotice.svelte',
      'StepDetail.svelte',
      'execution-status.ts',
      'failure-words.ts',
      'parse-payload.ts',
    ],
  },
  approvals: { uses: base, packages: packages(), shares: [] },
  calendars: { uses: base, packages: packages(), shares: [] },
  contacts: { uses: base, packages: packages(), shares: [] },
  'dead-letters': { uses: [...base, 'executions'], packages: packages(), shares: [] },
  joining: { uses: base, packages: packages(), shares: [] },
  outbound: { uses: base, packages: packages(), shares: [] },
  settings: { uses: [...base, 'retry'], packages: packages(), shares: [] },
  variables: { uses: base, packages: packages(), shares: [] },
  builder: {
    uses: [...base, 'retry', 'workflows', 'sharing', 'enrolment', 'graph', 'executions'],
    packages: packages('@xyflow/', '@codemirror/', 'zod$'),
    shares: [],
  },
}

/** Files beside the folders: what the bindings are called, and the one place where everything is put together. */
const atTheTop = ['env.ts', 'index.ts']

const worker = readSources('worker')
const web = readSources('web/src')

const layerOf = (path: string) => path.split('/')[1] ?? ''
/** A folder of `web/src/lib`; undefined for a page. */
const featureOf = (path: string) => /^web\/src\/lib\/([^/]+)\//.exec(path)?.[1]
const line = (source: Source, { target }: Import) => `${source.path} -> ${target}`

test('every folder of the Worker has its line in the table, and every line its folder', () => {
  const folders = new Set(worker.map(({ path }) => layerOf(path)))
  expect([...folders].toSorted()).toEqual([...Object.keys(layers), ...atTheTop].toSorted())
})

test('every folder of the web app has its line in the table, and every line its folder', () => {
  const folders = new Set(web.map(({ path }) => featureOf(path)).filter((name) => name !== undefined))
  expect([...folders].toSorted()).toEqual(Object.keys(features).toSorted())
})

test.each([layers, features])('each line of the table uses only lines above it', (table) => {
  const above: string[] = []
  for (const [name, { uses }] of Object.entries(table)) {
    expect(
      uses.filter((used) => !above.includes(used)),
      name,
    ).toEqual([])
    above.push(name)
  }
})

test('every import of the Worker points down the layers', () => {
  const upward = worker.flatMap((source) => {
    const from = layerOf(source.path)
    const layer = layers[from]
    if (layer === undefined) return []
    return source.imports
      .filter(({ target, isOurs, isTypeOnly }) => {
        if (!isOurs) return !layer.packages.test(target)
        const to = layerOf(target)
        return to !== from && !layer.uses.includes(to) && !(isTypeOnly && (layer.names ?? []).includes(to))
      })
      .map((imported) => line(source, imported))
  })
  expect(upward).toEqual([])
})

test('every import between features of the web app points down, to what they share', () => {
  const isAllowed = (from: string, { target, isOurs }: Import) => {
    const feature = features[from]
    if (feature === undefined || target.startsWith('worker/')) return true
    if (!isOurs) return feature.packages.test(target)
    const to = featureOf(target)
    if (to === from) return true
    const shares = features[to ?? '']?.shares
    return (
      to !== undefined && feature.uses.includes(to) && (shares?.includes(target.split('/').slice(4).join('/')) ?? true)
    )
  }
  const found = web.flatMap((source) =>
    source.imports
      .filter((imported) => !isAllowed(featureOf(source.path) ?? '', imported))
      .map((imported) => line(source, imported)),
  )
  expect(found).toEqual([])
})

test('what a feature of the web app shares is used by another', () => {
  const between = web.flatMap(({ path, imports }) =>
    imports
      .filter(({ target }) => featureOf(path) !== undefined && featureOf(path) !== featureOf(target))
      .map(({ target }) => target),
  )
  const shared = Object.entries(features).flatMap(([name, { shares = [] }]) =>
    shares.map((file) => `web/src/lib/${name}/${file}`),
  )
  expect(shared.filter((path) => !between.includes(path))).toEqual([])
})

test('env.ts names types and imports nothing that runs', () => {
  const env = worker.filter(({ path }) => path === 'worker/env.ts')
  expect(
    env.flatMap((source) => source.imports.filter(({ isTypeOnly }) => !isTypeOnly).map((i) => line(source, i))),
  ).toEqual([])
})

test('no import of the Worker or of the web app leads back to where it came from', () => {
  const sources = new Map([...worker, ...web].map((source) => [source.path, source]))
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: string[]) => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
    if (done.has(path) || trail.includes(path)) return
    for (const { target, isOurs, isTypeOnly } of sources.get(path)?.imports ?? []) {
      // A component may contain itself: that is how Svelte draws a tree.
      if (isOurs && !isTypeOnly && target !== path) visit(target, [...trail, path])
    }
    done.add(path)
  }
  for (const path of sources.keys()) visit(path, [])
  expect(cycles).toEqual([])
})

test('the engine, the simulator and what measures progress know no clock, no chance, no network and no waiting', () => {
  const impure =
    /^(Date\.now|new Date\(\)|performance\.|Math\.random|crypto|fetch|await|setTimeout|setInterval|queueMicrotask|process\.|globalThis)/
  const found = worker
    .filter(({ path }) => ['engine', 'progress', 'simulate'].includes(layerOf(path)))
    .flatMap(({ path, globals }) => [...globals].filter((name) => impure.test(name)).map((name) => `${path}: ${name}`))
  expect(found).toEqual([])
})

test('C5: only egress fetches from the outside', () => {
  const outbound = /^(fetch|(globalThis|self)\.fetch|connect|WebSocket|EventSource)$/
  const found = worker
    .filter(({ path }) => layerOf(path) !== 'egress')
    .flatMap(({ path, globals }) =>
      [...globals].filter((name) => outbound.test(name)).map((name) => `${path}: ${name}`),
    )
  expect(found).toEqual([])
})

test('C8: the networks of one machine are in the hands of egress alone', () => {
  const found = worker
    .filter(({ path }) => layerOf(path) !== 'egress' && path !== 'worker/env.ts')
    .filter(({ path }) => /(PUBLIC|ALLOWED)_NETWORK/.test(readFileSync(join(root, path), 'utf8')))
  expect(found.map(({ path }) => path)).toEqual([])
})

/** Makes schemas when it is loaded. */
const hasSchemas = ({ imports }: Source) => imports.some(({ target, isTypeOnly }) => target === 'zod' && !isTypeOnly)

test('what the contract says without a schema stands among its facts, and loads nothing', () => {
  const isFact = (path: string) => path.startsWith('worker/contract/facts/')
  const loaded = worker
    .filter(({ path }) => isFact(path))
    .flatMap((source) =>
      source.imports
        .filter(({ target, isTypeOnly }) => !isTypeOnly && !isFact(target))
        .map((imported) => line(source, imported)),
    )
  expect(loaded).toEqual([])
  const beside = worker
    .filter((source) => layerOf(source.path) === 'contract' && hasSchemas(source))
    .flatMap(({ path }) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/^export (?:const|function) ([a-z]\w*)/gm)].map(
        ([, name]) => `${path}: ${name}`,
      ),
    )
  // Functions that make schemas.
  expect(beside).toEqual([
    'worker/contract/error.ts: envelope',
    'worker/contract/error.ts: page',
    'worker/contract/whole-text.ts: wholeText',
  ])
})

/** What the Worker loads when it starts: files of ours, and packages. The API comes with the first request that needs it. */
const loadedAtStart = (() => {
  const sources = new Map(worker.map((source) => [source.path, source]))
  const loaded = new Set(['worker/index.ts'])
  for (const path of loaded) {
    for (const { target, isTypeOnly, isLazy } of sources.get(path)?.imports ?? []) {
      if (!isTypeOnly && !isLazy) loaded.add(target)
    }
  }
  return loaded
})()

test('the Worker starts without the packages of the API', () => {
  const packages = [...loadedAtStart].filter((target) => !target.startsWith('worker/'))
  expect(packages.toSorted()).toEqual([
    'acorn',
    'cloudflare:workers',
    'drizzle-orm',
    'drizzle-orm/d1',
    'drizzle-orm/sqlite-core',
    'node:crypto',
    're2js',
    'zod',
  ])
})

test('the Worker starts with the schemas it parses with before the API is loaded, and with no others', () => {
  const schemas = worker.filter((source) => layerOf(source.path) === 'contract' && hasSchemas(source))
  expect(
    schemas
      .map(({ path }) => path.slice('worker/contract/'.length))
      .filter((name) => loadedAtStart.has(`worker/contract/${name}`))
      .toSorted(),
  ).toEqual([
    // Who is asked, in the params of an approval.
    'approver.ts',
    // What a signed token of ours says.
    'cause.ts',
    // Stored graphs, and what they are made of.
    'concurrency.ts',
    'condition.ts',
    'enrolment.ts',
    'graph.ts',
    'id.ts',
    'json.ts',
    'whole-text.ts',
  ])
})

test('a node type makes the schema of its params when it is used, and not when it is loaded', () => {
  const made = worker
    .filter(({ path }) => layerOf(path) === 'nodes')
    .flatMap(({ path }) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/^(?:export )?const (\w+)[^=\n]*= z\b/gm)].map(
        ([, name]) => `${path}: ${name}`,
      ),
    )
  expect(made).toEqual(['worker/nodes/params/any-json.ts: anyJson'])
})

test('L2: databases are opened in one place, which keeps values out of errors', () => {
  const opens = worker.filter(({ imports }) =>
    imports.some(({ target, isTypeOnly }) => target === 'drizzle-orm/d1' && !isTypeOnly),
  )
  expect(opens.map(({ path }) => path)).toEqual(['worker/store/database.ts'])
})

test('no part of the Worker builds code out of text', () => {
  const found = worker.flatMap(({ path, globals }) =>
    [...globals].filter((name) => /^(eval|Function|new Function\(\))$/.test(name)).map((name) => `${path}: ${name}`),
  )
  expect(found).toEqual([])
})

test('nothing is exported that nobody uses', () => {
  const sources = globSync('{worker,web/src,scripts,test}/**/*.{ts,js,svelte}', { cwd: root }).map((path) => {
    const text = readFileSync(join(root, path), 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '')
    return { path, text, words: text.match(/[\w$]+/g) ?? [] }
  })
  const uses = new Map<string, number>()
  for (const word of sources.flatMap(({ words }) => words)) uses.set(word, (uses.get(word) ?? 0) + 1)
  // Tables are read by the tool that makes migrations; what routes export, by SvelteKit.
  const ours = sources.filter(
    ({ path }) => /^(worker|web)\//.test(path) && !/store\/schema\/|\/\+(page|layout)/.test(path),
  )
  const unused = ours.flatMap(({ path, text }) =>
    [...text.matchAll(/^export (?:abstract |async )*(?:const|let|function\*?|class|interface|type) (\w+)/gm)]
      .map(([, name = '']) => name)
      .filter((name) => uses.get(name) === 1)
      .map((name) => `${path}: ${name}`),
  )
  expect(unused).toEqual([])
})

test('G11: what a module keeps for all requests is nobody’s in particular', () => {
  const kept = worker.flatMap(({ path }) =>
    [...readFileSync(join(root, path), 'utf8').matchAll(/^(?:export )?let (\w+)/gm)].map(
      ([, name]) => `${path}: ${name}`,
    ),
  )
  expect(kept.toSorted()).toEqual([
    // A comparison of texts by one language, made when it is first used.
    'worker/expressions/functions/text-forms.ts: collator',
    // The application, put together for the first request.
    'worker/index.ts: app',
    // How much of a pool of random bytes is used up.
    'worker/lib/random-bytes.ts: used',
    // What node types there are.
    'worker/nodes/describe-node-types.ts: described',
    // What an isolate remembers, each thing under the organization it is of.
    'worker/runtime/isolate.ts: current',
  ])
})

test('H1, H5: no text becomes markup or code, and nothing is taken from another window', () => {
  const markup =
    /\{@html|innerHTML|outerHTML|insertAdjacentHTML|document\.write|srcdoc|javascript:|createContextualFragment/
  const found = web.flatMap(({ path, globals }) => [
    ...(markup.test(readFileSync(join(root, path), 'utf8')) ? [path] : []),
    ...[...globals]
      .filter((name) =>
        /^(eval|Function|new Function\(\)|postMessage|onmessage|window\.(postMessage|onmessage|opener))$/.test(name),
      )
      .map((name) => `${path}: ${name}`),
  ])
  expect(found).toEqual([])
})

/** What of the Worker also runs in the browser: each pure, each with nothing above it in the table. */
const inBothWorlds = [
  /^worker\/contract\//,
  /^worker\/expressions\//,
  /^worker\/calendar\//,
  /^worker\/engine\/(projection|appended)\.ts$/,
  /^worker\/nodes\/(validate-graph|compile-node)\.ts$/,
  /^worker\/lib\/unreachable\.ts$/,
]

test('the web app knows of the Worker only what runs in both worlds', () => {
  const isKnown = ({ target, isTypeOnly }: Import) =>
    target.startsWith('web/') ||
    (isTypeOnly && layerOf(target) === 'engine') ||
    inBothWorlds.some((known) => known.test(target))
  const found = web.flatMap((source) =>
    source.imports
      .filter((imported) => (imported.isOurs ? !isKnown(imported) : imported.target.startsWith('#')))
      .map((imported) => line(source, imported)),
  )
  expect(found).toEqual([])
})

test('what the browser runs asks nothing of Node but what it has a stand-in for', () => {
  const sources = new Map([...worker, ...web].map((source) => [source.path, source]))
  const reached = new Set(web.map(({ path }) => path))
  const asked = new Set<string>()
  for (const path of reached) {
    for (const { target, isOurs, isTypeOnly } of sources.get(path)?.imports ?? []) {
      if (isTypeOnly) continue
      if (isOurs) reached.add(target)
      else if (/^(node|cloudflare):/.test(target)) asked.add(target)
    }
  }
  const config = readFileSync(join(root, 'web/vite.config.ts'), 'utf8')
  const standIns = [...config.matchAll(/'(node:\w+)':/g)].map(([, name]) => name)
  expect([...asked]).toEqual(standIns)
})

test('the local databases and the objects of wrangler.toml are those of the Worker', () => {
  const config = readFileSync(join(root, 'wrangler.toml'), 'utf8')
  const env = readFileSync(join(root, 'worker/env.ts'), 'utf8')
  const declared = [...env.matchAll(/^ {2}([A-Z][A-Z_]+)\??:/gm)].map(([, name]) => name)
  const configured = [
    ...[...config.matchAll(/^(?:binding|name) = "([A-Z][A-Z_]+)"/gm)].map(([, name]) => name),
    ...[...config.matchAll(/^(LEAT_[A-Z_]+) = /gm)].map(([, name]) => name),
    ...[...config.matchAll(/^# {3}(LEAT_[A-Z_]+) /gm)].map(([, name]) => name),
    // Given by the local server only.
    'LEAT_SETUP_TOKEN',
    'PUBLIC_NETWORK',
    'ALLOWED_NETWORK',
  ]
  expect(new Set(declared)).toEqual(new Set(configured))
})

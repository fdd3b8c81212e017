// with-outages
//
// The built Worker behind a module that stands between it and its databases, so that D1 can be made to fail on a running
// server. The product has no code for that, and its modules are the very ones that `npm start` serves: only the main
// module is another, which hands every handler and object an `env` whose databases can be told to fail.

import { join } from 'node:path'
import type { V4WorkerOptions } from 'miniflare'
import { readBundle } from '../../server/bundle.ts'

/**
 * POST here, with `until` (epoch ms), `databases` (names of bindings, comma-separated), `how` (as `phases.ts` has it) and
 * `slowMs` (what a slow statement takes) in the query: these fail in that way until then.
 */
export const outagePath = '/--database-outage'

/** The same Workers, with databases that can fail in the first of them. */
export function withOutages(workers: V4WorkerOptions[]): V4WorkerOptions[] {
  const { options, modules, modulesRoot } = readBundle()
  const classes = Object.values(options.durableObjects ?? {}).map((object) =>
    typeof object === 'string' ? object : object.className,
  )
  const databases = Object.keys(options.d1Databases ?? {})
  const contents = mainModule(classes, databases)
  const [first, ...others] = workers
  if (first === undefined) throw new Error('There is no Worker.')
  const main = { type: 'ESModule' as const, path: join(modulesRoot, 'with-outages.js'), contents }
  return [{ ...first, modules: [main, ...modules] }, ...others]
}

/** JavaScript, because it is served as it is. One isolate serves, consumes and holds all objects of one machine. */
function mainModule(classes: readonly string[], databases: readonly string[]): string {
  return `
import worker, * as exported from './index.js'
export * from './index.js'

let failing = { names: [], until: 0, how: 'all', slowMs: 0 }
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))
const isWriting = (query) => /\\b(INSERT|UPDATE|DELETE|REPLACE)\\b/i.test(query)

function isStruck(isWrite) {
  if (failing.how === 'reads') return !isWrite
  if (failing.how === 'writes') return isWrite
  return failing.how === 'all' || Math.random() < 0.5
}

/** As D1 says it, and not at once. */
async function check(name, isWrite) {
  if (Date.now() >= failing.until || !failing.names.includes(name)) return
  if (failing.how === 'slow') return sleep(failing.slowMs)
  if (!isStruck(isWrite)) return
  await sleep(5 + Math.random() * 45)
  throw new Error('D1_ERROR: D1 DB is overloaded. Requests queued for too long.')
}

const originals = new WeakMap()

function wrapStatement(name, isWrite, statement) {
  const asked = (method) => async (...args) => (await check(name, isWrite), statement[method](...args))
  const wrapped = {
    bind: (...values) => wrapStatement(name, isWrite, statement.bind(...values)),
    first: asked('first'),
    all: asked('all'),
    run: asked('run'),
    raw: asked('raw'),
  }
  originals.set(wrapped, { statement, isWrite })
  return wrapped
}

function wrapDatabase(name, database) {
  return {
    prepare: (query) => wrapStatement(name, isWriting(query), database.prepare(query)),
    batch: async (statements) => {
      const some = statements.map((each) => originals.get(each))
      await check(name, some.some(({ isWrite }) => isWrite))
      return database.batch(some.map(({ statement }) => statement))
    },
    exec: async (query) => (await check(name, true), database.exec(query)),
    withSession: () => wrapDatabase(name, database),
  }
}

const wrappedEnvs = new WeakMap()

function wrap(env) {
  let wrapped = wrappedEnvs.get(env)
  if (wrapped === undefined) {
    wrapped = { ...env }
    for (const name of ${JSON.stringify(databases)}) wrapped[name] = wrapDatabase(name, env[name])
    wrappedEnvs.set(env, wrapped)
  }
  return wrapped
}

export default {
  fetch(request, env, ctx) {
    const url = new URL(request.url)
    if (url.pathname !== '${outagePath}') return worker.fetch(request, wrap(env), ctx)
    const { databases, how, until, slowMs } = Object.fromEntries(url.searchParams)
    failing = { names: databases.split(','), how, until: Number(until), slowMs: Number(slowMs) }
    return new Response(null, { status: 204 })
  },
  queue: (batch, env, ctx) => worker.queue(batch, wrap(env), ctx),
  scheduled: (controller, env, ctx) => worker.scheduled(controller, wrap(env), ctx),
}
${classes
  .map(
    (name) => `
export class ${name} extends exported.${name} {
  constructor(ctx, env) {
    super(ctx, wrap(env))
  }
}`,
  )
  .join('\n')}
`
}

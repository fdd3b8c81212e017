// npm run bench: how fast it is, against an empty Worker and a bare Durable Object on the same server.
//
//   npm run bench                 a few minutes, on a server it starts itself
//   npm run bench -- --quick      under 45 seconds
//   npm run bench -- --json       the last line is one JSON object of rates
//   npm run bench -- --url http://localhost:8787 [--api-key leat_…]
//                                 a server that runs already; the key is that of .leat/demo.json where none is given.
//                                 Start it with LEAT_EGRESS_ALLOW=127.0.0.1:8790, or workflows may not call the bench.
//   npm run bench -- --only syncPure,object --rounds 2
//                                 these phases and their references, and nothing else
//
//   npm run bench -- --only ack --profile
//                                 where the server's time goes in these phases, instead of how fast they are
//
// docs/performance.md says what the figures mean.

import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { benchEngine } from './bench/engine.ts'
import { benchEntrance } from './bench/entrance.ts'
import { benchFsync } from './bench/fsync.ts'
import { startGenerator } from './bench/load/start-generator.ts'
import { onlyPhases, performPhases, type Measurement, type Phase } from './bench/phase.ts'
import { connectInspector } from './bench/profile/inspector.ts'
import { summarize } from './bench/profile/summarize.ts'
import { toJson, toProfileTable, toTable } from './bench/report.ts'
import { serverPhases, type Extent, type ServerPhase } from './bench/server-phases.ts'
import { joinTarget, startTarget, type Target } from './bench/target.ts'
import { webFirstLoadKb } from './bench/web-first-load.ts'
import { checkStartup } from './build/check-startup.ts'
import { ensureBuilt } from './build/ensure-built.ts'
import { startSink } from './prove/sink/start-sink.ts'
import { readOptions } from './read-options.ts'
import { readBundle } from './server/bundle.ts'
import type { Demo } from './server/demo.ts'
import { dataDir } from './server/environment.ts'

const { values } = readOptions({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    url: { type: 'string' },
    'api-key': { type: 'string' },
    only: { type: 'string' },
    rounds: { type: 'string' },
    profile: { type: 'boolean', default: false },
  },
})

const extents: Record<'quick' | 'full', Extent & { rounds: number; withinMs: number; engineMs: number }> = {
  quick: { rounds: 2, withinMs: 24_000, pingMs: 400, productMs: 800, objectMs: 800, events: 800, engineMs: 150 },
  full: {
    rounds: 5,
    withinMs: Infinity,
    pingMs: 2_000,
    productMs: 4_000,
    objectMs: 4_000,
    events: 5_000,
    engineMs: 1_500,
  },
}
const extent = extents[values.quick ? 'quick' : 'full']
const isWhole = values.only === undefined
const rounds = values.rounds === undefined ? extent.rounds : Number(values.rounds)

/** Where a server that was started for it lets workflows reach the bench. */
const sinkPortBesideServer = 8790

const say = (text: string) => process.stderr.write(`${text}\n`)

function openTarget(sinkHost: string): Promise<Target> {
  if (values.url === undefined) return startTarget({ egressAllow: sinkHost, inspect: values.profile })
  const url = values.url.replace(/\/$/, '')
  const file = join(dataDir(), 'demo.json')
  const demo = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Demo) : undefined
  const apiKey = values['api-key'] ?? demo?.apiKey
  if (apiKey === undefined) {
    say(`Name a key with --api-key: there is no ${file}.`)
    process.exit(1)
  }
  return joinTarget({ url, apiKey, demo: apiKey === demo?.apiKey ? { ...demo, url } : undefined })
}

function describe(name: string, { rate, latencyMs, cpuMs, errors, samples }: Measurement): string {
  const cpu = cpuMs === null ? '' : `, ${cpuMs.toFixed(2)} ms CPU`
  const failed =
    Object.keys(errors).length === 0 ? '' : `  failed: ${JSON.stringify(errors)} ${JSON.stringify(samples)}`
  return `${name.padEnd(10)} ${rate.toFixed(0).padStart(6)}/s, p95 ${latencyMs.p95.toFixed(1)} ms${cpu}${failed}`
}

/** What is measured on a running server; undefined where it was profiled instead. */
async function benchServer() {
  const sink = await startSink({ ledger: null, port: values.url === undefined ? 0 : sinkPortBesideServer })
  const generator = startGenerator()
  const target = await openTarget(sink.host)
  try {
    const phases = await serverPhases(target, generator, sink.url, extent)
    const wanted = values.only === undefined ? phases : onlyPhases(phases, values.only.split(','))
    if (values.profile) return await profilePhases(wanted, target)
    const server = await performPhases(wanted, {
      rounds,
      withinMs: extent.withinMs,
      onMeasured: (name, measurement) => say(describe(name, measurement)),
    })
    const { demo } = target
    return {
      server,
      entrancePing: isWhole ? await benchEntrance(generator, extent.pingMs) : null,
      webFirstLoadKb: isWhole && demo !== undefined ? await firstLoadKb(demo) : null,
    }
  } finally {
    await Promise.allSettled([generator.stop(), sink.stop(), target.stop()])
  }
}

async function profilePhases(phases: readonly Phase<ServerPhase>[], { inspector: url }: Target) {
  if (url === undefined) throw new Error('Only a server that the bench starts can be profiled.')
  const modules = new Map(readBundle().modules.map(({ path, contents }) => [basename(path), String(contents)]))
  const inspector = await connectInspector(url, 'leat')
  for (const { name, against, measure } of phases) {
    if (against === undefined) continue
    await measure(1)
    const profile = await inspector.profile(() => measure(1))
    process.stdout.write(`\n${name}\n${toProfileTable(summarize(profile, modules))}\n`)
  }
  inspector.close()
  return undefined
}

async function firstLoadKb(demo: Demo): Promise<number | null> {
  try {
    return await webFirstLoadKb(demo)
  } catch (error) {
    say(`The web app's first load could not be measured: ${String(error)}`)
    return null
  }
}

async function startupMs(): Promise<number | null> {
  const startup = await checkStartup()
  if (!startup.isOk) say(startup.output)
  return startup.isOk ? startup.activeMs : null
}

if (values.url === undefined) await ensureBuilt((title) => say(`Building the ${title}…`))
const fsyncMs = benchFsync()
const ofServer = await benchServer()
if (ofServer !== undefined) {
  const figures = {
    fsyncMs,
    ...ofServer,
    engine: isWhole ? benchEngine({ ms: extent.engineMs }) : null,
    startupMs: isWhole ? await startupMs() : null,
  }
  process.stdout.write(`${toTable(figures)}\n`)
  if (values.json) process.stdout.write(`${JSON.stringify(toJson(figures))}\n`)
}

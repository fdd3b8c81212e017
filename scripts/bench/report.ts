import { cpus, loadavg } from 'node:os'
import type { EngineRates } from './engine.ts'
import { goals, isMet, type Goal } from './goals.ts'
import type { Result } from './phase.ts'
import type { Share, Summary } from './profile/summarize.ts'
import type { ServerPhase } from './server-phases.ts'

/** Everything one bench measured. */
export interface Figures {
  fsyncMs: number
  server: Partial<Record<ServerPhase, Result>>
  /** Requests a second to an empty Worker behind Miniflare's own entrance. */
  entrancePing: number | null
  engine: EngineRates | null
  startupMs: number | null
  webFirstLoadKb: number | null
}

/** The figures as one flat object of rates, with the ratios, latencies and CPU times beside them. */
export function toJson({ fsyncMs, server, entrancePing, engine, startupMs, webFirstLoadKb }: Figures) {
  const results = Object.entries(server)
  const each = <Value>(pick: (result: Result) => Value): Partial<Record<string, Value>> =>
    Object.fromEntries(results.map(([name, result]) => [name, pick(result)]))
  const flat = {
    ...each(({ rate }) => rounded(rate)),
    entrancePing: entrancePing === null ? null : rounded(entrancePing),
    ...Object.fromEntries(Object.entries(engine ?? {}).map(([name, value]) => [name, rounded(value)])),
    startupMs,
    webFirstLoadKb,
    ratios: Object.fromEntries(
      results.flatMap(([name, { ratio }]) => (ratio === undefined ? [] : [[name, rounded(ratio)]])),
    ),
    cpuMs: each(({ cpuMs }) => (cpuMs === null ? null : rounded(cpuMs))),
    latencyMs: each(({ latencyMs: { p50, p95, p99 } }) => ({
      p50: rounded(p50),
      p95: rounded(p95),
      p99: rounded(p99),
    })),
    errors: each(({ errors }) => errors),
    machine: {
      cpus: cpus().length,
      model: cpus()[0]?.model ?? '',
      load: rounded(loadavg()[0] ?? 0),
      fsyncMs: rounded(fsyncMs),
    },
  }
  const missed = goals.filter((goal) => {
    const value = valueOf(flat, goal)
    return value !== null && !isMet(goal, value)
  })
  return { ...flat, missed: missed.map(({ figure }) => figure) }
}

/** The same for people. */
export function toTable(figures: Figures): string {
  const flat = toJson(figures)
  const phases = Object.entries(figures.server).map(([name, { rate, latencyMs, cpuMs, ratio, errors }]) => {
    const failed = Object.values(errors).reduce((sum, count) => sum + count, 0)
    return [
      name,
      `${format(rate)}/s`,
      ratio === undefined ? '' : ratio.toFixed(3),
      ...[latencyMs.p50, latencyMs.p95, latencyMs.p99].map((ms) => ms.toFixed(1)),
      cpuMs === null ? '' : cpuMs.toFixed(2),
      failed === 0 ? '' : String(failed),
    ]
  })
  const kept = goals.map((goal) => {
    const value = valueOf(flat, goal)
    const wanted = goal.atLeast === undefined ? `≤ ${goal.atMost}` : `≥ ${format(goal.atLeast)}`
    const verdict = value === null ? '–' : isMet(goal, value) ? '✓' : '✗'
    return [verdict, goal.what, value === null ? 'not measured' : `${format(value)} ${goal.unit}`, wanted]
  })
  const { machine } = flat
  return [
    `${machine.cpus} × ${machine.model}, load ${machine.load}, ${machine.fsyncMs} ms to make 4 kB durable`,
    columns([['', 'rate', 'ratio', 'p50 ms', 'p95 ms', 'p99 ms', 'CPU ms', 'failed'], ...phases]),
    columns([['', 'goal', 'reached', 'wanted'], ...kept]),
    ...(figures.entrancePing === null
      ? []
      : [
          `An empty Worker behind Miniflare's own entrance, where neither it nor the product is: ${format(figures.entrancePing)}/s.`,
        ]),
  ].join('\n\n')
}

/** A profile for people: what is worth a look. */
export function toProfileTable({ places, functions, inclusive }: Summary): string {
  const list = (title: string, shares: readonly Share[], count: number) => [
    [title, ''],
    ...shares.slice(0, count).map(({ name, share }) => [name, `${(share * 100).toFixed(1)} %`]),
    ['', ''],
  ]
  return columns([
    ...list('by place', places, 25),
    ...list('by function, itself', functions, 30),
    ...list('by function, with all it calls', inclusive, 50),
  ])
}

function valueOf(flat: object, { figure }: Goal): number | null {
  let value: unknown = flat
  for (const part of figure.split('.')) {
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[part] : undefined
  }
  return typeof value === 'number' ? value : null
}

function columns(rows: string[][]): string {
  const widths = rows[0]!.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at]!))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function format(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : String(rounded(value))
}

/** Three digits after the point where they say something. */
function rounded(value: number): number {
  return value >= 100 ? Math.round(value) : Math.round(value * 1_000) / 1_000
}

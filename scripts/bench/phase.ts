// phase
//
// A bench is a list of phases that is gone through several times. Phases are short and references stand between them:
// what else the machine does then falls on both, and each measurement is compared with the references beside it.

import type { Outcome } from './load/load.ts'

const warmUpShare = 0.4

/** One stretch of load on one thing. */
export interface Measurement {
  /** Per second. */
  rate: number
  latencyMs: Outcome['latencyMs']
  /** CPU time the server spent per request, in ms, with what it did after the answer; null where that is unknown. */
  cpuMs: number | null
  errors: Record<string, number>
  samples: Record<string, string>
}

export interface Phase<Name extends string> {
  name: Name
  /** The reference its rate is compared with; absent for a reference. */
  against?: Name
  /** With a `share` below 1, by so much less: to warm up. */
  measure(share: number): Promise<Measurement>
}

/** What all the rounds say of one phase. */
export interface Result extends Measurement {
  /** Share of the reference's rate: the median over the rounds. Absent for a reference. */
  ratio?: number
}

export interface Course<Name> {
  rounds: number
  /** No round after the first begins that would end later than this, by how long the one before took. */
  withinMs: number
  /** Hears of each measurement that counts. */
  onMeasured(name: Name, measurement: Measurement): void
}

/** Warms up, goes through all phases several times, and sums up. */
export async function performPhases<Name extends string>(
  phases: readonly Phase<Name>[],
  { rounds, withinMs, onMeasured }: Course<Name>,
): Promise<Partial<Record<Name, Result>>> {
  const startedAt = performance.now()
  const measured: { phase: Phase<Name>; measurement: Measurement }[] = []
  const names = new Set<Name>()
  for (const { name, measure } of phases) if (names.size < names.add(name).size) await measure(warmUpShare)
  let roundMs = 0
  for (let round = 0; round < rounds; round++) {
    const roundAt = performance.now()
    if (roundAt - startedAt + roundMs > withinMs && round > 0) break
    for (const phase of phases) {
      const measurement = await phase.measure(1)
      onMeasured(phase.name, measurement)
      measured.push({ phase, measurement })
    }
    roundMs = performance.now() - roundAt
  }

  const results: Partial<Record<Name, Result>> = {}
  for (const { name, against } of phases) {
    const own = measured.flatMap(({ phase, measurement }) => (phase.name === name ? [measurement] : []))
    const ratios = measured.flatMap(({ phase, measurement }, index) => {
      if (phase.name !== name || phase.against === undefined) return []
      const beside = [measured.slice(0, index).toReversed(), measured.slice(index + 1)].flatMap((side) => {
        const reference = side.find((other) => other.phase.name === phase.against)
        return reference === undefined ? [] : [reference.measurement.rate]
      })
      return beside.length === 0 ? [] : [measurement.rate / mean(beside)]
    })
    results[name] = { ...summed(own), ...(against === undefined ? {} : { ratio: median(ratios) }) }
  }
  return results
}

function summed(measurements: readonly Measurement[]): Measurement {
  const cpu = measurements.flatMap(({ cpuMs }) => (cpuMs === null ? [] : [cpuMs]))
  const latency = (key: keyof Outcome['latencyMs']) => median(measurements.map(({ latencyMs }) => latencyMs[key]))
  const errors: Record<string, number> = {}
  for (const one of measurements) {
    for (const [kind, count] of Object.entries(one.errors)) errors[kind] = (errors[kind] ?? 0) + count
  }
  return {
    rate: median(measurements.map(({ rate }) => rate)),
    latencyMs: { p50: latency('p50'), p95: latency('p95'), p99: latency('p99'), max: latency('max') },
    cpuMs: cpu.length === 0 ? null : median(cpu),
    errors,
    samples: Object.assign({}, ...measurements.map(({ samples }) => samples)) as Record<string, string>,
  }
}

/** These phases with the references they are compared with; references that then stand side by side are one. */
export function onlyPhases<Name extends string>(
  phases: readonly Phase<Name>[],
  wanted: readonly string[],
): Phase<Name>[] {
  const product = phases.filter(({ name, against }) => against !== undefined && wanted.includes(name))
  const references = new Set(product.map(({ against }) => against))
  const kept = phases.filter((phase) => product.includes(phase) || references.has(phase.name))
  return kept.filter(({ name }, index) => kept[index - 1]?.name !== name)
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : mean(sorted.slice(middle - 1, middle + 1))
}

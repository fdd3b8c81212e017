// prove storm
//
// What all storms have in common: a stage, the judge of the power cuts over all that was sent, called and shown, and what a
// storm adds of its own. A violation is a broken promise; a goal is a figure that a machine may be too busy for.

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Evidence } from '../kill/evidence.ts'
import { judge, type Verdict } from '../kill/judge.ts'
import { percentiles, type Percentiles } from '../kill/percentiles.ts'
import { openStage, type Stage, type StageOptions } from './stage.ts'

/** How a storm is ordered. */
export interface StormOrder {
  seed: number
  /** Small enough for a test: the promises are judged, the goals are not. */
  isQuick: boolean
  /** How much of its full size it has, from 0 to 1: for a machine with little time. All of it where none is said. */
  share?: number
  say(line: string): void
}

export interface StormViolation {
  oracle: string
  event: string
  what: string
}

/** A figure that is not to be exceeded. */
export interface Goal {
  what: string
  measured: number
  atMost: number
}

/** What a storm has to show for itself. */
export interface Played {
  evidence: Evidence
  violations: StormViolation[]
  goals: Goal[]
  figures: Record<string, unknown>
}

export interface StormReport {
  isOk: boolean
  seed: number
  events: { sent: number; acknowledged: number; deliveries: number }
  executions: number
  calls: { made: number; distinct: number; repeated: Verdict['repeated'] }
  outages: number
  restartMs: Percentiles
  figures: Record<string, unknown>
  goals: (Goal & { isMet: boolean })[]
  violationCount: number
  /** The first of them. */
  violations: StormViolation[]
  /** Where everything is kept when something was wrong. */
  keptIn?: string
  /** What the last server wrote, when something was wrong. */
  log?: string
}

/** Plays a storm and judges it. */
export async function proveStorm(
  { seed, isQuick }: StormOrder,
  options: StageOptions,
  play: (stage: Stage) => Promise<Played>,
): Promise<StormReport> {
  const stage = await openStage(options)
  let isKept = true
  try {
    const { evidence, figures, ...own } = await play(stage)
    const { violations: common, repeated } = judge(evidence)
    const violations = [...common, ...own.violations]
    const goals = own.goals.map((goal) => ({ ...goal, isMet: goal.measured <= goal.atMost }))
    const isOk = violations.length === 0 && (isQuick || goals.every(({ isMet }) => isMet))
    isKept = violations.length > 0
    if (isKept) writeFileSync(join(stage.folder, 'evidence.json'), JSON.stringify(evidence))
    const { sent, acknowledged, calls, executions } = evidence
    return {
      isOk,
      seed,
      events: {
        sent: sent.length,
        acknowledged: new Set(acknowledged.map(({ event }) => event)).size,
        deliveries: acknowledged.length,
      },
      executions: executions.length,
      calls: { made: calls.length, distinct: new Set(calls.map(({ key }) => key)).size, repeated },
      outages: stage.outages.length,
      restartMs: percentiles(stage.restartMs),
      figures,
      goals,
      violationCount: violations.length,
      violations: violations.slice(0, 20),
      ...(isKept ? { keptIn: stage.folder, log: stage.log().slice(-4_000) } : {}),
    }
  } finally {
    await stage.close(isKept)
  }
}

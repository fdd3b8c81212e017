import type { ConditionGroup } from '../../contract/condition.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import type { Guard, LoopBehaviour, LoopSummary, Outcome, Scope } from '../../engine/behaviour.ts'
import { compileGroup } from '../params/compile-group.ts'
import { compileWritten } from '../params/compile-params.ts'
import { errorData } from '../params/error-data.ts'
import { body, done, type CommonParams } from './loop-params.ts'

interface Loop extends CommonParams {
  range: LoopBehaviour['range']
  goesOn?: Guard | null
  asksFirst?: boolean
  breakCondition?: ConditionGroup | undefined
  continueCondition?: ConditionGroup | undefined
  atOnce?: number
}

/** What all loops have in common, made ready once. Never throws. */
export function compileLoop(loop: Loop): LoopBehaviour {
  const { collect, result, errorHandling, maxIterations, atLimit, breakCondition, continueCondition } = loop
  const keeps = collect !== 'nothing'
  return {
    kind: 'loop',
    body: body.name,
    range: loop.range,
    goesOn: loop.goesOn ?? null,
    asksFirst: loop.asksFirst ?? false,
    skips: guardOf(continueCondition),
    breaks: guardOf(breakCondition),
    collect: collect === 'expression' ? compileWritten(result, 'result') : null,
    keeps,
    atOnce: loop.atOnce ?? 1,
    maxIterations,
    failsAtLimit: atLimit === 'fail',
    stopsAtFailure: errorHandling === 'stop',
    combine: (summary) => ({
      ...summarized(summary, errorHandling === 'collect'),
      ...(keeps && { collected: 'results' }),
    }),
  }
}

/** A loop whose params are wrong: it says so when its turn comes. */
export function brokenLoop(failure: unknown): LoopBehaviour {
  return compileLoop({
    collect: 'nothing',
    result: '',
    errorHandling: 'stop',
    maxIterations: 1,
    atLimit: 'fail',
    range() {
      throw failure
    },
  })
}

/** Conditions that are not given, or empty, decide nothing. */
function guardOf(
  conditions: ConditionGroup | undefined,
): ((scope: Scope) => { result: boolean; because: Json }) | null {
  return conditions === undefined || conditions.conditions.length === 0 ? null : compileGroup(conditions)
}

function summarized({ done: ended, skipped, failures, stopped }: LoopSummary, keepsErrors: boolean): Outcome {
  const errors = failures.map(({ index, item, failure }) => ({ index, item, error: errorData(failure) }))
  const output: JsonObject = {
    count: ended - failures.length,
    skipped,
    failed: failures.length,
    stopped: stoppedBy(stopped),
    ...(keepsErrors && { errors }),
  }
  return { output, port: done.name, ...(stopped !== null && { because: stopped }) }
}

function stoppedBy(stopped: Json): Json {
  return typeof stopped === 'object' && stopped !== null && !Array.isArray(stopped) ? (stopped['by'] ?? null) : null
}

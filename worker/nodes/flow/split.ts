import { z } from 'zod'
import { ConditionGroup } from '../../contract/condition.ts'
import type { GraphNode } from '../../contract/graph.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import type { Outcome, Scope } from '../../engine/behaviour.ts'
import { seededFraction } from '../../lib/seeded-fraction.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { defineInline, type ParamProblem } from '../define.ts'
import { compileGroup, type Decision } from '../params/compile-group.ts'
import { compileWritten, deferred } from '../params/compile-params.ts'
import { emptyConditions } from '../params/empty-conditions.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { invalidParam, parseParams } from '../params/parse-params.ts'
import { repeatedPorts } from '../params/repeated-ports.ts'
import { wayOut } from '../params/way-out.ts'
import { drawnBy } from './drawn-by.ts'

const branch = () =>
  z.strictObject({
    port: wayOut('default').meta(field({ title: 'Key', control: 'text', expressions: false })),
    label: z
      .string()
      .max(80)
      .default('')
      .meta(field({ title: 'Name', control: 'text', expressions: false })),
    share: z
      .number()
      .min(0)
      .max(1_000_000)
      .optional()
      .meta(
        field({
          title: 'Share',
          description: 'Per cent, or a weight.',
          control: 'number',
          expressions: false,
          showWhen: { mode: ['percentage', 'weighted'] },
        }),
      ),
    conditions: ConditionGroup.optional().meta(
      field({ title: 'When', control: 'conditions', showWhen: { mode: 'conditional' } }),
    ),
  })
type Branch = ParamsOf<typeof branch>

const splitParams = lazySchema(() =>
  z.strictObject({
    mode: z
      .enum(['percentage', 'weighted', 'conditional'])
      .default('percentage')
      .meta(
        field({
          title: 'By',
          control: 'select',
          labels: { percentage: 'Percentages', weighted: 'Chance', conditional: 'Conditions' },
          expressions: false,
        }),
      ),
    branches: z
      .array(branch())
      .max(50)
      .meta(
        field({
          title: 'Branches',
          description: 'Each has a share, or the conditions under which it is taken: the first that fits.',
          control: 'rows',
        }),
      ),
    key: z
      .string()
      .max(4_096)
      .default('')
      .meta(
        field({
          title: 'The same way for',
          description: 'Who has the same value here always goes the same way. Left empty, each execution draws anew.',
          control: 'expression',
          placeholder: 'trigger.body.contactId',
          showWhen: { mode: 'percentage' },
        }),
      ),
  }),
)
type SplitParams = ParamsOf<typeof splitParams>

export const split = defineInline({
  type: 'flow.split',
  title: 'Split',
  description: 'Sends a share each way: for an A/B test, by chance, or by conditions.',
  family: 'flow',
  icon: 'dices',
  aliases: ['ab test', 'a/b', 'random', 'random path', 'percentage', 'weight', 'experiment', 'variant'],
  params: splitParams,
  defaultParams: {
    mode: 'percentage',
    branches: [
      { port: 'a', label: 'A', share: 50 },
      { port: 'b', label: 'B', share: 50 },
    ],
  },
  check: checkSplit,
  ports: [{ name: 'default', label: 'Otherwise' }],
  portsFrom: 'branches',
  summary: '{mode}: {branches}',
  sampleOutput: { branch: 'a' },
  compile(node) {
    return { kind: 'pure', evaluate: deferred(() => compileSplit(node)) }
  },
})

function checkSplit(given: JsonObject): ParamProblem[] {
  const { params } = parseParams(splitParams(), given)
  const { mode, branches } = params
  if (branches.length === 0) {
    return [{ severity: 'error', code: 'split.empty', message: 'Add at least one branch.', path: ['branches'] }]
  }
  return [
    ...repeatedPorts(branches, 'branches'),
    ...(mode === 'conditional' ? checkConditions(branches) : checkShares(params)),
  ]
}

function checkConditions(branches: readonly Branch[]): ParamProblem[] {
  return branches.flatMap(({ conditions }, index): ParamProblem[] => {
    const path = ['branches', index, 'conditions']
    if (conditions !== undefined) return emptyConditions(conditions, path)
    const message = 'This branch is never taken: say when.'
    return [{ severity: 'warning', code: 'split.never', message, path }]
  })
}

function checkShares({ mode, branches }: SplitParams): ParamProblem[] {
  const problems = branches.flatMap(({ share }, index): ParamProblem[] => {
    if (share !== undefined) return []
    const message = mode === 'percentage' ? 'Say how many per cent go this way.' : 'Say how much it weighs.'
    return [{ severity: 'error', code: 'split.no_share', message, path: ['branches', index, 'share'] }]
  })
  if (problems.length > 0) return problems
  const total = sumOf(branches)
  const say = (severity: 'error' | 'warning', code: string, message: string): ParamProblem[] => {
    return [{ severity, code, message, path: ['branches'] }]
  }
  if (mode === 'weighted')
    return total > 0 ? [] : say('error', 'split.no_weight', 'At least one branch must weigh something.')
  if (total > 100)
    return say('error', 'split.over_100', `The branches add up to ${total} %, which is more than there is.`)
  if (total === 100) return []
  return say('warning', 'split.under_100', `The branches add up to ${total} %; the rest goes “Otherwise”.`)
}

/** Exact to six decimals, so that 33.3 + 33.3 + 33.4 is 100. */
function sumOf(branches: readonly Branch[]): number {
  return branches.reduce((sum, { share = 0 }) => sum + Math.round(share * 1e6), 0) / 1e6
}

function compileSplit(node: GraphNode): (scope: Scope, path?: string) => Outcome {
  // Only the conditions and the key hold expressions, and they are evaluated where they are used.
  const { params } = parseParams(splitParams(), node.params)
  const { mode, branches } = params
  const sum = sumOf(branches)
  switch (mode) {
    case 'percentage': {
      const key = params.key.trim() === '' ? null : compileWritten(params.key, 'key')
      const total = Math.max(100, sum)
      return (scope) => {
        const value = key === null ? drawnBy(scope) : keyOf(key(scope))
        // With a key the way is the same in every execution and version; without one, at every visit of an execution.
        const drawn = seededFraction(`${scope.workflow.id}|${node.id}|${value}`) * total
        return goes(branchAt(branches, drawn), { drawn: rounded(drawn), ...(key !== null && { key: value }) })
      }
    }
    case 'weighted':
      return (scope, path = node.id) => {
        const drawn = seededFraction(`${drawnBy(scope)}|${path}`) * sum
        return goes(branchAt(branches, drawn), { drawn: rounded(drawn), of: sum })
      }
    case 'conditional':
      return byConditions(branches)
    default:
      return unreachable(mode)
  }
}

/** The branch in whose stretch a number lies, with the stretches laid end to end; undefined beyond the last. */
function branchAt(branches: readonly Branch[], drawn: number): Branch | undefined {
  let end = 0
  return branches.find(({ share = 0 }) => drawn * 1e6 < (end += Math.round(share * 1e6)))
}

function byConditions(branches: readonly Branch[]): (scope: Scope) => Outcome {
  const guarded = branches.flatMap((each) =>
    // A branch that says nothing would take everything, which nobody means by leaving it empty.
    each.conditions === undefined ? [] : [{ each, decide: compileGroup(each.conditions) }],
  )
  return (scope) => {
    let decision: Decision | undefined
    for (const { each, decide } of guarded) {
      decision = decide(scope)
      if (decision.result) return goes(each, decision.because)
    }
    return goes(undefined, decision?.because ?? [])
  }
}

function goes(branch: Branch | undefined, because: Json): Outcome {
  const port = branch?.port ?? 'default'
  return { output: { branch: port }, port, because }
}

function keyOf(value: Json): string {
  if (typeof value === 'string' || typeof value === 'number') return String(value)
  throw invalidParam('key', `must give a text or a number, not ${value === null ? 'nothing' : typeof value}`)
}

function rounded(drawn: number): number {
  return Math.round(drawn * 100) / 100
}

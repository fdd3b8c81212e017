import { z } from 'zod'
import { ConditionGroup } from '../../contract/condition.ts'
import type { GraphNode } from '../../contract/graph.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import type { Scope } from '../../engine/behaviour.ts'
import { defineInline, type ParamProblem } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { compileGroup, type Decision } from '../params/compile-group.ts'
import { deferred } from '../params/compile-params.ts'
import { emptyConditions } from '../params/empty-conditions.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { parseParams } from '../params/parse-params.ts'
import { wayOut } from '../params/way-out.ts'

const switchCase = () =>
  z.strictObject({
    port: wayOut('default').meta(field({ title: 'Key', control: 'text', expressions: false })),
    label: z
      .string()
      .max(80)
      .default('')
      .meta(field({ title: 'Name', control: 'text', expressions: false })),
    equals: anyJson.optional().meta(field({ title: 'Equals', control: 'json' })),
    conditions: ConditionGroup.optional().meta(field({ title: 'And when', control: 'conditions' })),
  })

const switchParams = lazySchema(() =>
  z.strictObject({
    value: z
      .string()
      .max(4_096)
      .default('')
      .meta(
        field({
          title: 'Value',
          description: 'What the cases are compared with. Not needed where each case has conditions.',
          control: 'field',
          placeholder: 'trigger.body.type',
        }),
      ),
    cases: z
      .array(switchCase())
      .max(200)
      .meta(field({ title: 'Cases', description: 'The first that fits is taken, from the top.', control: 'cases' })),
  }),
)

export const switch_ = defineInline({
  type: 'flow.switch',
  title: 'Switch',
  description: 'Goes one of several ways: the first case that fits, or the way for everything else.',
  family: 'flow',
  icon: 'split',
  aliases: ['router', 'case', 'branch', 'route', 'paths'],
  params: switchParams,
  check: checkSwitch,
  defaultParams: { value: '', cases: [] },
  ports: [{ name: 'default', label: 'Otherwise' }],
  portsFrom: 'cases',
  summary: 'By {value}',
  sampleOutput: { case: 'default' },
  compile(node) {
    const choose = deferred(() => compileSwitch(node))
    return { kind: 'pure', evaluate: choose }
  },
})

function checkSwitch(given: JsonObject): ParamProblem[] {
  const { params } = parseParams(switchParams(), given)
  if (params.cases.length === 0) {
    return [{ severity: 'error', code: 'switch.empty', message: 'Add at least one case.', path: ['cases'] }]
  }
  return params.cases.flatMap(({ port, equals, conditions }, index): ParamProblem[] => {
    const problems = conditions === undefined ? [] : emptyConditions(conditions, ['cases', index, 'conditions'])
    if (params.cases.findIndex((other) => other.port === port) !== index) {
      const message = `Two cases have the key “${port}”, so no edge could tell them apart.`
      problems.push({ severity: 'error', code: 'switch.duplicate_port', message, path: ['cases', index, 'port'] })
    }
    if (equals !== undefined && params.value.trim() === '') {
      const message = 'Say what the cases are compared with.'
      problems.push({ severity: 'error', code: 'switch.no_value', message, path: ['value'] })
    }
    if (equals === undefined && conditions === undefined) {
      const message = 'This case is never taken: say what it equals, or add a condition.'
      problems.push({ severity: 'warning', code: 'switch.empty_case', message, path: ['cases', index] })
    }
    return problems
  })
}

function compileSwitch(node: GraphNode) {
  // The cases' values and conditions hold expressions that belong to the comparison; the rest is constant.
  const { params } = parseParams(switchParams(), node.params)
  const cases = params.cases.map(({ port, equals, conditions }) => ({
    port,
    decide: compileGroup({
      operator: 'AND',
      conditions: [
        ...(equals === undefined ? [] : [{ field: params.value, operator: 'equals' as const, value: equals }]),
        ...(conditions === undefined ? [] : [conditions]),
      ] as Json[],
    }),
    isEmpty: equals === undefined && conditions === undefined,
  }))

  return (scope: Scope) => {
    let decision: Decision | undefined
    for (const each of cases) {
      // A case that says nothing would take everything, which nobody means by leaving it empty.
      if (each.isEmpty) continue
      decision = each.decide(scope)
      if (decision.result) return { output: { case: each.port }, port: each.port, because: decision.because }
    }
    return {
      output: { case: 'default' },
      port: 'default',
      ...(decision === undefined ? {} : { because: decision.because }),
    }
  }
}

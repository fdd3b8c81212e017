import type { Json } from '../../contract/json.ts'
import type { Check, TestExpectations, TestStep } from '../../contract/workflow-test.ts'
import { compileExpression, ExpressionError } from '../../expressions/index.ts'
import { canonicalJson } from '../../lib/canonical-json.ts'

/** What a test showed, as far as something can be expected of it. */
export interface Shown {
  status: string
  output: Json
  triggerData: Json
  steps: readonly TestStep[]
  path: readonly string[]
  /** Epoch ms: what `now` is in expressions. */
  endedAt: number
}

/** Each thing that was expected, with what there was instead. Never throws: an expression that fails is not true. */
export function checkExpectations(expected: TestExpectations, shown: Shown): Check[] {
  const { status, output, path, visits = [], avoids = [], steps = {}, that = [] } = expected
  const visited = new Set(shown.path)
  return [
    ...(status === undefined ? [] : [equal('status', status, shown.status)]),
    ...(output === undefined ? [] : [equal('output', output, shown.output)]),
    ...(path === undefined ? [] : [equal('path', path, [...shown.path])]),
    ...visits.map((node) => equal(`visits.${node}`, true, visited.has(node))),
    ...avoids.map((node) => equal(`avoids.${node}`, true, !visited.has(node))),
    ...Object.entries(steps).flatMap(([node, wanted]) => checkStep(node, wanted, shown.steps)),
    ...that.map((source) => checkExpression(source, shown)),
  ]
}

type Wanted = NonNullable<TestExpectations['steps']>[string]

function checkStep(node: string, wanted: Wanted, all: readonly TestStep[]): Check[] {
  const visits = all.filter(({ nodeId }) => nodeId === node)
  const last = visits.at(-1)
  const { status, port, times, attempts, output, input, code } = wanted
  const about = (what: string) => `steps.${node}.${what}`
  return [
    ...(times === undefined ? [] : [equal(about('times'), times, visits.length)]),
    ...(status === undefined ? [] : [equal(about('status'), status, last?.status ?? null)]),
    ...(port === undefined ? [] : [equal(about('port'), port, last?.port ?? null)]),
    ...(attempts === undefined ? [] : [equal(about('attempts'), attempts, last?.attempt ?? null)]),
    ...(code === undefined ? [] : [equal(about('code'), code, last?.failure?.code ?? null)]),
    ...(output === undefined ? [] : [holding(about('output'), output, last?.output)]),
    ...(input === undefined ? [] : [holding(about('input'), input, last?.input)]),
  ]
}

function equal(about: string, expected: Json, actual: Json): Check {
  return { about, passed: canonicalJson(expected) === canonicalJson(actual), expected, actual }
}

function holding(about: string, expected: Json, actual: Json | undefined): Check {
  return { about, passed: actual !== undefined && holds(actual, expected), expected, actual: actual ?? null }
}

/** Whether everything that is expected is there. Lists have to be as long as expected. */
function holds(actual: Json, expected: Json): boolean {
  if (typeof expected !== 'object' || expected === null) return actual === expected
  if (typeof actual !== 'object' || actual === null) return false
  if (Array.isArray(expected)) {
    return (
      Array.isArray(actual) &&
      actual.length === expected.length &&
      expected.every((item, index) => holds(actual[index]!, item))
    )
  }
  if (Array.isArray(actual)) return false
  return Object.entries(expected).every(([key, value]) => Object.hasOwn(actual, key) && holds(actual[key]!, value))
}

function checkExpression(source: string, { status, output, triggerData, steps, endedAt }: Shown): Check {
  const about = `that ${source}`
  const outputs = Object.fromEntries(
    steps.flatMap(({ nodeId, output: given }) => (given === undefined ? [] : [[nodeId, given]])),
  )
  try {
    const scope = { trigger: triggerData, steps: outputs, output, status, now: endedAt }
    return equal(about, true, compileExpression(source).evaluate(scope))
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error
    return { about, passed: false, expected: true, actual: error.message }
  }
}

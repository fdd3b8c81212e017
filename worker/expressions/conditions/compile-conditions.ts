// compile-conditions
//
// Groups of comparisons, compiled once and evaluated many times. A group stops at the first comparison that decides it,
// and the outcome names the comparisons that decided, with the values they saw.
//
// Invariants:
//
//   C1. A missing field is a value like any other (see operators.ts) and never throws. What a computed field or value
//       throws for other reasons (`expression.type`, `expression.limit_exceeded` …) is thrown.
//   C2. Work is bounded, whatever the data: all comparisons of one evaluation share `limits.conditionFuel`, or are paid for
//       by what they are part of. Beyond it is `expression.limit_exceeded`.
//   C3. The explanation is bounded: ten comparisons, 200 characters of each value.

import type { Condition, ConditionGroup, ConditionOperator } from '../../contract/condition.ts'
import type { Json } from '../../contract/json.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { ExpressionError } from '../error.ts'
import { Evaluation, type EvaluateOptions, type ExpressionScope } from '../evaluation.ts'
import { limits } from '../limits.ts'
import { Problem } from '../problem.ts'
import { errorAt } from '../source.ts'
import { compileTemplate, type TemplateRead } from '../template.ts'
import type { Operand, Spend } from './compare.ts'
import { parseFieldPath, readPath } from './field-path.ts'
import { operators, type Operator } from './operators.ts'
import { preview } from './preview.ts'

const mostReasons = 10
const deepest = 10

/** One comparison that decided, with what it saw. */
export type Reason = {
  /** Indexes from the outermost group to the comparison. */
  path: number[]
  field: string
  operator: ConditionOperator
  /** The field's value, shortened; null where it is missing. */
  actual: Json
  /** Whether the field was there at all. */
  found: boolean
  /** The value it was compared with, shortened; null for operators that need none. */
  expected: Json
  result: boolean
}

export interface Outcome {
  result: boolean
  /** The comparisons that decided: all of them where all had to agree, else the one that settled it. */
  because: Reason[]
}

export interface Conditions {
  /** What the fields and values read from the scope, for static analysis. */
  readonly reads: readonly TemplateRead[]
  /** Throws `ExpressionError`; never for a missing field. */
  evaluate(scope: ExpressionScope, options?: EvaluateOptions): Outcome
}

type Path = readonly number[]
type Decide = (scope: ExpressionScope, options: EvaluateOptions | undefined, spend: Spend) => Outcome

/** Compiles a group. Throws `ExpressionError` whose `path` says which field or value is wrong. */
export function compileConditions(group: ConditionGroup): Conditions {
  return compileConditionsReporting(group, (error) => {
    throw error
  })
}

/** As `compileConditions`, and goes on after an error: a comparison with an error is left out. */
export function compileConditionsReporting(
  group: ConditionGroup,
  report: (error: ExpressionError) => void,
): Conditions {
  const reads: TemplateRead[] = []
  const decide = compileGroup(group, [], reads, report)
  return {
    reads,
    evaluate(scope, options) {
      const payer = options?.payer ?? new Evaluation(scope, limits.conditionFuel)
      const { result, because } = decide(scope, options, (units) => payer.spend(units))
      return { result, because: because.slice(0, mostReasons) }
    },
  }
}

function compileGroup(
  group: ConditionGroup,
  path: Path,
  reads: TemplateRead[],
  report: (error: ExpressionError) => void,
): Decide {
  const { operator } = group
  if (path.length >= deepest) {
    report(tooDeep(operator, path))
    return all([], true, true)
  }
  const members = group.conditions.flatMap((member, index) => {
    if ('conditions' in member) return compileGroup(member, [...path, index], reads, report)
    try {
      return compileComparison(member, [...path, index], reads)
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error
      report(error)
      return []
    }
  })
  switch (operator) {
    case 'AND':
      return all(members, true, true)
    case 'OR':
      return all(members, false, false)
    case 'NOT':
      return all(members, false, true)
    default:
      return unreachable(operator)
  }
}

function tooDeep(operator: string, path: Path): ExpressionError {
  const source = { text: operator, offset: 0, length: operator.length }
  const message = `Groups may be nested ${deepest} levels deep, the outermost included. Join some of these conditions in one group.`
  const error = errorAt(source, { start: 0, end: 0 }, 'expression.limit_exceeded', message)
  return error.within(placeOf(path))
}

/** Where in the outermost group a path leads, as the keys of its JSON. */
const placeOf = (path: Path) => path.flatMap((index) => ['conditions', index])

/** Goes on while members give `wanted`. Gives `whenAll` when all did, else the opposite because of the one that did not. */
function all(members: readonly Decide[], wanted: boolean, whenAll: boolean): Decide {
  return (scope, options, spend) => {
    const because: Reason[] = []
    for (const member of members) {
      const outcome = member(scope, options, spend)
      if (outcome.result !== wanted) return { result: !whenAll, because: outcome.because }
      if (because.length < mostReasons) because.push(...outcome.because)
    }
    return { result: whenAll, because }
  }
}

function compileComparison(condition: Condition, path: Path, reads: TemplateRead[]): Decide {
  const { field, operator } = condition
  const { takesValue, test, check } = operators[operator]
  const at = placeOf(path)
  const readField = compileField(field, [...at, 'field'], reads)
  const readValue = takesValue ? compileValue(condition.value ?? null, [...at, 'value'], check, reads) : () => null

  return (scope, options, spend) => {
    const actual = readField(scope, options)
    const expected = readValue(scope, options)
    const result = placing(condition.value, [...at, 'value'], () => {
      spend(2)
      return test(actual, expected, { now: scope.now, spend })
    })
    const found = actual !== undefined
    const reason = {
      path: [...path],
      field,
      operator,
      actual: preview(actual),
      found,
      expected: preview(expected),
      result,
    }
    return { result, because: [reason] }
  }
}

type ReadOperand = (scope: ExpressionScope, options: EvaluateOptions | undefined) => Operand
type At = readonly (string | number)[]

function compileField(field: string, at: At, reads: TemplateRead[]): ReadOperand {
  try {
    if (!field.includes('{{')) {
      const { path, spans } = parseFieldPath(field)
      const source = { text: field, offset: 0, length: field.length }
      reads.push({ path, spans, source, open: true, mode: 'forgiving', at: [...at] })
      return (scope) => readPath(scope, path)
    }
    const template = compileTemplate(field)
    for (const read of template.reads) reads.push({ ...read, at: [...at] })
    return (scope, options) => {
      try {
        return template.evaluate(scope, options)
      } catch (error) {
        if (error instanceof ExpressionError && isMissing(error)) return undefined
        throw error instanceof ExpressionError ? error.within(at) : error
      }
    }
  } catch (error) {
    throw error instanceof ExpressionError ? error.within(at) : error
  }
}

function isMissing({ code }: ExpressionError): boolean {
  return code === 'expression.missing_path' || code === 'expression.step_not_run'
}

function compileValue(value: Json, at: At, check: Operator['check'], reads: TemplateRead[]): ReadOperand {
  try {
    const template = compileTemplate(value)
    for (const read of template.reads) reads.push({ ...read, at: [...at, ...read.at] })
    if (!template.isConstant) {
      return (scope, options) => {
        try {
          return template.evaluate(scope, options)
        } catch (error) {
          throw error instanceof ExpressionError ? error.within(at) : error
        }
      }
    }
    placing(value, [], () => {
      const complaint = check?.(value)
      if (complaint !== undefined) throw new Problem('expression.value', complaint)
    })
    return () => value
  } catch (error) {
    throw error instanceof ExpressionError ? error.within(at) : error
  }
}

/** Gives a problem with a comparison's value its place: the value as a whole. */
function placing<Result>(value: Json | undefined, at: At, work: () => Result): Result {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const text = typeof value === 'string' ? value : JSON.stringify(value ?? null)
    const source = { text, offset: 0, length: text.length }
    throw errorAt(source, { start: 0, end: text.length }, error.code, error.message).within(at)
  }
}

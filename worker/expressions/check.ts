import type { ConditionGroup } from '../contract/condition.ts'
import type { Json } from '../contract/json.ts'
import { unknownRoot } from './compile/root.ts'
import { compileConditionsReporting } from './conditions/compile-conditions.ts'
import type { ExpressionError, ExpressionErrorData } from './error.ts'
import { errorAt, written } from './source.ts'
import { listNames, nearestName } from './suggest.ts'
import { compileReporting, type TemplateRead } from './template.ts'

/** What is known where a template will be evaluated. */
export interface CheckContext {
  /** Every root there is: `defaultRoots`, and more where a node adds its own. */
  knownRoots: readonly string[]
  /** Ids of the steps that come before on some way. Not checked when absent. */
  knownSteps?: readonly string[]
  /** Ids of all steps of the workflow, to tell a step that comes later from one that does not exist. */
  allSteps?: readonly string[]
  /** Names of the variables. Not checked when absent. */
  knownVars?: readonly string[]
  /** Names of the organization's variables. They can still be added, so that one which is not there is a warning. */
  knownOrganization?: readonly string[]
}

/** The roots that every step sees. */
export const defaultRoots: readonly string[] = [
  'trigger',
  'steps',
  'vars',
  'execution',
  'workflow',
  'contact',
  'contactAtStart',
  'organization',
  'now',
]

/**
 * What is wrong with a template, as far as can be said without running it: mistakes of syntax, unknown names, wrong
 * numbers of arguments, roots, steps and variables that are not there. Each problem has its `path` in the value and
 * its `position` in the text there.
 */
export function checkTemplate(value: Json, context: CheckContext): ExpressionErrorData[] {
  const found: ExpressionError[] = []
  const { reads } = compileReporting(value, (error) => found.push(error))
  return inOrder([...found, ...checkReads(reads, context)])
}

/** As `checkTemplate`, for a group of conditions; besides, values that the operator cannot use. */
export function checkConditions(group: ConditionGroup, context: CheckContext): ExpressionErrorData[] {
  const found: ExpressionError[] = []
  const { reads } = compileConditionsReporting(group, (error) => found.push(error))
  return inOrder([...found, ...checkReads(reads, context)])
}

function inOrder(errors: readonly ExpressionError[]): ExpressionErrorData[] {
  return errors.map(({ data }) => ({ ...data, path: data.path ?? [] }))
}

function checkReads(reads: readonly TemplateRead[], context: CheckContext): ExpressionError[] {
  return reads.flatMap((read) => {
    const error =
      checkRoot(read, context) ??
      checkStep(read, context) ??
      checkVar(read, context) ??
      checkOrganization(read, context)
    return error === undefined ? [] : [error.within(read.at)]
  })
}

function checkRoot({ path, spans, source }: TemplateRead, { knownRoots }: CheckContext): ExpressionError | undefined {
  const root = String(path[0])
  const [span = { start: 0, end: 0 }] = spans
  return knownRoots.includes(root) ? undefined : unknownRoot(source, root, span, knownRoots)
}

function checkStep({ path, spans, source }: TemplateRead, context: CheckContext): ExpressionError | undefined {
  const { knownSteps, allSteps = [] } = context
  const [root, id] = path
  if (root !== 'steps' || id === undefined || knownSteps === undefined || knownSteps.includes(String(id)))
    return undefined
  const span = spans[1] ?? { start: 0, end: 0 }
  const extra = { missingPath: written(source, span) }
  if (allSteps.includes(String(id))) {
    const message = `The step “${id}” does not come before this one, so it has no result here.`
    return errorAt(source, span, 'expression.step_not_run', message, extra)
  }
  const suggestion = nearestName(String(id), knownSteps)
  const hint = suggestion === undefined ? '' : ` Did you mean “${suggestion}”?`
  const have =
    knownSteps.length === 0 ? 'No step comes before this one.' : `Steps before this one: ${listNames(knownSteps)}.`
  return errorAt(source, span, 'expression.unknown_name', `There is no step “${id}”.${hint} ${have}`, {
    ...extra,
    ...(suggestion === undefined ? {} : { suggestion }),
  })
}

function checkVar(read: TemplateRead, { knownVars }: CheckContext): ExpressionError | undefined {
  return read.path[0] === 'vars' ? checkName(read, knownVars, 'variable') : undefined
}

function checkOrganization(read: TemplateRead, { knownOrganization }: CheckContext): ExpressionError | undefined {
  if (read.path[0] !== 'organization') return undefined
  return checkName(read, knownOrganization, 'variable of the organization', { isWarning: true })
}

function checkName(
  { path, spans, source, mode }: TemplateRead,
  known: readonly string[] | undefined,
  what: string,
  extra: { isWarning?: true } = {},
): ExpressionError | undefined {
  const [, name] = path
  if (name === undefined || known === undefined || mode === 'forgiving' || known.includes(String(name)))
    return undefined
  const span = spans[1] ?? { start: 0, end: 0 }
  const suggestion = nearestName(String(name), known)
  const hint = suggestion === undefined ? '' : ` Did you mean “${suggestion}”?`
  const have = known.length === 0 ? 'There are none.' : `There are ${listNames(known)}.`
  return errorAt(source, span, 'expression.unknown_name', `There is no ${what} “${name}”.${hint} ${have}`, {
    missingPath: written(source, span),
    ...(suggestion === undefined ? {} : { suggestion }),
    ...extra,
  })
}

import type { z } from 'zod'
import type { Json, JsonObject } from '../../contract/json.ts'
import { preciseIssues } from '../../contract/precise-issues.ts'
import { StepFailure } from '../../engine/behaviour.ts'
import { describeIssue } from '../../contract/describe-issue.ts'
import { valueAt } from '../../lib/value-at.ts'

export interface ParsedParams<Params> {
  params: Params
  /** What was given, with values brought to the kind that was asked for, as `tryParams` says. */
  input: JsonObject
}

/** Params after expressions were evaluated. Throws `StepFailure` `params.invalid` that names the first wrong param. */
export function parseParams<Schema extends z.ZodType>(
  schema: Schema,
  given: JsonObject,
): ParsedParams<z.output<Schema>> {
  const tried = tryParams(schema, given)
  if ('params' in tried) return tried
  const { issues, input } = tried
  const [issue] = issues
  const param = (issue?.path ?? []).map(String).join('.')
  const what = issue === undefined ? 'is not valid' : describeIssue(issue, valueAt(input, issue.path))
  throw invalidParam(param, what)
}

/** A failure that names the param and says what it must be: `must be a number`. */
export function invalidParam(param: string, what: string): StepFailure {
  return new StepFailure({
    kind: 'terminal',
    code: 'params.invalid',
    message: param === '' ? `The step ${what}.` : `The param "${param}" ${what}.`,
    details: { param },
  })
}

/**
 * Params, or what is wrong with them.
 *
 * An expression gives what the data holds, a number where the param is a text, say. Where nothing can be meant but the
 * other kind, it is taken for that: numbers and booleans as text, objects and lists as JSON text, a text that writes a
 * number, `true` or `false` as what it writes. Null and what is missing are never made into something.
 */
export function tryParams<Schema extends z.ZodType>(
  schema: Schema,
  given: JsonObject,
): ParsedParams<z.output<Schema>> | { issues: z.core.$ZodIssue[]; input: JsonObject } {
  const first = schema.safeParse(given)
  if (first.success) return { params: first.data, input: given }

  const input = structuredClone(given)
  let converted = false
  for (const issue of first.error.issues) {
    if (issue.code !== 'invalid_type' || issue.path.length === 0) continue
    const value = convert(valueAt(input, issue.path) as Json | undefined, issue.expected)
    if (value === undefined) continue
    const parent = valueAt(input, issue.path.slice(0, -1)) as Record<PropertyKey, Json>
    parent[issue.path.at(-1)!] = value
    converted = true
  }
  const second = converted ? schema.safeParse(input) : first
  return second.success ? { params: second.data, input } : { issues: preciseIssues(second.error.issues), input }
}

function convert(value: Json | undefined, expected: string): Json | undefined {
  if (value === undefined || value === null) return undefined
  switch (expected) {
    case 'string':
      return typeof value === 'object' ? JSON.stringify(value) : String(value)
    case 'number':
    case 'int':
      return typeof value === 'string' && /^\s*-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d{1,3})?\s*$/i.test(value)
        ? Number(value)
        : undefined
    case 'boolean':
      return value === 'true' ? true : value === 'false' ? false : undefined
    default:
      return undefined
  }
}

import { z } from 'zod'
import type { JsonObject } from '../../contract/json.ts'
import type { ParamProblem } from '../define.ts'
import { field } from '../params/field.ts'

/** One operation of a node, as its form shows it. */
export interface OperationForm {
  label: string
  /** Params that belong to it, besides those that every operation of its node has. */
  asks?: readonly string[]
  /** Params without which there is nothing to do, each with the sentence that asks for it. */
  needs?: Readonly<Record<string, string>>
}

type Params = Readonly<Record<string, unknown>>

/** The param that says which operation it is. */
export function operationParam<Name extends string>(
  operations: Readonly<Record<Name, OperationForm>>,
  { title, first }: { title: string; first: Name },
) {
  const names = Object.keys(operations) as [Name, ...Name[]]
  const labels = Object.fromEntries(names.map((name) => [name, operations[name].label]))
  return z
    .enum(names)
    .default(first as z.util.NoUndefined<Name>)
    .meta(field({ title, control: 'select', labels, expressions: false }))
}

/** `showWhen` of a param that some operations ask for. */
export function askedBy(
  operations: Readonly<Record<string, OperationForm>>,
  param: string,
): { operation: readonly string[] } {
  const asking = Object.keys(operations).filter((name) => operations[name]?.asks?.includes(param))
  return { operation: asking }
}

/** The first sentence that asks for what is not there, with the param it is about. What was computed may be empty. */
export function firstNeed({ needs = {} }: OperationForm, params: Params): { param: string; ask: string } | undefined {
  return needsOf(needs, params, (value) => value === undefined || value === '')[0]
}

/** An error for each param that the operation in the params needs and has not. */
export function checkNeeds(
  operations: Readonly<Record<string, OperationForm>>,
  params: JsonObject,
  first: string,
): ParamProblem[] {
  const { operation = first } = params
  const chosen = typeof operation === 'string' ? operations[operation] : undefined
  return needsOf(chosen?.needs ?? {}, params, isEmpty).map(({ param, ask }) => ({
    severity: 'error',
    code: 'param.missing',
    message: ask,
    path: [param],
  }))
}

function needsOf(
  needs: Readonly<Record<string, string>>,
  params: Params,
  isMissing: (value: unknown) => boolean,
): { param: string; ask: string }[] {
  return Object.entries(needs).flatMap(([param, ask]) => (isMissing(params[param]) ? [{ param, ask }] : []))
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true
  return typeof value === 'object' && Object.keys(value).length === 0
}

import type { Json } from '../../contract/json.ts'
import { StepFailure, type Outcome } from '../../engine/behaviour.ts'
import { describeKind, type Value } from '../../expressions/index.ts'
import { anyJson } from '../params/any-json.ts'
import { field } from '../params/field.ts'
import { out } from '../ports.ts'
import type { Work } from './compute.ts'

/** The params of what a node works on, and what it takes when that is missing. */
export function sourceParams({ title, placeholder, description }: SourceField) {
  return {
    source: anyJson.optional().meta(
      field({
        title,
        control: 'expression',
        placeholder,
        isNeeded: true,
        lines: 1,
        ...(description !== undefined && { description }),
      }),
    ),
    fallback: anyJson.optional().meta(
      field({
        title: 'If missing',
        description: 'Taken when there is nothing, or null. Left empty, the step fails then.',
        control: 'json',
        lines: 1,
      }),
    ),
  }
}

interface SourceField {
  title: string
  placeholder: string
  description?: string
}

interface Given {
  source?: Json | undefined
  fallback?: Json | undefined
}

/** What to work on. Throws `StepFailure` when there is nothing and nothing to take instead. */
export function sourceOf({ source, fallback }: Given, what: string): Json {
  if (source !== undefined && source !== null) return source
  if (fallback !== undefined && fallback !== '') return fallback
  const message = `There is no ${what} to work on. Give one, or say under “If missing” what to take instead.`
  throw new StepFailure({ kind: 'terminal', code: 'data.missing', message, details: { param: 'source' } })
}

/** A failure because what there is to work on is of another kind. `hint` says what to do about it. */
export function wrongSource(source: Value, wanted: string, hint = ''): StepFailure {
  const message = `This needs ${wanted}, and it is ${describeKind(source)}.${hint === '' ? '' : ` ${hint}`}`
  return new StepFailure({ kind: 'terminal', code: 'data.wrong_kind', message, details: { param: 'source' } })
}

/** A param that an operation cannot do without. `ask` is the sentence that asks for it. */
export function missingParam(param: string, ask: string): StepFailure {
  return new StepFailure({ kind: 'terminal', code: 'params.invalid', message: ask, details: { param } })
}

/** A value as what the step gives. */
export function give(work: Work, value: Value): Outcome {
  return { output: work.result(value), port: out.name }
}

import type { ConditionGroup } from '../contract/condition.ts'
import type { Json } from '../contract/json.ts'
import { compileConditionsReporting } from './conditions/compile-conditions.ts'
import { compileReporting, type TemplateRead } from './template.ts'

/**
 * The value with every written-out `steps.from` as `steps.to`. Texts that are no valid expressions, and names that
 * are computed, stay as they are.
 */
export function renameStep(value: Json, from: string, to: string): Json {
  return rewrite(value, compileReporting(value, () => undefined).reads, from, to)
}

/** As `renameStep`, for a group of conditions: in fields as well as in values. */
export function renameStepInConditions(group: ConditionGroup, from: string, to: string): ConditionGroup {
  const { reads } = compileConditionsReporting(group, () => undefined)
  return rewriteGroup(group, reads, [], from, to)
}

type Path = readonly (string | number)[]

function rewriteGroup(
  group: ConditionGroup,
  reads: readonly TemplateRead[],
  at: Path,
  from: string,
  to: string,
): ConditionGroup {
  return {
    ...group,
    conditions: group.conditions.map((member, index) => {
      const here = [...at, 'conditions', index]
      if ('conditions' in member) return rewriteGroup(member, reads, here, from, to)
      const field = rewriteText(member.field, readsAt(reads, [...here, 'field']), from, to)
      if (member.value === undefined) return { ...member, field }
      const inValue = reads
        .filter((read) => startsWith(read.at, [...here, 'value']))
        .map((read) => ({ ...read, at: read.at.slice(here.length + 1) }))
      return { ...member, field, value: rewrite(member.value, inValue, from, to) }
    }),
  }
}

function rewrite(value: Json, reads: readonly TemplateRead[], from: string, to: string, at: Path = []): Json {
  if (typeof value === 'string') return rewriteText(value, readsAt(reads, at), from, to)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item, index) => rewrite(item, reads, from, to, [...at, index]))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, rewrite(item, reads, from, to, [...at, key])]),
  )
}

function readsAt(reads: readonly TemplateRead[], at: Path): TemplateRead[] {
  return reads.filter((read) => read.at.length === at.length && startsWith(read.at, at))
}

function startsWith(path: Path, beginning: Path): boolean {
  return beginning.every((key, index) => path[index] === key)
}

function rewriteText(text: string, reads: readonly TemplateRead[], from: string, to: string): string {
  const key = /^[A-Za-z_$][\w$]*$/.test(to) ? { plain: `.${to}`, optional: `?.${to}` } : bracketed(to)
  const places = reads
    .filter(({ path }) => path[0] === 'steps' && path[1] === from)
    .map(({ spans, source }) => ({
      start: source.offset + (spans[0]?.end ?? 0),
      end: source.offset + (spans[1]?.end ?? 0),
    }))
    .sort((a, b) => b.start - a.start)
  return places.reduce((written, { start, end }) => {
    const replacement = written.slice(start, end).trimStart().startsWith('?.') ? key.optional : key.plain
    return written.slice(0, start) + replacement + written.slice(end)
  }, text)
}

function bracketed(to: string): { plain: string; optional: string } {
  const quoted = `[${JSON.stringify(to)}]`
  return { plain: quoted, optional: `?.${quoted}` }
}

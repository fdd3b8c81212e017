// references
//
// Finding and rewriting what expressions say about other steps: `steps.score.total`, `steps?.score`, `steps['score']`.
//
//   1. Only the id itself is replaced; every other character stays as the person wrote it.
//   2. Texts inside an expression ("steps.score is high") are texts, not references.
//   3. A half-typed expression is rewritten as well as it can be read, so that renaming never waits for its author.
//   4. Where a field takes an expression without braces is for the node type's schema to say, in rows as well.
//   5. An expression that uses `steps` as the parameter of a function of its own is left alone.

import type { Condition, ConditionGroup } from '#contract/condition.ts'
import type { GraphNode, NodeSettings } from '#contract/graph.ts'
import type { Json, JsonObject } from '#contract/json.ts'
import type { NodeType } from '#contract/node-type.ts'
import { expressionsIn, type Token, tokensOf } from '#lib/graph/model/expression-tokens.ts'

interface Reference {
  id: string
  start: number
  end: number
}

/**
 * Params with every reference to the renamed ids changed; the same object when there is none. Where the params' schema
 * asks for an expression, in rows as well, one stands without braces around it.
 */
export function rewriteReferences(
  params: JsonObject,
  ids: ReadonlyMap<string, string>,
  schema: JsonObject = {},
): JsonObject {
  return ids.size === 0 ? params : rewriteObject(params, ids, [schema])
}

/**
 * A node with every reference to the renamed ids changed, in its params and in its settings; the same node when there
 * is none.
 */
export function rewriteNode(
  node: GraphNode,
  ids: ReadonlyMap<string, string>,
  nodeType: NodeType | undefined,
): GraphNode {
  const params = rewriteReferences(node.params, ids, nodeType?.params)
  const settings = node.settings && rewriteSettings(node.settings, ids)
  if (params === node.params && settings === node.settings) return node
  return { ...node, params, ...(settings === undefined ? {} : { settings }) }
}

function rewriteSettings(settings: NodeSettings, ids: ReadonlyMap<string, string>): NodeSettings {
  const { executeIf, cache } = settings
  const guard = executeIf && rewriteGroup(executeIf, ids)
  const key = cache?.key === undefined ? undefined : rewriteText(cache.key, ids, false)
  if (guard === executeIf && key === cache?.key) return settings
  return {
    ...settings,
    ...(guard === undefined ? {} : { executeIf: guard }),
    ...(cache === undefined || key === undefined ? {} : { cache: { ...cache, key } }),
  }
}

function rewriteGroup(group: ConditionGroup, ids: ReadonlyMap<string, string>): ConditionGroup {
  const conditions = group.conditions.map((part) =>
    'conditions' in part ? rewriteGroup(part, ids) : rewriteOne(part, ids),
  )
  return conditions.every((part, index) => part === group.conditions[index]) ? group : { ...group, conditions }
}

function rewriteOne(condition: Condition, ids: ReadonlyMap<string, string>): Condition {
  const field = rewriteText(condition.field, ids, true)
  const value = condition.value === undefined ? undefined : rewriteValue(condition.value, ids)
  if (field === condition.field && value === condition.value) return condition
  return { ...condition, field, ...(value === undefined ? {} : { value }) }
}

function rewriteObject(
  object: JsonObject,
  ids: ReadonlyMap<string, string>,
  schemas: readonly JsonObject[],
): JsonObject {
  const entries = Object.entries(object)
  const next = entries.map(([key, item]) => {
    const inner = schemas.flatMap(({ properties = null }) =>
      isObject(properties) ? alternatives(properties[key]) : [],
    )
    return [key, rewriteValue(item, ids, inner, isPathField(object, key))] as const
  })
  return next.some(([, item], index) => item !== entries[index]?.[1]) ? Object.fromEntries(next) : object
}

/** `schemas` are those that the value may be of. */
function rewriteValue(
  value: Json,
  ids: ReadonlyMap<string, string>,
  schemas: readonly JsonObject[] = [],
  isPath = false,
): Json {
  if (typeof value === 'string') return rewriteText(value, ids, isPath || schemas.some(takesBareExpression))
  if (Array.isArray(value)) {
    const inner = schemas.flatMap(({ items }) => alternatives(items))
    const next = value.map((item) => rewriteValue(item, ids, inner))
    return next.some((item, index) => item !== value[index]) ? next : value
  }
  return isObject(value) ? rewriteObject(value, ids, schemas) : value
}

function takesBareExpression({ control }: JsonObject): boolean {
  return control === 'expression' || control === 'field'
}

function alternatives(schema: Json | undefined): JsonObject[] {
  if (schema === undefined || !isObject(schema)) return []
  const { anyOf } = schema
  return [schema, ...(Array.isArray(anyOf) ? anyOf.flatMap(alternatives) : [])]
}

function rewriteText(text: string, ids: ReadonlyMap<string, string>, isBare: boolean): string {
  const hits = referencesIn(text, isBare).filter(({ id }) => ids.has(id))
  return hits
    .reverse()
    .reduce((rest, { id, start, end }) => rest.slice(0, start) + (ids.get(id) ?? id) + rest.slice(end), text)
}

/** The left side of a condition is a path or an expression without braces around it. */
function isPathField(holder: JsonObject, key: string): boolean {
  return key === 'field' && typeof holder['operator'] === 'string'
}

/** Where a text refers to steps: inside its `{{ … }}`, or anywhere when it is bare and has none. */
export function referencesIn(text: string, isBare = false): Reference[] {
  if (!text.includes('steps')) return []
  if (isBare && !text.includes('{{')) return referencesAmong(tokensOf(text).tokens)
  return expressionsIn(text).flatMap(({ tokens }) => referencesAmong(tokens))
}

function referencesAmong(tokens: readonly Token[]): Reference[] {
  if (hasOwnSteps(tokens)) return []
  return tokens.flatMap((token, index): Reference[] => {
    const before = tokens[index - 1]
    const isProperty = before?.kind === 'mark' && (before.value === '.' || before.value === '?.')
    if (token.kind !== 'name' || token.value !== 'steps' || isProperty) return []
    const reference = referenceAfter(tokens.slice(index + 1, index + 4))
    return reference === undefined ? [] : [reference]
  })
}

/** `.id`, `?.id`, `['id']` or `?.['id']` directly after `steps`. */
function referenceAfter([first, second, third]: readonly Token[]): Reference | undefined {
  if (first?.kind !== 'mark') return undefined
  if (first.value === '[') return second?.kind === 'text' ? named(second) : undefined
  if (first.value !== '.' && first.value !== '?.') return undefined
  if (second?.kind === 'name') return named(second)
  const isIndex = first.value === '?.' && second?.kind === 'mark' && second.value === '['
  return isIndex && third?.kind === 'text' ? named(third) : undefined
}

function named({ value, start, end }: Token): Reference {
  return { id: value, start, end }
}

function hasOwnSteps(tokens: readonly Token[]): boolean {
  return tokens.some((token, index) => {
    if (token.value !== '=>') return false
    const before = tokens[index - 1]
    if (before?.value !== ')') return before?.value === 'steps'
    const open = tokens.slice(0, index).findLastIndex((candidate) => candidate.value === '(')
    return tokens.slice(open, index).some((parameter) => parameter.kind === 'name' && parameter.value === 'steps')
  })
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

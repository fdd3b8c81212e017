// references
//
// Finding and rewriting what expressions say about other steps: `steps.score.total`, `steps?.score`, `steps['score']`.
//
//   1. Only the id itself is replaced; every other character stays as the person wrote it.
//   2. Texts inside an expression ("steps.score is high") are texts, not references.
//   3. A half-typed expression is rewritten as well as it can be read, so that renaming never waits for its author.
//   4. An expression that uses `steps` as the parameter of a function of its own is left alone.

import type { Condition, ConditionGroup } from '#contract/condition.ts'
import type { GraphNode } from '#contract/graph.ts'
import type { Json, JsonObject } from '#contract/json.ts'
import type { NodeType } from '#contract/node-type.ts'
import { expressionsIn, type Token, tokensOf } from './expression-tokens.ts'

interface Reference {
  id: string
  start: number
  end: number
}

/**
 * Params with every reference to the renamed ids changed; the same object when there is none. In texts at the keys
 * `bare`, an expression stands without braces around it.
 */
export function rewriteReferences(
  params: JsonObject,
  ids: ReadonlyMap<string, string>,
  bare: ReadonlySet<string> = new Set(),
): JsonObject {
  if (ids.size === 0) return params
  return rewriteObject(params, ids, (key) => bare.has(key))
}

/** The ids of the steps that a node's params refer to. */
export function referencedIds(params: JsonObject, bare: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  const found = new Set<string>()
  const visit = (value: Json, isBare: boolean): void => {
    if (typeof value === 'string') for (const { id } of referencesIn(value, isBare)) found.add(id)
    else if (Array.isArray(value)) for (const item of value) visit(item, false)
    else if (isObject(value)) for (const [key, item] of Object.entries(value)) visit(item, isPathField(value, key))
  }
  for (const [key, value] of Object.entries(params)) visit(value, bare.has(key))
  return found
}

/**
 * A node with every reference to the renamed ids changed, in its params and in the conditions of its settings; the same
 * node when there is none.
 */
export function rewriteNode(
  node: GraphNode,
  ids: ReadonlyMap<string, string>,
  nodeType: NodeType | undefined,
): GraphNode {
  const params = rewriteReferences(node.params, ids, bareExpressionKeys(nodeType))
  const executeIf = node.settings?.executeIf
  const guard = executeIf && rewriteGroup(executeIf, ids)
  if (params === node.params && guard === executeIf) return node
  return { ...node, params, ...(guard === undefined ? {} : { settings: { ...node.settings, executeIf: guard } }) }
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

/** The params of a type in which an expression may stand without braces. */
export function bareExpressionKeys(nodeType: NodeType | undefined): ReadonlySet<string> {
  const properties = nodeType?.params['properties']
  if (!isObject(properties ?? null)) return new Set()
  const isBare = ([, schema]: [string, Json]) =>
    isObject(schema) && (schema['control'] === 'expression' || schema['control'] === 'field')
  return new Set(
    Object.entries(properties as JsonObject)
      .filter(isBare)
      .map(([key]) => key),
  )
}

function rewriteObject(
  object: JsonObject,
  ids: ReadonlyMap<string, string>,
  isBare: (key: string) => boolean,
): JsonObject {
  const entries = Object.entries(object)
  const next = entries.map(([key, item]) => [key, rewriteValue(item, ids, isBare(key))] as const)
  return next.some(([, item], index) => item !== entries[index]?.[1]) ? Object.fromEntries(next) : object
}

function rewriteValue(value: Json, ids: ReadonlyMap<string, string>, isBare = false): Json {
  if (typeof value === 'string') return rewriteText(value, ids, isBare)
  if (Array.isArray(value)) {
    const next = value.map((item) => rewriteValue(item, ids))
    return next.some((item, index) => item !== value[index]) ? next : value
  }
  return isObject(value) ? rewriteObject(value, ids, (key) => isPathField(value, key)) : value
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

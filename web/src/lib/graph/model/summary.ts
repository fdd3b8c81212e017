import type { GraphNode } from '#contract/graph.ts'
import type { Json, JsonObject } from '#contract/json.ts'
import type { NodeType } from '#contract/node-type.ts'
import { conditionWords, isGroup } from './condition-words.ts'
import { expressionsIn } from './expression-tokens.ts'

/**
 * The line under a node's name: what this node does with its settings. Made of the type's `summary`, whose `{param}`s
 * are filled in; empty when none of them is set yet. A part in `[brackets]` is left out unless all params in it say
 * something; `[zone=contact: …]` unless that param has this value. `names` are those of workflows by id: one without a
 * name is not spoken of.
 */
export function summaryOf(
  node: Pick<GraphNode, 'params'>,
  nodeType: NodeType | undefined,
  names: ReadonlyMap<string, string> = new Map(),
): string {
  if (nodeType === undefined) return ''
  let asked = 0
  let filled = 0
  const parts = nodeType.summary.split(/(\[[^\]]*\])/).map((part) => {
    const isOptional = part.startsWith('[')
    const [, key, wanted, text = ''] = /^\[?(?:([a-zA-Z0-9_]+)=([a-zA-Z0-9_]+):)?([^\]]*)\]?$/.exec(part) ?? []
    if (key !== undefined && valueOf(key, node.params, nodeType) !== wanted) return ''
    let missing = 0
    const words = text.replace(/\{([a-zA-Z0-9_]+)\}/g, (_, name: string) => {
      const said = toWords(valueOf(name, node.params, nodeType), schemaOf(nodeType, name), names)
      asked += 1
      if (said === '') missing += 1
      else filled += 1
      return said
    })
    return isOptional && missing > 0 ? '' : words
  })
  return asked > 0 && filled === 0 ? '' : parts.join('').replace(/\s+/g, ' ').trim()
}

/** Undefined for a param that belongs to another mode of the node: it says nothing about it. */
function valueOf(key: string, params: JsonObject, nodeType: NodeType): Json | undefined {
  const schema = schemaOf(nodeType, key)
  return isShown(schema, params, nodeType) ? (params[key] ?? schema['default']) : undefined
}

function schemaOf(nodeType: NodeType, key: string): JsonObject {
  const properties = nodeType.params['properties']
  return asObject(asObject(properties)[key])
}

function isShown(schema: JsonObject, params: JsonObject, nodeType: NodeType): boolean {
  return Object.entries(asObject(schema['showWhen'])).every(([key, wanted]) => {
    const value = params[key] ?? schemaOf(nodeType, key)['default']
    return Array.isArray(wanted) ? wanted.includes(value ?? null) : value === wanted
  })
}

function toWords(value: Json | undefined, schema: JsonObject, names: ReadonlyMap<string, string>): string {
  if (value === undefined || value === null) return ''
  if (isGroup(value)) return conditionWords(value)
  if (Array.isArray(value))
    return value
      .map((item) => entryWords(item, schema, names))
      .filter(Boolean)
      .join(', ')
  if (typeof value === 'object') return Object.keys(value).join(', ')
  const label = asObject(schema['labels'])[String(value)]
  if (typeof label === 'string') return label
  if (schema['control'] === 'workflow') return names.get(String(value)) ?? ''
  const isBare = schema['control'] === 'field' || schema['control'] === 'expression'
  const text = withoutBraces(String(value))
  return isBare ? withoutSteps(text) : text
}

function entryWords(item: Json, schema: JsonObject, names: ReadonlyMap<string, string>): string {
  if (typeof item !== 'object' || item === null) return toWords(item, schema, names)
  const { name, label, port } = asObject(item)
  return [name, label, port].find((text) => typeof text === 'string' && text !== '')?.toString() ?? ''
}

/** `Hi {{ steps.lead.name }}` → `Hi lead.name`: on a card there is room for the name, not for the notation. */
export function withoutBraces(text: string): string {
  let from = 0
  let plain = ''
  for (const { start, end } of expressionsIn(text)) {
    const inner = text.slice(start + 2, text.endsWith('}}', end) ? end - 2 : end)
    plain += text.slice(from, start) + withoutSteps(inner.trim())
    from = end
  }
  return plain + text.slice(from)
}

function withoutSteps(expression: string): string {
  return expression.replace(/\bsteps\.(?=[a-zA-Z])/g, '')
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

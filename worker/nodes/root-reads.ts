import { ConditionGroup } from '../contract/condition.ts'
import type { GraphNode } from '../contract/graph.ts'
import type { Json } from '../contract/json.ts'
import { compileConditions, compileTemplate } from '../expressions/index.ts'
import { unreachable } from '../lib/unreachable.ts'
import { asTemplate } from './params/as-template.ts'
import { findNodeType } from './registry.ts'
import { expressionUses, type ExpressionUse } from './validate/expression-uses.ts'
import { paramsSchema } from './validate/params-schema.ts'

type Read = { readonly path: readonly (string | number)[] }

/**
 * What a node's expressions, conditions and settings read of one root: the keys that follow it, as far as they are
 * written out. Empty keys: all of it, or a part that is computed. A trigger reads nothing of an execution.
 */
export function rootReads(root: string, { type, params, settings }: GraphNode): string[][] {
  // Most nodes are done with here, without being compiled once more.
  const parts = [params, settings?.executeIf, settings?.cache]
  if (!parts.some((part) => mentions(part, root))) return []
  const definition = findNodeType(type)
  if (definition === undefined || definition.kind === 'trigger') return []
  const uses: ExpressionUse[] = expressionUses(paramsSchema(definition), params)
  if (settings?.executeIf !== undefined) uses.push({ kind: 'conditions', at: [], value: settings.executeIf })
  if (settings?.cache?.key !== undefined) uses.push({ kind: 'template', at: [], value: settings.cache.key })
  return uses.flatMap((use) => keysIn(root, use))
}

function keysIn(root: string, use: ExpressionUse): string[][] {
  if (!mentions(use.value, root) || use.names?.includes(root) === true) return []
  try {
    return readIn(use)
      .filter(({ path }) => path[0] === root)
      .map(({ path }) => path.slice(1).map(String))
  } catch {
    // It fails when its turn comes, and says why.
    return []
  }
}

function readIn(use: ExpressionUse): readonly Read[] {
  switch (use.kind) {
    case 'plain':
      return []
    case 'template':
      return compileTemplate(use.value).reads
    case 'expression':
      return compileTemplate(asTemplate(String(use.value))).reads
    case 'field':
      return compileConditions({
        operator: 'AND',
        conditions: [{ field: String(use.value), operator: 'exists' }],
      }).reads
    case 'conditions':
      return compileConditions(ConditionGroup.parse(use.value)).reads
    default:
      return unreachable(use)
  }
}

function mentions(value: Json | object | undefined, root: string): boolean {
  return value !== undefined && JSON.stringify(value).includes(root)
}

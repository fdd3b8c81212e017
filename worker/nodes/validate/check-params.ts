import type { Json, JsonObject } from '../../contract/json.ts'
import type { Problem } from '../../contract/problem.ts'
import { describeIssue } from '../../contract/describe-issue.ts'
import { holdsExpression } from '../params/holds-expression.ts'
import { tryParams } from '../params/parse-params.ts'
import { valueAt } from '../../lib/value-at.ts'
import type { ExpressionUse } from './expression-uses.ts'
import type { IndexedNode } from './graph-index.ts'
import { inParams } from './problem-at.ts'
import { titleOf } from './title-of.ts'

/**
 * What is wrong with a node's params, as far as it can be said before expressions are evaluated. `schema` and `uses`
 * are those of its type and its params.
 */
export function checkParams(indexed: IndexedNode, schema: JsonObject, uses: readonly ExpressionUse[]): Problem[] {
  const { node, definition } = indexed
  if (definition === undefined) return []
  const tried = tryParams(definition.params(), node.params)
  if ('params' in tried) {
    return (definition.check?.(node.params) ?? []).map(({ path, ...said }) => inParams(indexed, path, said))
  }

  // Conditions have places for expressions, but what they are made of is not given by one.
  const plain = uses.filter(({ kind }) => kind === 'plain' || kind === 'conditions').map(({ at }) => at.join('.'))
  const seen = new Set<string>()
  return tried.issues.flatMap((issue) => {
    const path = issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))
    const place = path.join('.')
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) =>
        inParams(indexed, [...path, key], { code: 'param.unknown', message: `There is no param “${key}” here.` }),
      )
    }
    const value = valueAt(tried.input, path) as Json | undefined
    const isPlain = plain.some((at) => at === place || place.startsWith(`${at}.`))
    if ((!isPlain && holdsExpression(value)) || seen.has(place)) return []
    seen.add(place)
    return inParams(indexed, path, {
      code: value === undefined || value === '' ? 'param.missing' : 'param.invalid',
      message: `${titleOf(schema, path)} ${describeIssue(issue, value)}.`,
    })
  })
}

import { z } from 'zod'
import { ConditionGroup } from '../../contract/condition.ts'
import { defineInline } from '../define.ts'
import { compileGroup } from '../params/compile-group.ts'
import { emptyConditions } from '../params/empty-conditions.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'

export const if_ = defineInline({
  type: 'flow.if',
  title: 'If',
  description: 'Goes one way when the conditions hold and the other way when they do not.',
  family: 'flow',
  icon: 'git-branch',
  aliases: ['condition', 'branch', 'decision', 'else'],
  params: lazySchema(() =>
    z.strictObject({
      conditions: ConditionGroup.meta(field({ title: 'Conditions', control: 'conditions' })),
    }),
  ),
  defaultParams: { conditions: { operator: 'AND', conditions: [] } },
  ports: [
    { name: 'true', label: 'Yes' },
    { name: 'false', label: 'No' },
  ],
  summary: '{conditions}',
  sampleOutput: { result: true },
  check: ({ conditions }) => emptyConditions(conditions, ['conditions']),
  compile({ params }) {
    const decide = compileGroup(params.conditions)
    return {
      kind: 'pure',
      evaluate(scope) {
        const { result, because } = decide(scope)
        return { output: { result }, port: String(result), because }
      },
    }
  },
})

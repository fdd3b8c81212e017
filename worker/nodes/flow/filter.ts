import { z } from 'zod'
import { ConditionGroup } from '../../contract/condition.ts'
import { defineInline } from '../define.ts'
import { compileGroup } from '../params/compile-group.ts'
import { emptyConditions } from '../params/empty-conditions.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { out } from '../ports.ts'

export const filter = defineInline({
  type: 'flow.filter',
  title: 'Filter',
  description: 'Goes on only when the conditions hold; otherwise this branch ends here.',
  family: 'flow',
  icon: 'filter',
  aliases: ['only continue if', 'stop unless', 'guard', 'condition'],
  params: lazySchema(() =>
    z.strictObject({
      conditions: ConditionGroup.meta(field({ title: 'Go on only when', control: 'conditions' })),
    }),
  ),
  defaultParams: { conditions: { operator: 'AND', conditions: [] } },
  ports: [out],
  summary: 'Only when {conditions}',
  sampleOutput: { passed: true },
  check: ({ conditions }) => emptyConditions(conditions, ['conditions']),
  compile({ params }) {
    const decide = compileGroup(params.conditions)
    return {
      kind: 'pure',
      evaluate(scope) {
        const { result, because } = decide(scope)
        // A port no edge can leave from: the branch ends, and the execution page says by which way.
        return { output: { passed: result }, port: result ? out.name : 'filtered', because }
      },
    }
  },
})

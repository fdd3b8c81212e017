import { z } from 'zod'
import { ConditionGroup } from '../../contract/condition.ts'
import type { GraphNode } from '../../contract/graph.ts'
import type { Behaviour, Guard } from '../../engine/behaviour.ts'
import { defineInline } from '../define.ts'
import { compileGroup } from '../params/compile-group.ts'
import { emptyConditions } from '../params/empty-conditions.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { parseParams } from '../params/parse-params.ts'
import { brokenLoop, compileLoop } from './compile-loop.ts'
import { body, breakCondition, collecting, done, limiting, withinLimits } from './loop-params.ts'

const whileParams = lazySchema(() =>
  z.strictObject({
    mode: z
      .enum(['while', 'until'])
      .default('while')
      .meta(
        field({
          title: 'Go round',
          control: 'select',
          labels: { while: 'As long as it holds', until: 'Until it holds' },
          expressions: false,
        }),
      ),
    condition: ConditionGroup.meta(
      field({
        title: 'Condition',
        description:
          'Can read what the iteration before did: steps of the body, loop.previous, and loop.index to come.',
        control: 'conditions',
        readIn: 'iteration',
      }),
    ),
    check: z
      .enum(['before', 'after'])
      .default('before')
      .meta(
        field({
          title: 'Ask',
          control: 'select',
          labels: { before: 'Before each round', after: 'After each round: there is at least one' },
          expressions: false,
        }),
      ),
    breakCondition: breakCondition(),
    ...collecting(),
    ...limiting(),
  }),
)

export const while_ = defineInline({
  type: 'flow.while',
  title: 'While',
  description: 'Goes round as long as a condition holds, or until it does.',
  family: 'flow',
  icon: 'repeat',
  aliases: ['loop', 'until', 'repeat', 'do while', 'poll', 'paginate', 'pages'],
  params: whileParams,
  defaultParams: { mode: 'while', condition: { operator: 'AND', conditions: [] } },
  check: ({ condition }) => emptyConditions(condition, ['condition']),
  ports: [{ ...body, label: 'Each round' }, done],
  inside: { ports: [body.name], goesRound: true },
  goesOnAt: done.name,
  summary: '{mode} {condition}',
  sampleOutput: { results: [{ ok: true }], count: 1, skipped: 0, failed: 0, stopped: 'condition' },
  compile: compileWhile,
})

function compileWhile({ params: given }: GraphNode): Behaviour {
  try {
    const { params } = parseParams(whileParams(), withinLimits(given))
    const { mode, condition, check, ...rest } = params
    const decide = compileGroup(condition)
    const until: Guard = (scope) => {
      const { result, because } = decide(scope)
      return { result: !result, because }
    }
    return compileLoop({
      ...rest,
      range: () => null,
      goesOn: mode === 'while' ? decide : until,
      asksFirst: check === 'before',
    })
  } catch (failure) {
    return brokenLoop(failure)
  }
}

import { z } from 'zod'
import type { GraphNode } from '../../contract/graph.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import type { Arrived, Behaviour } from '../../engine/behaviour.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { defineInline } from '../define.ts'
import { field } from '../params/field.ts'
import { lazySchema, type ParamsOf } from '../params/lazy-schema.ts'
import { tryParams } from '../params/parse-params.ts'
import { out } from '../ports.ts'

const mergeParams = lazySchema(() =>
  z.strictObject({
    mode: z
      .enum(['all', 'any', 'count'])
      .default('all')
      .meta(
        field({
          title: 'Go on with',
          description: 'A branch that has ended, or went another way, is not waited for.',
          control: 'select',
          labels: { all: 'All branches', any: 'The first that comes', count: 'A number of branches' },
          expressions: false,
        }),
      ),
    count: z
      .int()
      .min(1)
      .max(50)
      .default(2)
      .meta(field({ title: 'How many', control: 'number', showWhen: { mode: 'count' }, expressions: false })),
    combine: z
      .enum(['branches', 'list', 'fields', 'first'])
      .default('branches')
      .meta(
        field({
          title: 'Gives',
          description: 'What the branches brought, in the order of the canvas and not of their arrival.',
          control: 'select',
          labels: {
            branches: 'Each result under the name of its step',
            list: 'A list of the results',
            fields: 'One object with the fields of all',
            first: 'The result that came first',
          },
          expressions: false,
        }),
      ),
  }),
)
type Combine = ParamsOf<typeof mergeParams>['combine']

export const merge = defineInline({
  type: 'flow.merge',
  title: 'Merge',
  description: 'Joins branches: goes on once when all of them, the first, or enough have come.',
  family: 'flow',
  icon: 'git-merge',
  aliases: ['join', 'wait for all', 'synchronize', 'gather', 'combine', 'converge'],
  params: mergeParams,
  defaultParams: { mode: 'all' },
  ports: [out],
  summary: '{mode}',
  sampleOutput: { first: { ok: true }, second: { ok: true } },
  compile: compileMerge,
})

function compileMerge({ params: given }: Pick<GraphNode, 'params'>): Behaviour {
  // Wrong params are found when it is published; a draft that is tried joins all.
  const tried = tryParams(mergeParams(), given)
  const { mode, count, combine } = 'params' in tried ? tried.params : mergeParams().parse({})
  return {
    kind: 'merge',
    needs: mode === 'all' ? null : mode === 'any' ? 1 : count,
    combine: (arrived) => ({
      output: combined(combine, arrived),
      port: out.name,
      because: { came: arrived.map(({ branch }) => branch) },
    }),
  }
}

function combined(combine: Combine, arrived: readonly Arrived[]): Json {
  if (combine === 'first') return arrived[0]?.output ?? null
  const sorted = arrived.toSorted((one, other) => one.place - other.place)
  switch (combine) {
    case 'branches':
      return Object.fromEntries(sorted.map(({ branch, output }) => [branch, output]))
    case 'list':
      return sorted.map(({ output }) => output)
    case 'fields':
      return Object.assign({}, ...sorted.map(asFields)) as JsonObject
    default:
      return unreachable(combine)
  }
}

/** What is no object has no fields of its own: it is one, under the name of its step. */
function asFields({ branch, output }: Arrived): JsonObject {
  return typeof output === 'object' && output !== null && !Array.isArray(output) ? output : { [branch]: output }
}

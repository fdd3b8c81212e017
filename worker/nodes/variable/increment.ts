import { z } from 'zod'
import { defineInline } from '../define.ts'
import { compileParams } from '../params/compile-params.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { invalidParam } from '../params/parse-params.ts'
import { out } from '../ports.ts'
import { sampleChange, variableName } from './variable-name.ts'

const incrementParams = lazySchema(() =>
  z.strictObject({
    name: variableName(),
    by: z
      .number()
      .default(1)
      .meta(field({ title: 'By', description: 'Below zero it counts down.', control: 'number' })),
  }),
)

export const incrementVariable = defineInline({
  type: 'variable.increment',
  title: 'Count up',
  description: 'Adds to a number in a variable of the workflow; one that is not set yet counts from 0.',
  family: 'data',
  icon: 'plus',
  aliases: ['increment', 'decrement', 'counter', 'add', 'variable', 'count'],
  params: incrementParams,
  defaultParams: { name: '', by: 1 },
  ports: [out],
  setsVariable: 'name',
  summary: '{name} + {by}',
  sampleOutput: sampleChange,
  compile(node) {
    const resolve = compileParams(incrementParams(), node.params)
    return {
      kind: 'pure',
      evaluate(scope) {
        const { name, by } = resolve(scope).params
        const previous = scope.vars[name] ?? 0
        if (typeof previous !== 'number') throw invalidParam('name', 'must name a variable that holds a number')
        const value = previous + by
        if (!Number.isFinite(value)) throw invalidParam('by', 'must not make the number too large')
        return { output: { value, previous }, port: out.name, vars: { [name]: value } }
      },
    }
  },
})

import { z } from 'zod'
import type { Json } from '../../contract/json.ts'
import { defineInline } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { compileParams } from '../params/compile-params.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { invalidParam } from '../params/parse-params.ts'
import { out } from '../ports.ts'
import { variableName } from './variable-name.ts'

/** Entries that a list in a variable may have: every scope carries it from then on. */
const maxEntries = 10_000

const appendParams = lazySchema(() =>
  z.strictObject({
    name: variableName(),
    value: anyJson.meta(field({ title: 'Value', control: 'json', placeholder: '{{ steps.send.body.id }}' })),
    spread: z
      .boolean()
      .default(false)
      .meta(
        field({
          title: 'Entries of a list one by one',
          description: 'Otherwise a list is added as one entry.',
          control: 'switch',
          expressions: false,
        }),
      ),
    keep: z
      .int()
      .min(1)
      .max(maxEntries)
      .optional()
      .meta(
        field({
          title: 'Keep the last',
          description: 'Left empty, all of them.',
          control: 'number',
          expressions: false,
        }),
      ),
  }),
)

export const appendVariable = defineInline({
  type: 'variable.append',
  title: 'Add to list',
  description: 'Adds to a list in a variable of the workflow; one that is not set yet begins empty.',
  family: 'data',
  icon: 'list-plus',
  aliases: ['append', 'push', 'collect', 'variable', 'array', 'gather'],
  params: appendParams,
  defaultParams: { name: '', value: '' },
  ports: [out],
  setsVariable: 'name',
  summary: '{name} + {value}',
  sampleOutput: { count: 1, last: 'Ada' },
  compile(node) {
    const resolve = compileParams(appendParams(), node.params)
    return {
      kind: 'pure',
      evaluate(scope) {
        const { name, value, spread, keep } = resolve(scope).params
        const before = scope.vars[name] ?? []
        if (!Array.isArray(before)) throw invalidParam('name', 'must name a variable that holds a list')
        const added: Json[] = spread && Array.isArray(value) ? value : [value]
        const count = Math.min(before.length + added.length, keep ?? Infinity)
        if (count > maxEntries) throw invalidParam('value', `must not make a list of more than ${maxEntries}`)
        const appended = { name, entries: added, ...(keep !== undefined && { keep }) }
        // Not the list itself: a loop that gathers would write all of it down for each entry.
        return { output: { count, last: added.at(-1) ?? before.at(-1) ?? null }, port: out.name, appended }
      },
    }
  },
})

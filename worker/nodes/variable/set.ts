import { z } from 'zod'
import { defineInline } from '../define.ts'
import { anyJson } from '../params/any-json.ts'
import { compileParams } from '../params/compile-params.ts'
import { field } from '../params/field.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { out } from '../ports.ts'
import { sampleChange, variableName } from './variable-name.ts'

const setParams = lazySchema(() =>
  z.strictObject({
    name: variableName(),
    value: anyJson.meta(field({ title: 'Value', control: 'json', placeholder: '{{ trigger.body.total }}' })),
  }),
)

export const setVariable = defineInline({
  type: 'variable.set',
  title: 'Set variable',
  description: 'Gives a variable of the workflow a value, for every later step to read.',
  family: 'data',
  icon: 'variable',
  aliases: ['variable', 'assign', 'update variable', 'state', 'let'],
  params: setParams,
  defaultParams: { name: '', value: '' },
  ports: [out],
  setsVariable: 'name',
  summary: '{name} = {value}',
  sampleOutput: sampleChange,
  compile(node) {
    const resolve = compileParams(setParams(), node.params)
    return {
      kind: 'pure',
      evaluate(scope) {
        const { name, value } = resolve(scope).params
        return { output: { value, previous: scope.vars[name] ?? null }, port: out.name, vars: { [name]: value } }
      },
    }
  },
})

import { z } from 'zod'
import type { JsonObject } from '../../contract/json.ts'
import { holdsExpression } from './holds-expression.ts'

const known = new WeakMap<z.ZodType, JsonTextField[]>()

interface JsonTextField {
  key: string
  showWhen: readonly (readonly [string, unknown])[]
}

/**
 * The params whose texts are JSON where they begin as such: those whose field says `readsJsonText`. A field that is
 * hidden by another param is left as it is: nobody reads it, so nothing in it is to stop a step.
 */
export function jsonTextParams(schema: z.ZodType, params: JsonObject): string[] {
  let fields = known.get(schema)
  if (fields === undefined) {
    fields = fieldsOf(schema)
    known.set(schema, fields)
  }
  return fields.flatMap(({ key, showWhen }) => {
    const isShown = showWhen.every(
      ([other, wanted]) =>
        holdsExpression(params[other]) || (Array.isArray(wanted) ? wanted : [wanted]).includes(params[other]),
    )
    return isShown ? [key] : []
  })
}

function fieldsOf(schema: z.ZodType): JsonTextField[] {
  const shape: Record<string, z.ZodType> = schema instanceof z.ZodObject ? schema.shape : {}
  return Object.entries(shape).flatMap(([key, param]) => {
    const meta = param.meta()
    return meta?.['readsJsonText'] === true ? [{ key, showWhen: Object.entries(meta['showWhen'] ?? {}) }] : []
  })
}

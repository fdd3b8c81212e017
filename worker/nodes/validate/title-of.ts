import type { Json, JsonObject } from '../../contract/json.ts'

/** What a form calls the param at a path, or its name in JSON where it has no title. */
export function titleOf(schema: JsonObject, path: readonly (string | number)[]): string {
  let current: Json | undefined = schema
  const isCompared = path.at(-1) === 'field' && path.includes('conditions')
  let title = isCompared ? 'What is compared' : String(path.at(-1) ?? 'The node')
  for (const [depth, key] of path.entries()) {
    if (!isObject(current)) return title
    const next: Json | undefined = typeof key === 'number' ? current['items'] : property(current['properties'], key)
    if (depth === path.length - 1 && isObject(next) && typeof next['title'] === 'string') title = next['title']
    current = next
  }
  return title
}

function property(properties: Json | undefined, key: string): Json | undefined {
  return isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

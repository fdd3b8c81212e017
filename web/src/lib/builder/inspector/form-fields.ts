// form-fields
//
// A node type's params, given as JSON Schema, read as the fields of a form. The schema is data from the server: whatever
// is missing in it or unknown to this release falls back to something that can be edited.

import type { Json, JsonObject } from '#contract/json.ts'

export interface Choice {
  value: Json
  label: string
}

/** One field of a form. */
export interface FormField {
  key: string
  title: string
  description: string | undefined
  /** The name of the control that draws it; `json` where nothing better is known. */
  control: string
  placeholder: string | undefined
  group: string | undefined
  isRequired: boolean
  /** Whether `{{ … }}` may stand here. */
  takesExpressions: boolean
  /** Whether a text here that begins as JSON is read as that. */
  readsJsonText: boolean
  /** The values of an enum, or of a list's entries. */
  choices: readonly Choice[] | undefined
  default: Json | undefined
  /** Limits of a number. */
  min: number | undefined
  max: number | undefined
  isWhole: boolean
  /** Whether it is an object whose values may be lists. */
  valuesTakeLists: boolean
  /** Fields of each entry, where the param is a list of objects. */
  entries: readonly FormField[]
  /** Set when it is read once for each entry of what another param gives. */
  each: PerItemNames | undefined
  /** How many lines there is room for at first; undefined where the control knows best. */
  lines: number | undefined
  /** Whether it belongs to the mode that these values of its form say; for a field of a row, those of its row too. */
  isShown(values: JsonObject): boolean
}

/** The param that gives the items, and what one of them is called. */
export interface PerItemNames {
  of: string
  names: readonly string[]
}

export interface FormGroup {
  /** Undefined for the fields that come first, without a heading. */
  title: string | undefined
  fields: readonly FormField[]
}

/** The fields to show for these params, in groups. Fields that belong to another mode of the node are left out. */
export function formGroups(schema: JsonObject, params: JsonObject): FormGroup[] {
  const groups = new Map<string | undefined, FormField[]>([[undefined, []]])
  for (const [key, property] of properties(schema)) {
    if (!isShown(property, schema, params)) continue
    const field = readField(key, property, schema)
    groups.set(field.group, [...(groups.get(field.group) ?? []), field])
  }
  return [...groups].filter(([, fields]) => fields.length > 0).map(([title, fields]) => ({ title, fields }))
}

/** What params are that say nothing, by their schema. */
export function defaultsOf(schema: JsonObject): JsonObject {
  return Object.fromEntries(
    properties(schema).flatMap(([key, property]) =>
      property['default'] === undefined ? [] : [[key, property['default']] as const],
    ),
  )
}

function properties(schema: JsonObject): [string, JsonObject][] {
  return Object.entries(asObject(schema['properties'])).map(([key, property]) => [key, asObject(property)])
}

function isShown(property: JsonObject, schema: JsonObject, params: JsonObject): boolean {
  return Object.entries(asObject(property['showWhen'])).every(([key, wanted]) => {
    const value = params[key] ?? asObject(asObject(schema['properties'])[key])['default'] ?? null
    return Array.isArray(wanted) ? wanted.includes(value) : value === wanted
  })
}

function readField(key: string, property: JsonObject, parent: JsonObject): FormField {
  const items = asObject(property['items'])
  const required = parent['required']
  const choices = readChoices(property) ?? readChoices({ ...items, labels: property['labels'] ?? null })
  return {
    key,
    title: text(property['title']) ?? titleOf(key),
    description: text(property['description']),
    control: text(property['control']) ?? controlFor(property, choices),
    placeholder: text(property['placeholder']),
    group: text(property['group']),
    // A default makes a field one that may be left alone.
    isRequired:
      property['isNeeded'] === true ||
      (Array.isArray(required) && required.includes(key) && property['default'] === undefined),
    takesExpressions: property['expressions'] !== false,
    readsJsonText: property['readsJsonText'] === true,
    choices,
    default: property['default'],
    min: number(property['minimum']),
    max: number(property['maximum']),
    isWhole: property['type'] === 'integer',
    valuesTakeLists: takesLists(asObject(property['additionalProperties'])),
    entries: properties(items).map(([name, entry]) => readField(name, entry, items)),
    each: readEach(property['each']),
    lines: number(property['lines']),
    isShown: (values) => isShown(property, parent, values),
  }
}

function readEach(each: Json | undefined): PerItemNames | undefined {
  const { of, names } = asObject(each)
  if (typeof of !== 'string' || !Array.isArray(names)) return undefined
  return { of, names: names.filter((name) => typeof name === 'string') }
}

function readChoices(property: JsonObject): Choice[] | undefined {
  const values = property['enum']
  if (!Array.isArray(values)) return undefined
  const labels = asObject(property['labels'])
  return values.map((value) => ({ value, label: text(labels[String(value)]) ?? String(value) }))
}

/** A control for a param whose schema names none. */
function controlFor(property: JsonObject, choices: Choice[] | undefined): string {
  if (choices !== undefined) return property['type'] === 'array' ? 'multiSelect' : 'select'
  switch (property['type']) {
    case 'string':
      return (number(property['maxLength']) ?? 0) > 400 ? 'longText' : 'text'
    case 'number':
    case 'integer':
      return 'number'
    case 'boolean':
      return 'switch'
    case 'object':
      return property['additionalProperties'] !== undefined && property['properties'] === undefined
        ? 'keyValue'
        : 'json'
    case 'array':
      return isObjectList(property) ? 'rows' : 'json'
    default:
      return 'json'
  }
}

function takesLists(schema: JsonObject): boolean {
  const either = schema['anyOf']
  return schema['type'] === 'array' || (Array.isArray(either) && either.some((each) => takesLists(asObject(each))))
}

function isObjectList(property: JsonObject): boolean {
  return asObject(property['items'])['properties'] !== undefined
}

/** `maxResponseKb` → `Max response kb`. */
function titleOf(key: string): string {
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/[_-]+/g, ' ')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function text(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

function number(value: Json | undefined): number | undefined {
  // Schemas write "no limit" as the largest safe integer.
  return typeof value === 'number' && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined
}

function asObject(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {}
}

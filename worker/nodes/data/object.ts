import type { Json, JsonObject } from '../../contract/json.ts'
import type { Value } from '../../expressions/index.ts'
import { defineInline, type ParamProblem } from '../define.ts'
import { out } from '../ports.ts'
import { compute, type Work } from './compute.ts'
import { namesIn, objectOperations, objectParams, type ObjectOperation, type ObjectParams } from './object-params.ts'
import { checkNeeds, firstNeed } from './operation-form.ts'
import { readPathText } from './path.ts'
import { setPath } from './set-path.ts'
import { give, missingParam, sourceOf, wrongSource } from './source.ts'
import { withoutPath } from './without-path.ts'

export const object = defineInline({
  type: 'data.object',
  title: 'Object',
  description: 'Takes, renames, adds or removes fields of an object, or joins objects.',
  family: 'data',
  icon: 'blocks',
  aliases: ['pick', 'omit', 'rename keys', 'merge', 'edit fields', 'keys', 'values', 'entries', 'map fields'],
  params: objectParams,
  defaultParams: { operation: 'pick', source: '' },
  check: checkObject,
  ports: [out],
  summary: '{operation}: {source} {names} {path}',
  sampleOutput: { name: 'Ada' },
  compile: ({ params: given }) =>
    compute(objectParams(), given, (params, work) => {
      const need = firstNeed(objectOperations[params.operation], params)
      if (need !== undefined) throw missingParam(need.param, need.ask)
      return give(work, operations[params.operation](objectFrom(params), params, work))
    }),
})

function checkObject(params: JsonObject): ParamProblem[] {
  const { source } = params
  const message = 'Say which object.'
  const isMissing = source === undefined || source === ''
  return [
    ...(isMissing ? [{ severity: 'error' as const, code: 'param.missing', message, path: ['source'] }] : []),
    ...checkNeeds(objectOperations, params, 'pick'),
  ]
}

function objectFrom(params: ObjectParams): JsonObject {
  const source = sourceOf(params, 'object')
  if (isPlain(source)) return source
  const hint = typeof source === 'string' && /^\s*\{/.test(source) ? 'Read it with parseJson(…) first.' : ''
  throw wrongSource(source, 'an object', Array.isArray(source) ? 'For each item of a list use “List”.' : hint)
}

type Operate = (source: JsonObject, params: ObjectParams, work: Work) => Value

const operations: Record<ObjectOperation, Operate> = {
  pick(source, params, work) {
    const picked: JsonObject = {}
    for (const name of namesOf(params)) {
      if (Object.hasOwn(source, name)) picked[name] = source[name] ?? null
      else if (name.includes('.')) {
        const found = readPathText(source, name, work)
        if (found !== undefined) setPath(picked, name.split('.'), work.result(found))
      }
    }
    return picked
  },
  omit(source, params, work) {
    const names = namesOf(params)
    const rest = work.result(work.method(source, 'omit', ...names))
    const paths = names.filter((name) => name.includes('.') && !Object.hasOwn(source, name))
    return paths.reduce<Json>((object, path) => withoutPath(object, path.split('.')), rest)
  },
  rename: (source, { renamed }, work) => work.method(source, 'renameKeys', renamed),
  merge(source, { other, isDeep }, work) {
    const others = Array.isArray(other) ? other : [other ?? null]
    const wrong = others.find((each) => each !== null && !isPlain(each))
    if (wrong !== undefined) throw wrongSource(wrong, 'an object to join with')
    return work.method(source, isDeep ? 'mergeDeep' : 'merge', ...others.filter(isPlain))
  },
  set(source, { path, value }) {
    const made = { ...source }
    setPath(made, path.split('.'), value ?? null)
    return made
  },
  get(source, { path, otherwise }, work) {
    const found = readPathText(source, path, work)
    return found ?? (otherwise === '' ? null : otherwise)
  },
  compact: (source, _params, work) => work.method(source, 'compact'),
  mapValues: (source, { expression }, work) =>
    work.method(source, 'mapValues', work.item(expression, ['expression'], 'required', ['value', 'key'])),
  keys: (source, _params, work) => work.method(source, 'keys'),
  values: (source, _params, work) => work.method(source, 'values'),
  entries: (source, _params, work) => work.method(source, 'map', (value, key) => ({ key, value })),
  size: (source, _params, work) => work.method(source, 'size'),
}

function namesOf({ names }: ObjectParams): string[] {
  return namesIn(names).filter((name) => !name.split('.').some((part) => reserved.includes(part)))
}

const reserved = ['__proto__', 'constructor', 'prototype']

function isPlain(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

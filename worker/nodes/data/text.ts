import type { Json, JsonObject } from '../../contract/json.ts'
import { StepFailure } from '../../engine/behaviour.ts'
import { numberOf, type Value } from '../../expressions/index.ts'
import { defineInline, type ParamProblem } from '../define.ts'
import { out } from '../ports.ts'
import { checkPattern } from './check-pattern.ts'
import { compute, type Work } from './compute.ts'
import { checkNeeds, firstNeed } from './operation-form.ts'
import { extracting, literalPattern } from './patterns.ts'
import { give, missingParam, sourceOf, wrongSource } from './source.ts'
import { textOperations, textParams, type TextOperation, type TextParams } from './text-params.ts'

export const text = defineInline({
  type: 'data.text',
  title: 'Text',
  description: 'Changes a text, takes something out of it, or says something about it.',
  family: 'data',
  icon: 'type',
  aliases: [
    'string',
    'formatter',
    'uppercase',
    'lowercase',
    'replace',
    'regex',
    'extract',
    'split',
    'trim',
    'truncate',
    'base64',
    'slug',
    'encode',
  ],
  params: textParams,
  defaultParams: { operation: 'trim', source: '' },
  check: checkText,
  ports: [out],
  summary: '{operation}: {source}',
  sampleOutput: 'Ada Lovelace',
  compile: ({ params: given }) =>
    compute(textParams(), given, (params, work) => {
      const need = firstNeed(textOperations[params.operation], params)
      if (need !== undefined) throw missingParam(need.param, need.ask)
      return give(work, operations[params.operation](textFrom(params), params, work))
    }),
})

function checkText(params: JsonObject): ParamProblem[] {
  const { operation, source, find, pattern, isPattern } = params
  const noText = { severity: 'error', code: 'param.missing', message: 'Give a text.', path: ['source'] } as const
  const isPart = isPattern === true && (operation === 'replace' || operation === 'remove')
  return [
    ...(source === undefined || source === '' ? [noText] : []),
    ...checkNeeds(textOperations, params, 'trim'),
    ...(isPart ? checkPattern(find, ['find']) : []),
    ...(operation === 'extract' || operation === 'matches' ? checkPattern(pattern, ['pattern']) : []),
  ]
}

/** A text, or a number or yes/no as its text. */
function textFrom(params: TextParams): string {
  const source: Json = sourceOf(params, 'text')
  if (typeof source === 'string') return source
  if (typeof source === 'number' || typeof source === 'boolean') return String(source)
  const isList = Array.isArray(source)
  throw wrongSource(source, 'a text', `Take one ${isList ? 'item' : 'field'} of it, or write it with toJson(…).`)
}

type Change = (text: string, params: TextParams, work: Work) => Value

const operations: Record<TextOperation, Change> = {
  trim: method('trim'),
  collapse: method('collapse'),
  upper: method('upper'),
  lower: method('lower'),
  capitalize: method('capitalize'),
  titleCase: method('titleCase'),
  replace: (text, params, work) => replaced(text, params.replacement, params, work),
  remove: (text, params, work) => replaced(text, '', params, work),
  split: (text, params, work) =>
    chosen(work.method(work.method(text, 'split', params.separator), 'map', trimmed), params, work),
  lines: (text, params, work) => chosen(work.method(text, 'lines'), params, work),
  words: (text, params, work) => chosen(work.method(text, 'words'), params, work),
  before: (text, { find }, work) => work.method(text, 'before', find),
  after: (text, { find }, work) => work.method(text, 'after', find),
  between: (text, { find, end }, work) => {
    const rest = work.method(text, 'after', find)
    return work.method(rest, 'includes', end) === true ? work.method(rest, 'before', end) : ''
  },
  slice: (text, { from, to }, work) => work.method(text, 'slice', from, to),
  truncate: (text, { length, ending }, work) => work.method(text, 'truncate', length, ending),
  extract: (text, params, work) => chosen(work.method(text, 'matchAll', params.pattern, flags(params)), params, work),
  emails: extract('emails'),
  urls: extract('urls'),
  numbers(text, params, work) {
    const found = work.method(text, 'matchAll', extracting.numbers)
    const read = (each: Value) => numberOf(String(each).replaceAll(',', '')) ?? null
    return chosen(work.method(found, 'map', read), params, work)
  },
  phones: extract('phones'),
  contains: asks('includes'),
  startsWith: asks('startsWith'),
  endsWith: asks('endsWith'),
  matches: (text, params, work) => work.method(text, 'matches', params.pattern, flags(params)),
  count: asks('count'),
  length: (text) => text.length,
  position: asks('indexOf'),
  toNumber,
  removeAccents: method('removeAccents'),
  slug: method('slug'),
  camelCase: method('camelCase'),
  snakeCase: method('snakeCase'),
  kebabCase: method('kebabCase'),
  initials: method('initials'),
  pad: (text, { side, length, fill }, work) =>
    work.method(text, side === 'before' ? 'padStart' : 'padEnd', length, fill),
  repeat: (text, { times }, work) => work.method(text, 'repeat', times),
  reverse: method('reverse'),
  mask: (text, { visible }, work) => work.method(text, 'mask', visible),
  stripTags: method('stripTags'),
  escapeHtml: method('escapeHtml'),
  unescapeHtml: method('unescapeHtml'),
  encodeUrl: method('encodeUrl'),
  decodeUrl: method('decodeUrl'),
  encodeBase64: method('encodeBase64'),
  decodeBase64: method('decodeBase64'),
  quoteCsv: method('quoteCsv'),
}

function method(name: string): Change {
  return (text, _params, work) => work.method(text, name)
}

/** A question about a part of the text. */
function asks(name: string): Change {
  return (text, { find, ignoreCase }, work) =>
    ignoreCase ? work.method(work.method(text, 'lower'), name, find.toLowerCase()) : work.method(text, name, find)
}

function extract(what: keyof typeof extracting): Change {
  return (text, params, work) => chosen(work.method(text, 'matchAll', extracting[what], 'i'), params, work)
}

function replaced(text: string, replacement: string, params: TextParams, work: Work): Value {
  const { find, isPattern, ignoreCase, once } = params
  if (!isPattern && !ignoreCase) return work.method(text, once ? 'replace' : 'replaceAll', find, replacement)
  const pattern = isPattern ? find : literalPattern(find)
  const written = isPattern ? replacement : replacement.replaceAll('$', '$$$$')
  if (isPattern || !once) return work.method(text, 'replacePattern', pattern, written, flags(params))
  // What is found first stands nowhere before: a text that is found as it is written is found with its case as well.
  const first = work.method(text, 'match', pattern, flags(params))
  return typeof first === 'string' ? work.method(text, 'replace', first, replacement) : text
}

function flags({ ignoreCase }: TextParams): string {
  return ignoreCase ? 'i' : ''
}

function chosen(list: Value, { keeps }: TextParams, work: Work): Value {
  return keeps === 'all' ? list : work.method(list, keeps)
}

function trimmed(piece: Value): Value {
  return typeof piece === 'string' && piece.length > 1 ? piece.trim() : piece
}

/** Everything that groups figures or stands around them is left out: `€ 1.234,56` is 1234.56. */
function toNumber(text: string, { decimalMark }: TextParams, work: Work): Value {
  const found = work.method(text, 'match', "[+-]?[\\d.,\\s'’]*\\d")
  const figures = typeof found === 'string' ? found.replace(/[\s'’]/g, '') : ''
  const plain = decimalMark === '.' ? figures.replaceAll(',', '') : figures.replaceAll('.', '').replace(',', '.')
  const number = numberOf(plain)
  if (number !== undefined) return number
  const message = `“${text.slice(0, 40)}” writes no number such as ${decimalMark === '.' ? '1,234.56' : '1.234,56'}.`
  throw new StepFailure({ kind: 'terminal', code: 'data.wrong_kind', message, details: { param: 'source' } })
}

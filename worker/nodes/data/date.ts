import type { Json, JsonObject } from '../../contract/json.ts'
import { StepFailure } from '../../engine/behaviour.ts'
import { describeKind, type Value } from '../../expressions/index.ts'
import { defineInline } from '../define.ts'
import { out } from '../ports.ts'
import { compute, type Work } from './compute.ts'
import { dateOperations, dateParams, type DateOperation, type DateParams } from './date-params.ts'
import { checkNeeds, firstNeed } from './operation-form.ts'
import { give, missingParam, sourceOf } from './source.ts'

export const date = defineInline({
  type: 'data.date',
  title: 'Date and time',
  description: 'Reads, writes and moves dates, and says what lies between them, by the clocks of any time zone.',
  family: 'data',
  icon: 'calendar',
  aliases: [
    'format date',
    'add days',
    'date difference',
    'timezone',
    'convert',
    'weekday',
    'now',
    'today',
    'timestamp',
  ],
  params: dateParams,
  defaultParams: { operation: 'format', source: '' },
  check: (params) => [
    ...(/^\s*\d{4}-\d\d-\d\d\s*$/.test(String(params['source'])) ? [unquoted] : []),
    ...checkNeeds(dateOperations, params, 'format'),
    ...(params['as'] === 'own' && (params['pattern'] ?? '') === '' ? [noPattern] : []),
  ],
  ports: [out],
  summary: '{operation} {amount} {unit} {weekday} {part} {source}',
  sampleOutput: '2026-01-31T09:30:00.000Z',
  compile: ({ params: given }) =>
    compute(dateParams(), given, (params, work) => {
      const need = firstNeed(dateOperations[params.operation], params)
      if (need !== undefined) throw missingParam(need.param, need.ask)
      return give(work, operations[params.operation](startOf(given, params, work), params, work))
    }),
})

const unquoted = {
  severity: 'error',
  code: 'date.unquoted',
  message: 'Without quotes this is a subtraction. Write "2026-01-31".',
  path: ['source'],
} as const
const noPattern = { severity: 'error', code: 'param.missing', message: 'Give a pattern.', path: ['pattern'] } as const

/** The date to work on: now where none is given, which is not the same as one that leads to nothing. */
function startOf({ source: written }: JsonObject, params: DateParams, work: Work): Value {
  if (written === undefined || written === '') return work.method(work.now, 'in', params.timeZone)
  return dateFrom(sourceOf(params, 'date'), 'Date', params, work)
}

/** A date read by the clocks of the zone, and shown by them. */
function dateFrom(given: Json | undefined, title: string, params: DateParams, work: Work): Value {
  const { timeZone, readAs } = params
  if (given === undefined || given === null || given === '') throw noDate(title, 'missing')
  if (typeof given !== 'string' && typeof given !== 'number') throw noDate(title, describeKind(given))
  const figure = typeof given === 'string' && /^\s*-?\d+\s*$/.test(given) ? work.call('number', given) : given
  const read =
    readAs !== '' && typeof given === 'string'
      ? work.call('parseDate', given, readAs, timeZone)
      : work.call('date', figure, timeZone)
  return work.method(read, 'in', timeZone)
}

function noDate(title: string, what: string): StepFailure {
  const message = `“${title}” must be a date such as 2026-01-31T09:30:00Z, and it is ${what}.`
  return new StepFailure({ kind: 'terminal', code: 'data.wrong_kind', message, details: { param: title } })
}

type Operate = (start: Value, params: DateParams, work: Work) => Value

const operations: Record<DateOperation, Operate> = {
  format: written,
  add: (start, params, work) => written(work.method(start, 'add', params.amount, params.unit), params, work),
  subtract: (start, params, work) => written(work.method(start, 'subtract', params.amount, params.unit), params, work),
  difference: (start, params, work) => work.method(otherOf(params, work), 'diff', start, params.unit),
  startOf: (start, params, work) => written(work.method(start, 'startOf', params.unit), params, work),
  endOf: (start, params, work) => written(work.method(start, 'endOf', params.unit), params, work),
  at: (start, params, work) => written(work.method(start, 'at', params.time), params, work),
  next: (start, params, work) => written(work.method(start, 'next', params.weekday), params, work),
  part(start, { part, language }, work) {
    if (part === 'weekdayName') return work.method(start, 'format', 'EEEE', language)
    if (part === 'monthName') return work.method(start, 'format', 'MMMM', language)
    return work.method(start, part)
  },
  isBetween(start, params, work) {
    const from = dateFrom(params.from, 'From', params, work)
    const to = dateFrom(params.to, 'Until', params, work)
    return work.method(start, 'isBetween', from, to)
  },
  isBefore: (start, params, work) => work.method(start, 'isBefore', otherOf(params, work)),
  isAfter: (start, params, work) => work.method(start, 'isAfter', otherOf(params, work)),
  isSame: (start, params, work) => work.method(start, 'isSame', otherOf(params, work), params.unit),
}

function otherOf(params: DateParams, work: Work): Value {
  return dateFrom(params.other, 'Other date', params, work)
}

function written(date: Value, { as, pattern, language }: DateParams, work: Work): Value {
  switch (as) {
    case 'iso':
      return date
    case 'unix':
    case 'epoch':
      return work.method(date, as)
    case 'own':
      if (pattern === '') throw missingParam('pattern', 'Give a pattern.')
      return work.method(date, 'format', pattern, language)
    default:
      return work.method(date, 'format', as, language)
  }
}

import type { Json } from '../../contract/json.ts'
import { StepFailure } from '../../engine/behaviour.ts'
import { describeKind, numberOf, type Value } from '../../expressions/index.ts'
import { defineInline } from '../define.ts'
import { out } from '../ports.ts'
import { compute, type Work } from './compute.ts'
import { mathOperations, mathParams, type MathOperation, type MathParams } from './math-params.ts'
import { checkNeeds } from './operation-form.ts'
import { give } from './source.ts'

export const math = defineInline({
  type: 'data.math',
  title: 'Math',
  description: 'Computes with numbers, rounds them, or writes them as people do.',
  family: 'data',
  icon: 'calculator',
  aliases: ['number', 'calculate', 'add', 'subtract', 'multiply', 'divide', 'round', 'percentage', 'currency', 'sum'],
  params: mathParams,
  defaultParams: { operation: 'add' },
  check: (params) => [
    ...(params['source'] === undefined || params['source'] === '' ? [noNumber] : []),
    ...checkNeeds(mathOperations, params, 'add'),
  ],
  ports: [out],
  summary: '{operation} {source} {right} {whole} {before}',
  sampleOutput: 42,
  compile: ({ params: given }) =>
    compute(mathParams(), given, (params, work) => {
      const read = (value: Json | undefined, title: string) => numberFrom(value, params.fallback, title)
      return give(work, operations[params.operation](params, work, read))
    }),
})

const noNumber = { severity: 'error', code: 'param.missing', message: 'Give a number.', path: ['source'] } as const

type Read = (value: Json | undefined, title: string) => number
type Compute = (params: MathParams, work: Work, read: Read) => Value

const operations: Record<MathOperation, Compute> = {
  add: ofTwo((work, a, b) => exactly(work, work.calculate('+', a, b), Math.max(digitsOf(a), digitsOf(b)))),
  subtract: ofTwo((work, a, b) => exactly(work, work.calculate('-', a, b), Math.max(digitsOf(a), digitsOf(b)))),
  multiply: ofTwo((work, a, b) => exactly(work, work.calculate('*', a, b), digitsOf(a) + digitsOf(b))),
  divide: ofTwo((work, a, b) => work.calculate('/', a, notZero(b, 'right', 'Second number'))),
  remainder: ofTwo((work, a, b) => work.calculate('%', a, notZero(b, 'right', 'Second number'))),
  power: ofTwo((work, a, b) => work.calculate('**', a, b)),
  smaller: ofTwo((work, a, b) => work.call('min', a, b)),
  larger: ofTwo((work, a, b) => work.call('max', a, b)),
  percentOf: ofOne((work, a, { whole }, read) => work.calculate('/', work.calculate('*', a, read(whole, 'Of')), 100)),
  share: ofOne((work, a, { whole }, read) =>
    work.calculate('/', work.calculate('*', a, 100), notZero(read(whole, 'Of'), 'whole', 'Of')),
  ),
  change(params, work, read) {
    const before = notZero(read(params.before, 'Since'), 'before', 'Since')
    const change = work.calculate('-', read(params.source, 'Number'), before)
    return rounded(work, work.calculate('/', work.calculate('*', change, 100), Math.abs(before)), params)
  },
  clamp: ofOne((work, a, { least, most }, read) => {
    const from = least === undefined ? a : read(least, 'At least')
    const to = most === undefined ? Math.max(a, from) : read(most, 'At most')
    return work.method(a, 'clamp', least === undefined ? Math.min(a, to) : from, to)
  }),
  round: (params, work, read) => work.method(read(params.source, 'Number'), 'round', params.round ?? 0),
  floor: ofOne((work, a) => work.call('floor', a)),
  ceil: ofOne((work, a) => work.call('ceil', a)),
  trunc: ofOne((work, a) => work.call('trunc', a)),
  abs: ofOne((work, a) => work.call('abs', a)),
  negate: ofOne((work, a) => work.calculate('-', 0, a)),
  sqrt: ofOne((work, a) => work.call('sqrt', a)),
  format: (params, work, read) =>
    work.method(read(params.source, 'Number'), 'format', params.language, params.decimals),
  currency: (params, work, read) =>
    work.method(read(params.source, 'Number'), 'currency', params.currency, params.language),
  percent: (params, work, read) =>
    work.method(read(params.source, 'Number'), 'percent', params.decimals ?? 0, params.language),
}

function ofOne(work: (work: Work, number: number, params: MathParams, read: Read) => Value): Compute {
  return (params, tools, read) => rounded(tools, work(tools, read(params.source, 'Number'), params, read), params)
}

function ofTwo(work: (work: Work, left: number, right: number) => Value): Compute {
  return ofOne((tools, left, { right }, read) => work(tools, left, read(right, 'Second number')))
}

/** A result that has so many digits after the point, since what it was made of had: 0.1 + 0.2 is 0.3. */
function exactly(work: Work, value: number, digits: number): Value {
  return digits <= 15 ? work.method(value, 'round', digits) : value
}

/** Digits after the point, as a number is written. */
function digitsOf(number: number): number {
  const [mantissa = '', exponent = '0'] = String(number).split('e')
  return Math.max(0, (mantissa.split('.')[1] ?? '').length - Number(exponent))
}

/**
 * To the digits asked for. Otherwise to the 15 that a number holds for sure: what comes after them is not a figure but
 * how computers write fractions.
 */
function rounded(work: Work, value: Value, { round }: MathParams): Value {
  if (typeof value !== 'number') return value
  if (round !== undefined) return work.method(value, 'round', round)
  return Number.isInteger(value) ? value + 0 : Number(value.toPrecision(15))
}

function numberFrom(given: Json | undefined, fallback: Json | undefined, title: string): number {
  const isMissing = given === undefined || given === null || given === ''
  const value = isMissing && fallback !== '' ? fallback : given
  if (value === undefined || value === null || value === '') {
    throw failed(
      'data.missing',
      `“${title}” is ${given === '' ? 'empty' : 'missing'}. Give a number, or say under “If a number is missing” what to take.`,
    )
  }
  const number = typeof value === 'string' ? numberOf(value) : value
  if (typeof number === 'number') return number
  const shown = typeof value === 'string' ? `the text “${value.slice(0, 40)}”` : describeKind(value)
  throw failed('data.wrong_kind', `“${title}” must be a number such as 12.50, and it is ${shown}.`)
}

function notZero(number: number, param: string, title: string): number {
  if (number !== 0) return number
  throw failed('data.division_by_zero', `“${title}” is 0, and nothing can be divided by that. Check it first.`, param)
}

function failed(code: string, message: string, param?: string): StepFailure {
  return new StepFailure({ kind: 'terminal', code, message, ...(param !== undefined && { details: { param } }) })
}

import { BoundedMap } from '../../lib/bounded-map.ts'
import { DateValue } from '../dates/date-value.ts'
import { Problem } from '../problem.ts'
import { describeKind, numberOf, type Value } from '../value.ts'
import { defineFunction, defineMethod, number, optional, rest, text, value, whole, type Definition } from './define.ts'

/** Rounds half away from zero, on the decimal figure that people see: 1.005 to 2 digits is 1.01. */
export function roundTo(figure: number, digits: number): number {
  const [mantissa = '0', exponent = '0'] = String(Math.abs(figure)).split('e')
  const shifted = Math.round(Number(`${mantissa}e${Number(exponent) + digits}`))
  const [rounded = '0', scale = '0'] = String(shifted).split('e')
  return Math.sign(figure) * Number(`${rounded}e${Number(scale) - digits}`) + 0
}

/** Functions and methods on numbers. */
export const numberFunctions: readonly Definition[] = [
  defineFunction({
    name: 'number',
    aliases: ['Number', 'parseFloat'],
    takes: [value('value'), optional(value('otherwise'))],
    gives: 'number',
    forgiving: true,
    description:
      'The number that a text writes; true is 1, a date its epoch milliseconds. Without a number: otherwise, or an error.',
    example: 'number(" 12.50 ")',
    result: 12.5,
    run: ([given, otherwise]) => toNumber(given) ?? orElse(given, otherwise),
  }),
  defineFunction({
    name: 'round',
    aliases: ['Math.round'],
    takes: [number('number'), optional(whole('digits', -15, 15))],
    gives: 'number',
    description: 'Rounded to so many digits after the point (0), half away from zero.',
    example: 'round(2.345, 2)',
    result: 2.35,
    run: ([given, digits = 0]) => roundTo(given, digits),
  }),
  defineFunction({
    name: 'floor',
    aliases: ['Math.floor'],
    takes: [number('number')],
    gives: 'number',
    description: 'The next whole number below.',
    example: 'floor(-1.5)',
    result: -2,
    run: ([given]) => Math.floor(given),
  }),
  defineFunction({
    name: 'ceil',
    aliases: ['Math.ceil'],
    takes: [number('number')],
    gives: 'number',
    description: 'The next whole number above.',
    example: 'ceil(1.2)',
    result: 2,
    run: ([given]) => Math.ceil(given) + 0,
  }),
  defineFunction({
    name: 'trunc',
    aliases: ['Math.trunc', 'parseInt'],
    takes: [number('number')],
    gives: 'number',
    description: 'Without its digits after the point.',
    example: 'trunc(-1.7)',
    result: -1,
    run: ([given]) => Math.trunc(given) + 0,
  }),
  defineFunction({
    name: 'abs',
    aliases: ['Math.abs'],
    takes: [number('number')],
    gives: 'number',
    description: 'Without its sign.',
    example: 'abs(-3)',
    result: 3,
    run: ([given]) => Math.abs(given),
  }),
  defineFunction({
    name: 'sign',
    aliases: ['Math.sign'],
    takes: [number('number')],
    gives: 'number',
    description: '-1, 0 or 1.',
    example: 'sign(-12)',
    result: -1,
    run: ([given]) => Math.sign(given) + 0,
  }),
  defineFunction({
    name: 'sqrt',
    aliases: ['Math.sqrt'],
    takes: [number('number')],
    gives: 'number',
    description: 'The square root.',
    example: 'sqrt(9)',
    result: 3,
    run([given]) {
      if (given < 0) throw new Problem('expression.value', 'There is no square root of a negative number.')
      return Math.sqrt(given)
    },
  }),
  defineFunction({
    name: 'pow',
    aliases: ['Math.pow'],
    takes: [number('base'), number('exponent')],
    gives: 'number',
    description: 'The power; the same as **.',
    example: 'pow(2, 10)',
    result: 1024,
    run: ([base, exponent]) => finite(base ** exponent),
  }),
  defineFunction({
    name: 'log',
    aliases: ['Math.log'],
    takes: [number('number'), optional(number('base'))],
    gives: 'number',
    description: 'The logarithm to a base (e).',
    example: 'round(log(1000, 10))',
    result: 3,
    run: ([given, base]) => finite(base === undefined ? Math.log(given) : Math.log(given) / Math.log(base)),
  }),
  defineFunction({
    name: 'min',
    aliases: ['Math.min'],
    takes: [rest(number('numbers'))],
    gives: 'number',
    description: 'The smallest. For a list write list.min().',
    example: 'min(3, 1, 2)',
    result: 1,
    run: ([numbers]) => smallest(numbers, 1),
  }),
  defineFunction({
    name: 'max',
    aliases: ['Math.max'],
    takes: [rest(number('numbers'))],
    gives: 'number',
    description: 'The largest. For a list write list.max().',
    example: 'max(3, 1, 2)',
    result: 3,
    run: ([numbers]) => smallest(numbers, -1),
  }),
  defineMethod('number', {
    name: 'round',
    takes: [optional(whole('digits', -15, 15))],
    gives: 'number',
    description: 'Rounded to so many digits after the point (0), half away from zero.',
    example: '(19.999).round(1)',
    result: 20,
    run: (self, [digits = 0]) => roundTo(self, digits),
  }),
  defineMethod('number', {
    name: 'floor',
    takes: [],
    gives: 'number',
    description: 'The next whole number below.',
    example: '(1.9).floor()',
    result: 1,
    run: (self) => Math.floor(self),
  }),
  defineMethod('number', {
    name: 'ceil',
    takes: [],
    gives: 'number',
    description: 'The next whole number above.',
    example: '(1.1).ceil()',
    result: 2,
    run: (self) => Math.ceil(self) + 0,
  }),
  defineMethod('number', {
    name: 'abs',
    takes: [],
    gives: 'number',
    description: 'Without its sign.',
    example: '(-3).abs()',
    result: 3,
    run: (self) => Math.abs(self),
  }),
  defineMethod('number', {
    name: 'clamp',
    takes: [number('least'), number('most')],
    gives: 'number',
    description: 'Kept between two numbers.',
    example: '(120).clamp(0, 100)',
    result: 100,
    run: (self, [least, most]) => Math.min(Math.max(self, least), most),
  }),
  defineMethod('number', {
    name: 'toFixed',
    takes: [optional(whole('digits', 0, 15))],
    gives: 'text',
    description: 'As text with exactly so many digits after the point (0).',
    example: '(12.5).toFixed(2)',
    result: '12.50',
    run: (self, [digits = 0]) => roundTo(self, digits).toFixed(digits),
  }),
  defineMethod('number', {
    name: 'format',
    takes: [optional(text('language')), optional(whole('digits', 0, 15))],
    gives: 'text',
    description: 'As people of a language (en) write it, with their separators.',
    example: '(1234567.891).format("de", 2)',
    result: '1.234.567,89',
    run: (self, [language = 'en', digits]) =>
      numberFormat(
        language,
        digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits },
      ).format(self),
  }),
  defineMethod('number', {
    name: 'currency',
    takes: [text('currency'), optional(text('language'))],
    gives: 'text',
    description: 'As an amount of money, in the way of a language (en).',
    example: '(1234.5).currency("EUR")',
    result: '€1,234.50',
    run(self, [currency, language = 'en']) {
      if (!/^[A-Za-z]{3}$/.test(currency)) {
        throw new Problem(
          'expression.value',
          `“${currency.slice(0, 20)}” is not a currency. Use a code such as EUR or USD.`,
        )
      }
      return numberFormat(language, { style: 'currency', currency }).format(self)
    },
  }),
  defineMethod('number', {
    name: 'percent',
    takes: [optional(whole('digits', 0, 15)), optional(text('language'))],
    gives: 'text',
    description: 'As a percentage: 1 is 100 %.',
    example: '(0.256).percent(1)',
    result: '25.6%',
    run: (self, [digits = 0, language = 'en']) =>
      numberFormat(language, { style: 'percent', minimumFractionDigits: digits, maximumFractionDigits: digits }).format(
        self,
      ),
  }),
  defineMethod('number', {
    name: 'isInteger',
    takes: [],
    gives: 'boolean',
    description: 'Whether it is a whole number.',
    example: '(2.5).isInteger()',
    result: false,
    run: (self) => Number.isInteger(self),
  }),
]

function toNumber(given: Value): number | undefined {
  if (typeof given === 'number') return given
  if (typeof given === 'string') return numberOf(given)
  if (typeof given === 'boolean') return given ? 1 : 0
  return given instanceof DateValue ? given.epochMs : undefined
}

function orElse(given: Value, otherwise: Value): Value {
  if (otherwise !== undefined) return otherwise
  const shown =
    typeof given === 'string' ? `“${given.slice(0, 40)}” writes no number` : `this is ${describeKind(given)}`
  throw new Problem('expression.value', `${shown}. Give a second argument for that case: number(value, 0).`)
}

function finite(result: number): number {
  if (!Number.isFinite(result)) throw new Problem('expression.value', 'The result is no finite number.')
  return result
}

function smallest(numbers: readonly number[], direction: 1 | -1): Value {
  return numbers.reduce<number | undefined>(
    (best, each) => (best === undefined || (each - best) * direction < 0 ? each : best),
    undefined,
  )
}

const formats = new BoundedMap<string, Intl.NumberFormat>(200)

function numberFormat(language: string, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${language} ${JSON.stringify(options)}`
  const known = formats.get(key)
  if (known !== undefined) return known
  try {
    const made = new Intl.NumberFormat(language, options)
    formats.set(key, made)
    return made
  } catch {
    throw new Problem(
      'expression.value',
      `“${language.slice(0, 40)}” is not a language. Use a code such as en, de or pt-BR.`,
    )
  }
}

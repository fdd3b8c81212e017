// define
//
// How a function or method of the expression language is written down: once, as data with its implementation. The
// catalogue, the documentation, the editor's completion and the checks of arguments all come from it.

import type { Json } from '../../contract/json.ts'
import { DateValue } from '../dates/date-value.ts'
import { dateFromNumber, parseDate } from '../dates/parse-date.ts'
import type { Evaluation } from '../evaluation.ts'
import { Problem } from '../problem.ts'
import { describeKind, isObject, kindOf, numberOf, type Value, type ValueObject } from '../value.ts'

/** An arrow function, ready to be called. Only methods that take one ever see it. */
export type Lambda = (...items: Value[]) => Value
export type Argument = Value | Lambda

/** What a method belongs to. */
export type Receiver = 'text' | 'number' | 'date' | 'list' | 'object' | 'any'
interface ReceiverValue {
  text: string
  number: number
  date: DateValue
  list: Value[]
  object: ValueObject
  any: Value
}

export interface Parameter<T> {
  /** Name and type, as the signature shows them. */
  label: string
  presence: 'required' | 'optional' | 'rest'
  /** For arrow functions: whether the body is a test, where a missing key counts as false. */
  arrow?: 'value' | 'test'
  read(argument: Argument): T
}
type ArgumentsOf<P extends readonly Parameter<unknown>[]> = {
  [I in keyof P]: P[I] extends Parameter<infer T> ? T : never
}

export interface Definition {
  name: string
  /** What the method belongs to; undefined for functions. */
  on: Receiver | undefined
  aliases: readonly string[]
  parameters: readonly Parameter<unknown>[]
  /** Whether arguments may be paths that lead nowhere. */
  forgiving: boolean
  gives: string
  description: string
  example: string
  result: Json
  call(evaluation: Evaluation, receiver: Value, args: readonly Argument[]): Value
}

interface Spec<P extends readonly Parameter<unknown>[]> {
  name: string
  aliases?: readonly string[]
  takes: P
  forgiving?: boolean
  /** What comes back, as the signature shows it. */
  gives: string
  description: string
  example: string
  result: Json
}

/** A function: `name(a, b)`. */
export function defineFunction<const P extends readonly Parameter<unknown>[]>(
  spec: Spec<P> & { run: (args: ArgumentsOf<P>, evaluation: Evaluation) => Value },
): Definition {
  return define(spec, undefined, (_receiver, args, evaluation) => spec.run(args, evaluation))
}

/** A method: `receiver.name(a, b)`. */
export function defineMethod<R extends Receiver, const P extends readonly Parameter<unknown>[]>(
  on: R,
  spec: Spec<P> & { run: (receiver: ReceiverValue[R], args: ArgumentsOf<P>, evaluation: Evaluation) => Value },
): Definition {
  return define(spec, on, (receiver, args, evaluation) => {
    if (!isReceiver(receiver, on)) throw new Problem('expression.type', `“${spec.name}” needs ${on}.`)
    return spec.run(receiver, args, evaluation)
  })
}

function define<P extends readonly Parameter<unknown>[]>(
  spec: Spec<P>,
  on: Receiver | undefined,
  run: (receiver: Value, args: ArgumentsOf<P>, evaluation: Evaluation) => Value,
): Definition {
  const { name, takes, forgiving = false, gives, description, example, result } = spec
  return {
    name,
    on,
    aliases: spec.aliases ?? [],
    parameters: takes,
    forgiving,
    gives,
    description,
    example,
    result,
    call(evaluation, receiver, args) {
      const value = run(receiver, readArguments(name, takes, args), evaluation)
      // Paid after the work for what grows by a small factor at most. Whatever can grow more pays before.
      if (typeof value === 'string') evaluation.spendText(value.length)
      else if (Array.isArray(value)) evaluation.spendItems(value.length)
      return value
    },
  }
}

/** The arguments as the parameters read them. The one place where the tuple's type is built rather than seen. */
function readArguments<P extends readonly Parameter<unknown>[]>(
  name: string,
  parameters: P,
  args: readonly Argument[],
): ArgumentsOf<P> {
  const read: unknown[] = []
  for (const [index, parameter] of parameters.entries()) {
    try {
      if (parameter.presence === 'rest') read.push(args.slice(index).map((argument) => parameter.read(argument)))
      else if (parameter.presence === 'optional' && args[index] === undefined) read.push(undefined)
      else read.push(parameter.read(args[index]))
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      throw new Problem(
        error.code,
        `“${name}” takes ${parameter.label} as its ${ordinals[index] ?? 'next'} argument. ${error.message}`,
      )
    }
  }
  return read as ArgumentsOf<P>
}

const ordinals = ['first', 'second', 'third', 'fourth']

function isReceiver<R extends Receiver>(value: Value, on: R): value is ReceiverValue[R] & Value {
  return on === 'any' || kindOf(value) === on
}

/** How a call is written: `padStart(length, fill?)`. */
export function signatureOf({ name, parameters, gives }: Definition): string {
  return `${name}(${parameters.map((parameter) => parameter.label).join(', ')}) → ${gives}`
}

function wrong(argument: Argument, wanted: string): Problem {
  const got = typeof argument === 'function' ? 'a function' : describeKind(argument)
  return new Problem('expression.type', `It must be ${wanted}, and this is ${got}.`)
}

function parameter<T>(label: string, read: (argument: Argument) => T): Parameter<T> {
  return { label, presence: 'required', read }
}

/** Text; numbers and booleans are taken as their text. */
export function text(label: string): Parameter<string> {
  return parameter(label, (argument) => {
    if (typeof argument === 'string') return argument
    if (typeof argument === 'number' || typeof argument === 'boolean') return String(argument)
    throw wrong(argument, 'text')
  })
}

/** A number, or text that writes one. */
export function number(label: string): Parameter<number> {
  return parameter(label, (argument) => {
    const value = typeof argument === 'string' ? numberOf(argument) : argument
    if (typeof value === 'number') return value
    throw wrong(argument, 'a number')
  })
}

/** A whole number within limits. */
export function whole(label: string, least: number, most: number): Parameter<number> {
  const { read } = number(label)
  return parameter(label, (argument) => {
    const value = read(argument)
    if (Number.isInteger(value) && value >= least && value <= most) return value
    throw new Problem('expression.value', `It must be a whole number from ${least} to ${most}, and this is ${value}.`)
  })
}

/** True or false, and nothing that is only taken for it. */
export function boolean(label: string): Parameter<boolean> {
  return parameter(label, (argument) => {
    if (typeof argument === 'boolean') return argument
    throw wrong(argument, 'true or false')
  })
}

/** A list. */
export function list(label: string): Parameter<Value[]> {
  return parameter(label, (argument) => {
    if (Array.isArray(argument)) return argument
    throw wrong(argument, 'a list')
  })
}

/** An object; no date. */
export function object(label: string): Parameter<ValueObject> {
  return parameter(label, (argument) => {
    if (typeof argument !== 'function' && isObject(argument)) return argument
    throw wrong(argument, 'an object')
  })
}

/** A date, ISO text or an epoch figure. */
export function date(label: string): Parameter<DateValue> {
  return parameter(label, (argument) => {
    if (argument instanceof DateValue) return argument
    const read =
      typeof argument === 'string'
        ? parseDate(argument)
        : typeof argument === 'number'
          ? dateFromNumber(argument)
          : undefined
    if (read !== undefined) return read
    if (typeof argument === 'string') {
      throw new Problem(
        'expression.value',
        `“${argument.slice(0, 40)}” is no date such as 2026-01-31 or 2026-01-31T09:30:00Z.`,
      )
    }
    throw wrong(argument, 'a date')
  })
}

/** Any value. */
export function value(label: string): Parameter<Value> {
  return parameter(label, (argument) => {
    if (typeof argument !== 'function') return argument
    throw wrong(argument, 'a value')
  })
}

/** An arrow function that gives a value. */
export function arrow(label: string): Parameter<Lambda> {
  return { ...parameter(label, readArrow), arrow: 'value' }
}

/** An arrow function that answers yes or no; a missing key in its body counts as no. */
export function test(label: string): Parameter<Lambda> {
  return { ...parameter(label, readArrow), arrow: 'test' }
}

function readArrow(argument: Argument): Lambda {
  if (typeof argument === 'function') return argument
  throw wrong(argument, 'a function such as item => item.name')
}

/** The same argument, which may be left out. */
export function optional<T>(required: Parameter<T>): Parameter<T | undefined> {
  return { ...required, label: `${required.label}?`, presence: 'optional' }
}

/** Any number of arguments, read as a list. */
export function rest<T>(each: Parameter<T>): Parameter<T[]> {
  const read: Parameter<unknown> = { ...each, label: `…${each.label}`, presence: 'rest' }
  return read as Parameter<T[]>
}

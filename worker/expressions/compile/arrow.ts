import type { ArrowFunctionExpression, Pattern } from 'acorn'
import type { Evaluation } from '../evaluation.ts'
import type { Lambda } from '../functions/define.ts'
import { Problem } from '../problem.ts'
import { errorAt } from '../source.ts'
import { describeKind, isObject, readKey, setKey, type Value, type ValueObject } from '../value.ts'
import type { Compiler, Mode } from './compiler.ts'

/** The names of one arrow function: opened before its parameters, closed after its body. */
export interface Names {
  open(): void
  declare(name: string): number
  close(): void
}

type Bind = (evaluation: Evaluation, value: Value) => void

/** Compiles `(item, index) => …` to a function that is made when its call is evaluated. */
export function compileArrow(
  compiler: Compiler,
  node: ArrowFunctionExpression,
  bodyMode: Mode,
  names: Names,
): (evaluation: Evaluation) => Lambda {
  if (node.async) {
    throw errorAt(compiler.source, node, 'expression.syntax', '“async” does not exist in expressions. Leave it out.')
  }
  const { body } = node
  if (body.type === 'BlockStatement') {
    const message =
      'A function is one expression, without braces and return: item => item.name. For an object write item => ({ … }).'
    throw errorAt(compiler.source, body, 'expression.syntax', message)
  }
  names.open()
  const binders: Bind[] = []
  let restFrom = -1
  for (const [index, parameter] of node.params.entries()) {
    if (parameter.type === 'RestElement') {
      restFrom = index
      binders.push(compilePattern(compiler, parameter.argument, names))
    } else {
      binders.push(compilePattern(compiler, parameter, names))
    }
  }
  const evaluateBody = compiler.compile(body, bodyMode)
  names.close()

  return (evaluation) =>
    (...items) => {
      for (let index = 0; index < binders.length; index++) {
        binders[index]?.(evaluation, index === restFrom ? items.slice(index) : items[index])
      }
      return evaluateBody(evaluation)
    }
}

function compilePattern(compiler: Compiler, pattern: Pattern, names: Names): Bind {
  switch (pattern.type) {
    case 'Identifier': {
      const slot = names.declare(pattern.name)
      return (evaluation, value) => {
        evaluation.slots[slot] = value
      }
    }
    case 'AssignmentPattern': {
      const fallback = compiler.compile(pattern.right, 'required')
      const bind = compilePattern(compiler, pattern.left, names)
      return (evaluation, value) => bind(evaluation, value === undefined ? fallback(evaluation) : value)
    }
    case 'ArrayPattern': {
      const binders = pattern.elements.map((element) => {
        if (element === null) return undefined
        return element.type === 'RestElement'
          ? { rest: true, bind: compilePattern(compiler, element.argument, names) }
          : { rest: false, bind: compilePattern(compiler, element, names) }
      })
      return (evaluation, value) => {
        if (!Array.isArray(value)) throw untakeable('[ ]', 'a list', value)
        evaluation.spendItems(value.length)
        for (const [index, binder] of binders.entries())
          binder?.bind(evaluation, binder.rest ? value.slice(index) : value[index])
      }
    }
    case 'ObjectPattern': {
      const binders: ((evaluation: Evaluation, value: ValueObject, seen: string[]) => void)[] = []
      for (const property of pattern.properties) {
        if (property.type === 'RestElement') {
          const bind = compilePattern(compiler, property.argument, names)
          binders.push((evaluation, value, seen) => {
            const rest: ValueObject = {}
            const keys = Object.keys(value)
            evaluation.spendItems(keys.length)
            for (const key of keys) if (!seen.includes(key)) setKey(rest, key, value[key])
            bind(evaluation, rest)
          })
          continue
        }
        const { key } = property
        if (property.computed || (key.type !== 'Identifier' && key.type !== 'Literal')) {
          throw errorAt(
            compiler.source,
            key,
            'expression.syntax',
            'Keys between { } of a parameter are written out: ({ name }) => name.',
          )
        }
        const name = key.type === 'Identifier' ? key.name : String(key.value)
        const bind = compilePattern(compiler, property.value, names)
        binders.push((evaluation, value, seen) => {
          seen.push(name)
          bind(evaluation, readKey(value, name))
        })
      }
      return (evaluation, value) => {
        if (!isObject(value)) throw untakeable('{ }', 'an object', value)
        const seen: string[] = []
        for (const bind of binders) bind(evaluation, value, seen)
      }
    }
    default:
      throw compiler.refuse(pattern)
  }
}

function untakeable(brackets: string, wanted: string, value: Value): Problem {
  return new Problem(
    'expression.type',
    `A parameter with ${brackets} takes ${wanted} apart, and this is ${describeKind(value)}.`,
  )
}

import type { ArrowFunctionExpression, CallExpression, Expression, MemberExpression, SpreadElement } from 'acorn'
import type { ExpressionError } from '../error.ts'
import type { Evaluate, Evaluation } from '../evaluation.ts'
import type { Argument, Definition, Lambda } from '../functions/define.ts'
import { findFunction, findMethods, functionNames, namespaces } from '../functions/registry.ts'
import { Problem } from '../problem.ts'
import { errorAt, located, type Span } from '../source.ts'
import { listNames, nearestName } from '../suggest.ts'
import type { Compiler, Mode } from './compiler.ts'

export type EvaluateArguments = (evaluation: Evaluation) => Argument[]

/** A call of a function by its name, or undefined when the call is of a method. */
export function compileFunctionCall(compiler: Compiler, call: CallExpression): Evaluate | undefined {
  const { callee } = call
  let name: string | undefined
  if (callee.type === 'Identifier') {
    name = callee.name
    if (compiler.slotOf(name) !== undefined) {
      throw errorAt(compiler.source, callee, 'expression.type', `“${name}” is a value here and cannot be called.`)
    }
  } else if (callee.type === 'MemberExpression') {
    name = namespacedName(compiler, callee)
  }
  if (name === undefined) return undefined
  if (call.optional) throw uncallable(compiler, call)
  const definition = findFunction(name)
  if (definition === undefined) throw unknownFunction(compiler, callee, name)
  const args = compileArguments(compiler, call, name, [definition])
  return (evaluation) => {
    evaluation.spend(1)
    const values = args(evaluation)
    try {
      return definition.call(evaluation, undefined, values)
    } catch (error) {
      throw located(compiler.source, call, error)
    }
  }
}

/** `Math.round` where it is the name of a function. */
export function namespacedName(compiler: Compiler, callee: MemberExpression): string | undefined {
  const { object, property, computed } = callee
  if (computed || object.type !== 'Identifier' || property.type !== 'Identifier') return undefined
  if (!namespaces.has(object.name) || compiler.slotOf(object.name) !== undefined) return undefined
  return `${object.name}.${property.name}`
}

function unknownFunction(compiler: Compiler, span: Span, name: string): ExpressionError {
  const suggestion = nearestName(name, functionNames)
  const methods = findMethods(name)
  const method = methods === undefined ? '' : ` It is a method: write value.${name}(…).`
  return errorAt(
    compiler.source,
    span,
    'expression.unknown_name',
    `There is no function “${name.slice(0, 60)}”.${
      method !== '' ? method : suggestion === undefined ? '' : ` Did you mean “${suggestion}”?`
    } All functions are in the function reference.`,
    suggestion === undefined ? {} : { suggestion },
  )
}

/** The arguments of a call, arrow functions among them where one of the definitions takes one. */
export function compileArguments(
  compiler: Compiler,
  call: CallExpression,
  name: string,
  definitions: readonly Definition[],
): EvaluateArguments {
  checkCount(compiler, call, name, definitions)
  const mode: Mode = definitions.some((definition) => definition.forgiving) ? 'forgiving' : 'required'
  const compiled = call.arguments.map((argument, index) => {
    if (argument.type === 'SpreadElement')
      return { spread: true, evaluate: compiler.compile(argument.argument, 'required') }
    if (argument.type !== 'ArrowFunctionExpression')
      return { spread: false, evaluate: compiler.compile(argument, mode) }
    return { spread: false, evaluate: compileArrowArgument(compiler, argument, index, name, definitions) }
  })
  if (!compiled.some(({ spread }) => spread)) {
    return (evaluation) => compiled.map(({ evaluate }) => evaluate(evaluation))
  }
  return (evaluation) => {
    const args: Argument[] = []
    for (const { spread, evaluate } of compiled) {
      const argument = evaluate(evaluation)
      if (!spread) {
        args.push(argument)
      } else if (Array.isArray(argument)) {
        evaluation.spendItems(argument.length)
        for (const item of argument) args.push(item)
      } else {
        throw new Problem('expression.type', `“…” spreads a list into arguments.`)
      }
    }
    return args
  }
}

function compileArrowArgument(
  compiler: Compiler,
  arrow: ArrowFunctionExpression,
  index: number,
  name: string,
  definitions: readonly Definition[],
): (evaluation: Evaluation) => Lambda {
  const kind = definitions.map(({ parameters }) => parameters[index]?.arrow).find((each) => each !== undefined)
  if (kind === undefined) {
    throw errorAt(compiler.source, arrow, 'expression.type', `“${name}” does not take a function here.`)
  }
  return compiler.compileArrow(arrow, kind === 'test' ? 'maybe' : 'required')
}

function checkCount(compiler: Compiler, call: CallExpression, name: string, definitions: readonly Definition[]): void {
  const given = call.arguments.length
  if (call.arguments.some((argument: Expression | SpreadElement) => argument.type === 'SpreadElement')) return
  const fits = definitions.some(({ parameters }) => {
    const least = parameters.filter(({ presence }) => presence === 'required').length
    const most = parameters.some(({ presence }) => presence === 'rest') ? Number.POSITIVE_INFINITY : parameters.length
    return given >= least && given <= most
  })
  if (fits) return
  const forms = definitions.map(({ parameters }) => `${name}(${parameters.map(({ label }) => label).join(', ')})`)
  const message = `“${name}” is written ${[...new Set(forms)].join(' or ')}, and here it has ${given} ${given === 1 ? 'argument' : 'arguments'}.`
  throw errorAt(compiler.source, call, 'expression.type', message)
}

/** A call of something that has no name. */
export function uncallable(compiler: Compiler, call: CallExpression): ExpressionError {
  return errorAt(
    compiler.source,
    call,
    'expression.syntax',
    'Only functions and methods can be called, by their name: upper(name) is name.upper(). ' +
      `They are listed in the function reference (${listNames(['map', 'filter', 'join', 'round', 'format'])} …).`,
  )
}

// chain
//
// Paths and method calls: `trigger.body.items[0].name.upper()`. A chain is compiled to one loop over its links, however
// long it is, because paths are most of what workflows evaluate.

import type { ArrowFunctionExpression, CallExpression, Expression, MemberExpression, SpreadElement } from 'acorn'
import { DateValue } from '../dates/date-value.ts'
import { ExpressionError } from '../error.ts'
import type { Evaluate, Evaluation } from '../evaluation.ts'
import type { Argument, Definition, Lambda } from '../functions/define.ts'
import {
  findFunction, findMethods, functionNames, methodFor, methodNames, namespaces, type Methods,
} from '../functions/registry.ts'
import { Problem } from '../problem.ts'
import { errorAt, type Span } from '../source.ts'
import { listNames, nearestName } from '../suggest.ts'
import { describeKind, kindOf, readKey, type Value } from '../value.ts'
import type { Compiler, Mode } from './compiler.ts'
import { missingKey, shorten, stepNotRun } from './missing.ts'

type EvaluateArguments = (evaluation: Evaluation) => Argument[]

type Link = { optional: boolean; whole: Span; owner: Span } & (
  | { kind: 'key'; key: string | number }
  | { kind: 'computed'; key: Evaluate }
  | { kind: 'call'; name: string; methods: Methods; args: EvaluateArguments }
)

/** Compiles a path, a method call, or any mixture of them. */
export function compileChain(compiler: Compiler, node: MemberExpression | CallExpression, mode: Mode): Evaluate {
  const called = node.type === 'CallExpression' ? compileFunctionCall(compiler, node) : undefined
  if (called !== undefined) return called

  const links: Link[] = []
  const base = collectLinks(compiler, node, links)
  const rootName = base.type === 'Identifier' && compiler.slotOf(base.name) === undefined ? base.name : undefined
  compiler.count(node, links.length)
  if (rootName !== undefined) recordRead(compiler, rootName, base, links, mode)
  const evaluateBase =
    rootName === undefined
      ? compiler.compile(base, links[0]?.optional === true ? 'maybe' : mode)
      : compileRoot(compiler, rootName, base)
  return follow(compiler, evaluateBase, links, rootName === 'steps', mode)
}

function follow(compiler: Compiler, base: Evaluate, links: readonly Link[], inSteps: boolean, mode: Mode): Evaluate {
  const { source } = compiler
  const missing = (index: number, key: string | number, container: Value): ExpressionError => {
    const link = links[index]
    const step = { owner: link?.owner ?? { start: 0, end: 0 }, whole: link?.whole ?? { start: 0, end: 0 }, key }
    return inSteps && index === 0 && container !== null && container !== undefined
      ? stepNotRun(source, step, container)
      : missingKey(source, step, container)
  }

  return (evaluation) => {
    evaluation.spend(links.length)
    let current = base(evaluation)
    let container: Value
    let key: string | number = ''
    for (let index = 0; index < links.length; index++) {
      const link = links[index]
      if (link === undefined) break
      if (current === undefined || current === null) {
        if (link.optional || mode === 'forgiving') return undefined
        const before = links[index - 1]
        if (current === undefined && before !== undefined && before.kind !== 'call') throw missing(index - 1, key, container)
        if (link.kind !== 'call') throw missing(index, link.kind === 'key' ? link.key : readName(evaluation, link.key), current)
        throw errorAt(
          source,
          link.whole,
          'expression.missing_path',
          `${shorten(source, link.owner)} is ${describeKind(current)}, so “${link.name}” cannot be called on it. ` +
            `Write ${shorten(source, link.owner)}?.${link.name}(…) if that is fine.`,
          { missingPath: shorten(source, link.owner) },
        )
      }
      container = current
      switch (link.kind) {
        case 'key':
          key = link.key
          current = readKey(current, key)
          break
        case 'computed':
          key = readName(evaluation, link.key)
          current = readKey(current, key)
          break
        case 'call':
          current = callMethod(compiler, evaluation, link, current)
          break
      }
    }
    if (current === undefined && mode === 'required') {
      const last = links[links.length - 1]
      if (last !== undefined && last.kind !== 'call' && !last.optional) throw missing(links.length - 1, key, container)
    }
    return current
  }
}

/** From the outside in: `a.b.c` is c of (b of a). Stops at brackets, where optional chaining starts anew. */
function collectLinks(compiler: Compiler, node: MemberExpression | CallExpression, links: Link[]): Expression {
  const reversed: (() => Link)[] = []
  let current: Expression = node
  for (;;) {
    if (current.type === 'MemberExpression') {
      const member: MemberExpression = current
      const owner = member.object
      if (owner.type === 'Super') throw compiler.refuse(owner)
      reversed.push(() => memberLink(compiler, member, owner))
      current = owner
    } else if (current.type === 'CallExpression') {
      const call: CallExpression = current
      const { callee } = call
      if (callee.type !== 'MemberExpression') {
        if (callee.type === 'Identifier' && reversed.length > 0) break
        throw uncallable(compiler, call)
      }
      const owner = callee.object
      if (owner.type === 'Super') throw compiler.refuse(owner)
      if (isNamespaced(compiler, callee) && reversed.length > 0) break
      reversed.push(() => callLink(compiler, call, callee, owner))
      current = owner
    } else {
      break
    }
  }
  // Compiled from the inside out, so that errors come in reading order.
  for (const make of reversed.reverse()) links.push(make())
  return current
}

function memberLink(compiler: Compiler, member: MemberExpression, owner: Expression): Link {
  const { property, computed, optional } = member
  const place = { optional, whole: member, owner }
  if (property.type === 'PrivateIdentifier') throw compiler.refuse(property)
  if (!computed) {
    if (property.type !== 'Identifier') throw compiler.refuse(property)
    return { ...place, kind: 'key', key: property.name }
  }
  if (property.type === 'Literal' && (typeof property.value === 'string' || typeof property.value === 'number')) {
    return { ...place, kind: 'key', key: property.value }
  }
  return { ...place, kind: 'computed', key: compiler.compile(property, 'required') }
}

function callLink(compiler: Compiler, call: CallExpression, callee: MemberExpression, owner: Expression): Link {
  const { property } = callee
  if (call.optional || callee.computed || property.type !== 'Identifier') throw uncallable(compiler, call)
  const { name } = property
  const methods = findMethods(name)
  if (methods === undefined) {
    const suggestion = nearestName(name, methodNames)
    const asFunction = findFunction(name) === undefined ? '' : ` There is a function: ${name}(…).`
    throw errorAt(
      compiler.source,
      property,
      'expression.unknown_name',
      `There is no method “${name}”.${suggestion === undefined ? asFunction : ` Did you mean “${suggestion}”?`} ` +
        'All methods are in the function reference.',
      suggestion === undefined ? {} : { suggestion },
    )
  }
  const args = compileArguments(compiler, call, name, [...methods.values()])
  return { kind: 'call', optional: callee.optional, whole: call, owner, name, methods, args }
}

function callMethod(
  compiler: Compiler,
  evaluation: Evaluation,
  link: Link & { kind: 'call' },
  receiver: Value,
): Value {
  const method = methodFor(link.methods, kindOf(receiver))
  const { source } = compiler
  if (method === undefined) {
    const owners = [...link.methods.keys()].join(' or ')
    const hint = link.methods.has('date') && typeof receiver !== 'object' ? ` Write date(${shorten(source, link.owner)}).${link.name}(…).` : ''
    throw errorAt(
      source,
      link.whole,
      'expression.type',
      `“${link.name}” is a method of ${owners}, and ${shorten(source, link.owner)} is ${describeKind(receiver)}.${hint}`,
    )
  }
  const args = link.args(evaluation)
  try {
    return method.call(evaluation, receiver, args)
  } catch (error) {
    throw located(compiler, link.whole, error)
  }
}

/** A call of a function by its name, or undefined when the call is of a method. */
function compileFunctionCall(compiler: Compiler, call: CallExpression): Evaluate | undefined {
  const { callee } = call
  let name: string
  if (callee.type === 'Identifier') {
    name = callee.name
    if (compiler.slotOf(name) !== undefined) {
      throw errorAt(compiler.source, callee, 'expression.type', `“${name}” is a value here and cannot be called.`)
    }
  } else if (callee.type === 'MemberExpression' && isNamespaced(compiler, callee)) {
    name = `${callee.object.type === 'Identifier' ? callee.object.name : ''}.${
      callee.property.type === 'Identifier' ? callee.property.name : ''
    }`
  } else {
    return undefined
  }
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
      throw located(compiler, call, error)
    }
  }
}

function isNamespaced(compiler: Compiler, callee: MemberExpression): boolean {
  const { object, property, computed } = callee
  return (
    object.type === 'Identifier' && namespaces.has(object.name) && compiler.slotOf(object.name) === undefined &&
    property.type === 'Identifier' && !computed
  )
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

function compileArguments(
  compiler: Compiler,
  call: CallExpression,
  name: string,
  definitions: readonly Definition[],
): EvaluateArguments {
  checkCount(compiler, call, name, definitions)
  const mode: Mode = definitions.some((definition) => definition.forgiving) ? 'forgiving' : 'required'
  const compiled = call.arguments.map((argument, index) => {
    if (argument.type === 'SpreadElement') return { spread: true, evaluate: compiler.compile(argument.argument, 'required') }
    if (argument.type !== 'ArrowFunctionExpression') return { spread: false, evaluate: compiler.compile(argument, mode) }
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

function uncallable(compiler: Compiler, call: CallExpression): ExpressionError {
  return errorAt(
    compiler.source,
    call,
    'expression.syntax',
    'Only functions and methods can be called, by their name: upper(name) is name.upper(). ' +
      `They are listed in the function reference (${listNames(['map', 'filter', 'join', 'round', 'format'])} …).`,
  )
}

function readName(evaluation: Evaluation, evaluate: Evaluate): string | number {
  const name = evaluate(evaluation)
  if (typeof name === 'string' || typeof name === 'number') return name
  throw new Problem('expression.type', `A key between [ ] must be text or a number, and this is ${describeKind(name)}.`)
}

function recordRead(compiler: Compiler, root: string, base: Span, links: readonly Link[], mode: Mode): void {
  const path: (string | number)[] = [root]
  const spans: Span[] = [base]
  let open = false
  for (const link of links) {
    if (link.kind !== 'key') {
      open = link.kind === 'computed'
      break
    }
    path.push(link.key)
    spans.push(link.whole)
  }
  compiler.reads.push({ path, open, mode, spans })
}

/** An error with a place keeps it; a problem gets the place of the call it happened in. */
export function located(compiler: Compiler, span: Span, error: unknown): unknown {
  return error instanceof Problem
    ? errorAt(compiler.source, span, error.code, error.message, error.extra)
    : error
}

/** `now` is a date; every other root is JSON as it stands in the scope. */
export function compileRoot(compiler: Compiler, name: string, span: Span): Evaluate {
  return (evaluation) => {
    evaluation.spend(1)
    const { scope } = evaluation
    const found = Object.hasOwn(scope, name) ? scope[name] : undefined
    if (found === undefined) throw unknownRoot(compiler, name, span, Object.keys(scope))
    return name === 'now' && typeof found === 'number' ? new DateValue(found) : found
  }
}

export function unknownRoot(
  compiler: Pick<Compiler, 'source'>,
  name: string,
  span: Span,
  roots: readonly string[],
): ExpressionError {
  const suggestion = nearestName(name, roots)
  const isFunction = findFunction(name) !== undefined
  const hint = isFunction
    ? ` It is a function: write ${name}(…).`
    : suggestion === undefined ? '' : ` Did you mean “${suggestion}”?`
  return errorAt(
    compiler.source,
    span,
    'expression.unknown_name',
    `There is no “${name.slice(0, 60)}” here.${hint} An expression begins with one of: ${listNames(roots)}.`,
    { missingPath: name, ...(suggestion === undefined ? {} : { suggestion }) },
  )
}

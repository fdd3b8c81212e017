// chain
//
// Paths and method calls: `trigger.body.items[0].name.upper()`. A chain is compiled to one loop over its links, however
// long it is, because paths are most of what workflows evaluate.

import type { CallExpression, Expression, MemberExpression } from 'acorn'
import type { ExpressionError } from '../error.ts'
import type { Evaluate, Evaluation } from '../evaluation.ts'
import { findFunction, findMethods, methodFor, methodNames, type Methods } from '../functions/registry.ts'
import { Problem } from '../problem.ts'
import { errorAt, located, type Span } from '../source.ts'
import { nearestName } from '../suggest.ts'
import { describeKind, kindOf, readKey, type Value } from '../value.ts'
import { compileArguments, compileFunctionCall, namespacedName, uncallable, type EvaluateArguments } from './calls.ts'
import type { Compiler, Mode } from './compiler.ts'
import { missingKey, shorten, stepNotRun } from './missing.ts'
import { compileRoot } from './root.ts'

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
      : compileRoot(compiler.source, rootName, base, links[0]?.kind === 'call' ? 'whole' : 'inPart')
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
        if (current === undefined && before !== undefined && before.kind !== 'call')
          throw missing(index - 1, key, container)
        if (link.kind !== 'call')
          throw missing(index, link.kind === 'key' ? link.key : readName(evaluation, link.key), current)
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
      if (namespacedName(compiler, callee) !== undefined && reversed.length > 0) break
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

function callMethod(compiler: Compiler, evaluation: Evaluation, link: Link & { kind: 'call' }, receiver: Value): Value {
  const method = methodFor(link.methods, kindOf(receiver))
  const { source } = compiler
  if (method === undefined) {
    const owners = [...link.methods.keys()].join(' or ')
    const hint =
      link.methods.has('date') && typeof receiver !== 'object'
        ? ` Write date(${shorten(source, link.owner)}).${link.name}(…).`
        : ''
    throw errorAt(
      source,
      link.whole,
      'expression.type',
      `“${link.name}” is a method of ${owners}, and ${shorten(source, link.owner)} is ${describeKind(receiver)}.${hint}`,
    )
  }
  try {
    return method.call(evaluation, receiver, link.args(evaluation))
  } catch (error) {
    throw located(source, link.whole, error)
  }
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

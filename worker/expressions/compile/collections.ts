import type { ArrayExpression, ObjectExpression, TemplateLiteral } from 'acorn'
import type { Evaluate, Evaluation } from '../evaluation.ts'
import { errorAt } from '../source.ts'
import { toText } from '../text.ts'
import { describeKind, isObject, setKey, type Value, type ValueObject } from '../value.ts'
import type { Compiler } from './compiler.ts'

/** `[a, ...b]` */
export function compileList(compiler: Compiler, node: ArrayExpression): Evaluate {
  const items = node.elements.map((element) => {
    if (element === null) {
      throw errorAt(compiler.source, node, 'expression.syntax', 'A list has an empty place. Write null for it.')
    }
    if (element.type !== 'SpreadElement') return { spread: false, evaluate: compiler.compile(element, 'required') }
    const evaluate = compiler.compile(element.argument, 'maybe')
    const spread = (evaluation: Evaluation): Value => {
      const value = evaluate(evaluation)
      if (Array.isArray(value)) return value
      if (typeof value === 'string') return [...value]
      throw errorAt(
        compiler.source,
        element,
        'expression.type',
        `“…” in a list spreads a list, and this is ${describeKind(value)}.`,
      )
    }
    return { spread: true, evaluate: spread }
  })
  return (evaluation) => {
    evaluation.spend(1)
    const list: Value[] = []
    for (const { spread, evaluate } of items) {
      const value = evaluate(evaluation)
      if (spread && Array.isArray(value)) {
        evaluation.spendItems(value.length)
        for (const item of value) list.push(item)
      } else {
        list.push(value)
      }
    }
    return list
  }
}

/** `{ a, b: 1, [c]: 2, ...d }` */
export function compileObject(compiler: Compiler, node: ObjectExpression): Evaluate {
  const writers = node.properties.map((property): ((evaluation: Evaluation, target: ValueObject) => void) => {
    if (property.type === 'SpreadElement') {
      const evaluate = compiler.compile(property.argument, 'maybe')
      return (evaluation, target) => {
        const value = evaluate(evaluation)
        if (value === null || value === undefined) return
        if (!isObject(value)) {
          throw errorAt(
            compiler.source,
            property,
            'expression.type',
            `“…” in an object spreads an object, and this is ${describeKind(value)}.`,
          )
        }
        const keys = Object.keys(value)
        evaluation.spendItems(keys.length)
        for (const key of keys) setKey(target, key, value[key])
      }
    }
    if (property.kind !== 'init' || property.method) {
      throw errorAt(
        compiler.source,
        property,
        'expression.syntax',
        'An object has keys with values, and no functions: { key: value }.',
      )
    }
    const evaluate = compiler.compile(property.value, 'required')
    const { key } = property
    if (property.computed) {
      const evaluateKey = compiler.compile(key, 'required')
      return (evaluation, target) => {
        const name = evaluateKey(evaluation)
        if (typeof name !== 'string' && typeof name !== 'number') {
          throw errorAt(
            compiler.source,
            key,
            'expression.type',
            `A key must be text, and this is ${describeKind(name)}.`,
          )
        }
        setKey(target, String(name), evaluate(evaluation))
      }
    }
    const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : undefined
    if (name === undefined || name === '__proto__') {
      throw errorAt(compiler.source, key, 'expression.syntax', 'This cannot be a key of an object.')
    }
    return (evaluation, target) => setKey(target, name, evaluate(evaluation))
  })
  return (evaluation) => {
    evaluation.spend(1)
    const object: ValueObject = {}
    for (const write of writers) write(evaluation, object)
    return object
  }
}

/** A text between backticks with `${ … }`. */
export function compileTemplateText(compiler: Compiler, node: TemplateLiteral): Evaluate {
  const texts = node.quasis.map(({ value }) => value.cooked ?? '')
  const parts = node.expressions.map((expression) => compiler.compile(expression, 'required'))
  return (evaluation) => {
    evaluation.spend(1)
    let text = texts[0] ?? ''
    for (const [index, part] of parts.entries()) {
      text += toText(part(evaluation), evaluation) + (texts[index + 1] ?? '')
      evaluation.spendText(text.length)
    }
    return text
  }
}

// compile
//
// A parsed expression becomes a function once and is evaluated many times: each part is a closure over its compiled
// parts, so evaluation is calls and no interpretation of the tree.
//
// Invariants:
//
//   E1. What is not written here does not exist: every node type that is not handled is refused when it is compiled.
//   E2. Every part spends fuel when it is evaluated, so no expression runs long, whatever the data.
//   E3. Nothing of the host can be reached: names are arrow parameters, own keys of the scope, or entries of the
//       closed table of functions; see value.ts for keys.

import type {
  AnyNode,
  ArrowFunctionExpression,
  BinaryExpression,
  Expression,
  Literal,
  LogicalExpression,
  UnaryExpression,
} from 'acorn'
import type { ExpressionError } from '../error.ts'
import type { Evaluate, Evaluation } from '../evaluation.ts'
import type { Lambda } from '../functions/define.ts'
import { limits } from '../limits.ts'
import { parseExpression, type Parsed } from '../parse/parse.ts'
import { refusal } from '../parse/refuse.ts'
import { errorAt, located, type Source, type Span } from '../source.ts'
import { isTruthy, kindOf, type Value } from '../value.ts'
import { compileArrow } from './arrow.ts'
import { compileChain } from './chain.ts'
import { compileList, compileObject, compileTemplateText } from './collections.ts'
import type { Compiler, Mode, Read } from './compiler.ts'
import { compileRoot } from './root.ts'
import { add, calculate, compare, isEqual, isIn, isSame, operand } from '../operators.ts'

export interface CompiledPart {
  source: Source
  evaluate: Evaluate
  reads: readonly Read[]
}

/** Names that an expression finds in the first slots of its evaluation, and what may be missing in its result. */
export interface PartOptions {
  names?: readonly string[]
  mode?: Mode
}

/** Parses and compiles the expression at an offset of a text. Throws `ExpressionError`. */
export function compilePart(
  text: string,
  offset: number,
  closing: '}}' | '',
  { names = [], mode = 'required' }: PartOptions = {},
): CompiledPart {
  const parsed = parseExpression(text, offset, closing)
  const compiler = new ExpressionCompiler(parsed, names)
  const evaluate = compiler.compile(parsed.node, mode)
  return { source: parsed.source, evaluate, reads: compiler.reads }
}

class ExpressionCompiler implements Compiler {
  readonly source: Source
  readonly reads: Read[] = []
  private nodes = 0
  private depth = 0
  private slots: number
  private scopes: Map<string, number>[]

  constructor({ source }: Parsed, names: readonly string[]) {
    this.source = source
    this.slots = names.length
    this.scopes = [new Map(names.map((name, slot) => [name, slot]))]
  }

  compile(node: Expression, mode: Mode): Evaluate {
    this.depth++
    if (this.depth > limits.depth) {
      throw errorAt(
        this.source,
        node,
        'expression.limit_exceeded',
        `This is nested deeper than ${limits.depth} levels.`,
      )
    }
    const evaluate = this.compileLeft(node, mode)
    this.depth--
    return evaluate
  }

  compileLeft(node: Expression, mode: Mode): Evaluate {
    this.count(node, 1)
    switch (node.type) {
      case 'Literal':
        return this.literal(node)
      case 'Identifier':
        return this.name(node.name, node)
      case 'MemberExpression':
      case 'CallExpression':
        return compileChain(this, node, mode)
      case 'ChainExpression':
        return compileChain(this, node.expression, mode)
      case 'ParenthesizedExpression':
        return this.compile(node.expression, mode)
      case 'UnaryExpression':
        return this.unary(node)
      case 'BinaryExpression':
        return this.binary(node)
      case 'LogicalExpression':
        return this.logical(node, mode)
      case 'ConditionalExpression': {
        const test = this.compile(node.test, 'maybe')
        const yes = this.compile(node.consequent, mode)
        const no = this.compile(node.alternate, mode)
        return (evaluation) => {
          evaluation.spend(1)
          return isTruthy(test(evaluation)) ? yes(evaluation) : no(evaluation)
        }
      }
      case 'TemplateLiteral':
        return compileTemplateText(this, node)
      case 'ArrayExpression':
        return compileList(this, node)
      case 'ObjectExpression':
        return compileObject(this, node)
      default:
        throw this.refuse(node)
    }
  }

  compileArrow(node: ArrowFunctionExpression, bodyMode: Mode): (evaluation: Evaluation) => Lambda {
    return compileArrow(this, node, bodyMode, {
      open: () => void this.scopes.push(new Map()),
      declare: (name) => {
        const slot = this.slots++
        this.scopes[this.scopes.length - 1]?.set(name, slot)
        return slot
      },
      close: () => void this.scopes.pop(),
    })
  }

  count(node: Span, amount: number): void {
    this.nodes += amount
    if (this.nodes > limits.nodes) {
      const message = `An expression may have at most ${limits.nodes} parts. Split it over several steps.`
      throw errorAt(this.source, node, 'expression.limit_exceeded', message)
    }
  }

  slotOf(name: string): number | undefined {
    for (let index = this.scopes.length - 1; index >= 0; index--) {
      const slot = this.scopes[index]?.get(name)
      if (slot !== undefined) return slot
    }
    return undefined
  }

  refuse(node: AnyNode): ExpressionError {
    return errorAt(this.source, node, 'expression.syntax', refusal(node))
  }

  private literal(node: Literal): Evaluate {
    const { value } = node
    if (value === null && node.raw !== 'null') throw this.refuse(node)
    if (value !== null && typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
      throw this.refuse(node)
    }
    return (evaluation) => {
      evaluation.spend(1)
      return value
    }
  }

  private name(name: string, span: Span): Evaluate {
    const slot = this.slotOf(name)
    if (slot !== undefined) {
      return (evaluation) => {
        evaluation.spend(1)
        return evaluation.slots[slot]
      }
    }
    if (name === 'undefined') return () => undefined
    this.reads.push({ path: [name], open: true, mode: 'required', spans: [span] })
    return compileRoot(this.source, name, span, 'whole')
  }

  private unary(node: UnaryExpression): Evaluate {
    switch (node.operator) {
      case '!': {
        const argument = this.compile(node.argument, 'maybe')
        return (evaluation) => {
          evaluation.spend(1)
          return !isTruthy(argument(evaluation))
        }
      }
      case '-':
      case '+': {
        const { operator } = node
        const argument = this.compile(node.argument, 'required')
        return this.guarded(node, (evaluation) => {
          const number = operand(operator, argument(evaluation))
          return operator === '-' ? 0 - number : number
        })
      }
      case 'typeof': {
        const argument = this.compile(node.argument, 'forgiving')
        return (evaluation) => {
          evaluation.spend(1)
          return typeName(argument(evaluation))
        }
      }
      default:
        throw this.refuse(node)
    }
  }

  private binary(node: BinaryExpression): Evaluate {
    if (node.left.type === 'PrivateIdentifier') throw this.refuse(node.left)
    const { operator } = node
    const isEquality = operator === '==' || operator === '!=' || operator === '===' || operator === '!=='
    const mode = isEquality ? 'maybe' : 'required'
    const apply = operation(operator)
    if (apply === undefined) throw this.refuse(node)
    const left = this.compileLeft(node.left, mode)
    const right = this.compile(node.right, mode)
    return this.guarded(node, (evaluation) => apply(evaluation, left(evaluation), right(evaluation)))
  }

  private logical(node: LogicalExpression, mode: Mode): Evaluate {
    const { operator } = node
    const left = this.compileLeft(node.left, operator === '??' ? 'forgiving' : 'maybe')
    const right = this.compile(node.right, mode)
    return (evaluation) => {
      evaluation.spend(1)
      const first = left(evaluation)
      switch (operator) {
        case '??':
          return first === null || first === undefined ? right(evaluation) : first
        case '||':
          return isTruthy(first) ? first : right(evaluation)
        case '&&':
          return isTruthy(first) ? right(evaluation) : first
      }
    }
  }

  private guarded(span: Span, evaluate: Evaluate): Evaluate {
    return (evaluation) => {
      try {
        evaluation.spend(1)
        return evaluate(evaluation)
      } catch (error) {
        throw located(this.source, span, error)
      }
    }
  }
}

type Operation = (evaluation: Evaluation, left: Value, right: Value) => Value

const operations: Record<string, Operation> = {
  '+': add,
  '-': (_evaluation, left, right) => calculate('-', left, right),
  '*': (_evaluation, left, right) => calculate('*', left, right),
  '/': (_evaluation, left, right) => calculate('/', left, right),
  '%': (_evaluation, left, right) => calculate('%', left, right),
  '**': (_evaluation, left, right) => calculate('**', left, right),
  '<': (_evaluation, left, right) => compare(left, right) < 0,
  '<=': (_evaluation, left, right) => compare(left, right) <= 0,
  '>': (_evaluation, left, right) => compare(left, right) > 0,
  '>=': (_evaluation, left, right) => compare(left, right) >= 0,
  '===': isSameOperation,
  '!==': (evaluation, left, right) => !isSame(evaluation, left, right),
  '==': isEqual,
  '!=': (evaluation, left, right) => !isEqual(evaluation, left, right),
  in: isIn,
}

function isSameOperation(evaluation: Evaluation, left: Value, right: Value): boolean {
  return isSame(evaluation, left, right)
}

function operation(operator: string): Operation | undefined {
  return Object.hasOwn(operations, operator) ? operations[operator] : undefined
}

/** What `typeof` says, as in JavaScript: lists, dates and null are objects. */
function typeName(value: Value): string {
  const kind = kindOf(value)
  switch (kind) {
    case 'text':
      return 'string'
    case 'missing':
      return 'undefined'
    case 'number':
    case 'boolean':
      return kind
    default:
      return 'object'
  }
}

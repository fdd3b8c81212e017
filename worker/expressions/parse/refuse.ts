import type { AnyNode } from 'acorn'

/**
 * Why a construct of JavaScript is not part of expressions, and what to use instead. For every node type that the
 * compiler does not take.
 */
export function refusal(node: AnyNode): string {
  switch (node.type) {
    case 'AssignmentExpression':
      return node.operator === '='
        ? '“=” assigns, and expressions only compute. Compare with ==.'
        : `“${node.operator}” assigns, and expressions only compute. Write the operation alone, such as a + 1.`
    case 'UpdateExpression':
      return `“${node.operator}” changes a value, and expressions only compute. Write ${node.operator.charAt(0)} 1 instead.`
    case 'NewExpression':
      return '“new” does not exist in expressions. Make a date with date("2026-01-31") and lists and objects with [ ] and { }.'
    case 'ThisExpression':
      return '“this” does not exist in expressions. Begin with trigger, steps, vars, execution, workflow or now.'
    case 'FunctionExpression':
      return 'Functions are written with an arrow, as in items.map(item => item.name).'
    case 'ClassExpression':
      return 'Classes do not exist in expressions. Write an object as { key: value }.'
    case 'ArrowFunctionExpression':
      return 'A function can only be given to a method that takes one, as in items.map(item => item.name).'
    case 'AwaitExpression':
      return '“await” does not exist in expressions: every value is there at once.'
    case 'YieldExpression':
      return '“yield” does not exist in expressions. Make a list with map or filter.'
    case 'TaggedTemplateExpression':
      return 'A name directly before a template text does not exist in expressions. Call the function: name(text).'
    case 'SequenceExpression':
      return 'Only one expression can stand here. Make a list with [a, b].'
    case 'ImportExpression':
    case 'MetaProperty':
      return '“import” does not exist in expressions. Everything they can use is listed in the function reference.'
    case 'Super':
      return '“super” does not exist in expressions.'
    case 'PrivateIdentifier':
      return 'Names with # do not exist in expressions.'
    case 'Literal':
      return typeof node.bigint === 'string'
        ? 'Numbers with n do not exist in expressions. Leave the n out, or keep long numbers as text.'
        : 'Patterns between slashes do not exist in expressions. Use a method with the pattern as text: name.matches("^A").'
    case 'UnaryExpression':
      return node.operator === '~'
        ? '“~” works on bits, which expressions do not. Use ! for “not”.'
        : `“${node.operator}” does not exist in expressions. ${
            node.operator === 'delete' ? 'Leave keys out with object.omit("key").' : 'Use null for “nothing”.'
          }`
    case 'BinaryExpression':
      return refuseOperator(node.operator)
    default:
      return 'This construct does not exist in expressions.'
  }
}

function refuseOperator(operator: string): string {
  switch (operator) {
    case '|':
      return 'There are no pipes in expressions. Call the method instead: name.upper(). For “or” write ||.'
    case '&':
      return '“&” works on bits, which expressions do not. For “and” write &&.'
    case '^':
      return '“^” works on bits, which expressions do not. For powers write **.'
    case 'instanceof':
      return '“instanceof” does not exist in expressions. Ask with type(value) == "list".'
    default:
      return `“${operator}” works on bits, which expressions do not. Multiply or divide instead.`
  }
}

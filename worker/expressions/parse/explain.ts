import type { ExpressionError } from '../error.ts'
import { errorAt, type Source } from '../source.ts'

/** Words that begin a statement, and what to write instead. */
const statements: Record<string, string> = {
  if: 'Choose between two values with condition ? a : b.',
  switch: 'Choose between values with condition ? a : b, or use a Switch node.',
  for: 'Work through a list with its methods, such as items.map(item => item.name).',
  while: 'Work through a list with its methods, such as items.map(item => item.name).',
  do: 'Work through a list with its methods, such as items.map(item => item.name).',
  return: 'Leave the word out: an expression is its result.',
  var: 'Repeat the value, or set it in an earlier step and read it from steps.',
  let: 'Repeat the value, or set it in an earlier step and read it from steps.',
  const: 'Repeat the value, or set it in an earlier step and read it from steps.',
  throw: 'Use an End node to stop with an error.',
  try: 'Give a value for what may be missing with ??.',
  with: 'Write the whole path.',
  import: 'Everything an expression can use is listed in the function reference.',
  export: 'Everything an expression can use is listed in the function reference.',
  debugger: 'The result is shown below the field.',
}

/** What acorn found wrong, in plain words. `found` is its error, or the place where the expression should have ended. */
export function explainSyntaxError(source: Source, part: string, found: unknown, closing: string): ExpressionError {
  const at = typeof found === 'number' ? found : syntaxErrorPosition(found)
  const rest = part.slice(at)
  const token = /^(?:[\p{L}\p{N}_$]+|\}\}|=>|\S)/u.exec(rest)?.[0] ?? ''
  const span = { start: at, end: at + Math.max(token.length, 1) }
  const fail = (message: string): ExpressionError => errorAt(source, span, 'expression.syntax', message)

  const first = /^\s*([A-Za-z]+)/.exec(part)?.[1] ?? ''
  const statement = Object.hasOwn(statements, first) ? first : Object.hasOwn(statements, token) ? token : undefined
  if (statement !== undefined) {
    return fail(`“${statement}” begins a statement, and only expressions can stand here. ${statements[statement]}`)
  }
  if (/^\s*[#/>^]/.test(part)) {
    return fail(
      'Blocks and partials such as {{#if}} or {{> name}} do not exist. Use condition ? a : b, or map and join.',
    )
  }
  if (closing !== '' && token === '') return fail('The expression is not closed. Write }} after it.')
  if (token === '') return fail('The expression ends too early.')
  if (closing !== '' && rest.startsWith('}'))
    return fail('The expression ends too early: something is missing before }}.')
  if (token === ';') return fail('Leave out the semicolon: only one expression can stand here.')
  if (token === '#' || token === '@') return fail(`“${token}” has no meaning in an expression.`)
  if (token === '“' || token === '”' || token === '‘' || token === '’') {
    return fail('Use straight quotes, "…" or \'…\', instead of curly ones.')
  }
  if (typeof found === 'number')
    return fail(`“${token}” was not expected here. Is an operator or }} missing before it?`)
  const message = found instanceof Error ? found.message.replace(/ \(\d+:\d+\)$/, '') : ''
  if (/unterminated (?:string|template)/i.test(message)) return fail('A quote is opened here and not closed.')
  if (message === '' || /^unexpected token/i.test(message)) return fail(`“${token}” was not expected here.`)
  return fail(`${message}.`)
}

/** Where acorn stopped reading. */
export function syntaxErrorPosition(error: unknown): number {
  return error instanceof SyntaxError && 'pos' in error && typeof error.pos === 'number' ? error.pos : 0
}

/** A piece of an expression that can name something. Blanks, comments and numbers are passed over. */
export interface Token {
  kind: 'name' | 'text' | 'mark'
  /** The name, the text without its quotes, or the sign. */
  value: string
  /** Where `value` stands: for a text, within its quotes. */
  start: number
  end: number
}

/** What `tokensOf` read, and where it stopped: after the `}}` it was to look for, or at the end of the text. */
export interface Tokens {
  tokens: Token[]
  end: number
}

const name = /[\p{ID_Start}$_][\p{ID_Continue}$]*/uy
const number = /\d[\w.]*/y
const comment = /\/\*[^]*?(?:\*\/|$)/y

/**
 * Reads an expression token by token, also one that is half typed and no parser takes. With `untilClosed`, stops at
 * the `}}` that closes the expression: one outside of its texts and its own braces.
 */
export function tokensOf(text: string, from = 0, untilClosed = false): Tokens {
  const tokens: Token[] = []
  /** What each open brace belongs to: an object, or the `${` of a template text, whose rest follows its brace. */
  const braces: ('object' | 'template')[] = []
  let at = from
  const push = (kind: Token['kind'], start: number, end: number, next = end) => {
    tokens.push({ kind, value: text.slice(start, end), start, end })
    at = next
  }
  const readTemplate = (start: number) => {
    const end = endOfTemplate(text, start)
    const opens = text.startsWith('${', end)
    if (opens) braces.push('template')
    // Only a template text without holes can be a key.
    push(!opens && text[start - 1] === '`' ? 'text' : 'mark', start, end, end + (opens ? 2 : 1))
  }
  while (at < text.length) {
    const char = text.charAt(at)
    const word = matchAt(name, text, at)
    if (word !== undefined) push('name', at, at + word.length)
    else if (char === '"' || char === "'") {
      const end = endOfQuoted(text, at)
      push('text', at + 1, end, end + 1)
    } else if (char === '`') readTemplate(at + 1)
    else if (char === '{') {
      braces.push('object')
      push('mark', at, at + 1)
    } else if (char === '}') {
      const open = braces.pop()
      if (open === 'template') readTemplate(at + 1)
      else if (open === undefined && untilClosed && text.startsWith('}}', at)) return { tokens, end: at + 2 }
      else push('mark', at, at + 1)
    } else if (/\s/.test(char)) at += 1
    else {
      const skipped = matchAt(comment, text, at) ?? matchAt(number, text, at)
      if (skipped !== undefined) at += skipped.length
      else {
        const sign = ['...', '=>', '?.'].find((candidate) => text.startsWith(candidate, at)) ?? char
        push('mark', at, at + sign.length)
      }
    }
  }
  return { tokens, end: text.length }
}

/** An expression in a text: where its `{{` begins, what it is made of, and where its `}}` ends. */
export interface EmbeddedExpression extends Tokens {
  start: number
}

/** Every `{{ … }}` in a text, the last perhaps not closed. `\\{{` is text, as the evaluator has it. */
export function expressionsIn(text: string): EmbeddedExpression[] {
  const found: EmbeddedExpression[] = []
  let from = 0
  for (let start = text.indexOf('{{'); start >= 0; start = text.indexOf('{{', from)) {
    let first = start
    while (first > from && text[first - 1] === '\\') first -= 1
    const isEscaped = (start - first) % 2 === 1
    if (isEscaped) from = start + 2
    else {
      const { tokens, end } = tokensOf(text, start + 2, true)
      found.push({ start, tokens, end })
      from = end
    }
  }
  return found
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}

/** Where the end quote of the text stands that begins at `start`, or the end of everything. */
function endOfQuoted(text: string, start: number): number {
  let at = start + 1
  while (at < text.length && text.charAt(at) !== text.charAt(start)) at += text.charAt(at) === '\\' ? 2 : 1
  return Math.min(at, text.length)
}

/** Where this part of a template text ends: at its end quote, or at the next `${`. */
function endOfTemplate(text: string, start: number): number {
  let at = start
  while (at < text.length && text.charAt(at) !== '`' && !text.startsWith('${', at)) {
    at += text.charAt(at) === '\\' ? 2 : 1
  }
  return Math.min(at, text.length)
}

import { compilePart, type CompiledPart, type PartOptions } from './compile/compile.ts'

/**
 * A text as what stands in it: plain pieces and compiled expressions. `\{{` is a plain `{{`; two backslashes before
 * `{{` are one and an expression. Throws `ExpressionError`.
 */
export function scanText(text: string, options: PartOptions = {}): (string | CompiledPart)[] {
  const pieces: (string | CompiledPart)[] = []
  let plain = ''
  let index = 0
  for (;;) {
    const opening = text.indexOf('{{', index)
    if (opening < 0) break
    let backslashes = 0
    while (opening - backslashes > index && text[opening - backslashes - 1] === '\\') backslashes++
    plain += text.slice(index, opening - backslashes) + '\\'.repeat(backslashes >> 1)
    if (backslashes % 2 === 1) {
      plain += '{{'
      index = opening + 2
      continue
    }
    const part = compilePart(text, opening + 2, '}}', options)
    if (plain !== '') pieces.push(plain)
    plain = ''
    pieces.push(part)
    index = opening + 2 + part.source.length + 2
  }
  plain += text.slice(index)
  if (plain !== '') pieces.push(plain)
  return pieces
}

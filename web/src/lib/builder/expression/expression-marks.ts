import { RangeSetBuilder } from '@codemirror/state'
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'
import { expressionsIn, type Token, tokensOf } from '#lib/graph/model/expression-tokens.ts'
import type { CodeMode } from './code-mode.ts'

const whole = Decoration.mark({ class: 'expression' })
const marks = {
  name: Decoration.mark({ class: 'expression-name' }),
  text: Decoration.mark({ class: 'expression-text' }),
  root: Decoration.mark({ class: 'expression-root' }),
}
const roots = new Set([
  'trigger',
  'steps',
  'vars',
  'contact',
  'contactAtStart',
  'organization',
  'loop',
  'loops',
  'child',
  'execution',
  'workflow',
  'now',
])

/** Colours expressions, half typed ones too. */
export function expressionMarks(mode: CodeMode) {
  return ViewPlugin.fromClass(
    class {
      decorations: DecorationSet

      constructor(view: EditorView) {
        this.decorations = decorate(view, mode)
      }

      update(update: ViewUpdate) {
        if (update.docChanged) this.decorations = decorate(update.view, mode)
      }
    },
    { decorations: (plugin) => plugin.decorations },
  )
}

function decorate(view: EditorView, mode: CodeMode): DecorationSet {
  const text = view.state.doc.toString()
  const builder = new RangeSetBuilder<Decoration>()
  if (mode === 'payload') return builder.finish()
  if (mode === 'expression' && !text.includes('{{')) addTokens(builder, tokensOf(text).tokens)
  else {
    for (const { start, end, tokens } of expressionsIn(text)) {
      builder.add(start, end, whole)
      addTokens(builder, tokens)
    }
  }
  return builder.finish()
}

function addTokens(builder: RangeSetBuilder<Decoration>, tokens: readonly Token[]): void {
  tokens.forEach((token, index) => {
    if (token.kind === 'mark' || token.start === token.end) return
    const before = tokens[index - 1]?.value
    const isRoot = token.kind === 'name' && before !== '.' && before !== '?.' && roots.has(token.value)
    builder.add(token.start, token.end, isRoot ? marks.root : marks[token.kind])
  })
}

import { RangeSetBuilder } from '@codemirror/state'
import { Decoration, type DecorationSet, type EditorView, ViewPlugin, type ViewUpdate } from '@codemirror/view'

const piece = /"(?:[^"\\\n]|\\.)*"(\s*:)?|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|\b(?:true|false|null)\b/g
const marks = {
  key: Decoration.mark({ class: 'json-key' }),
  text: Decoration.mark({ class: 'json-text' }),
  number: Decoration.mark({ class: 'json-number' }),
  word: Decoration.mark({ class: 'json-word' }),
}

/** Colours JSON, unfinished JSON too. Only what is in sight, so that size does not matter. */
export const jsonMarks = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet

    constructor(view: EditorView) {
      this.decorations = decorate(view)
    }

    update(update: ViewUpdate) {
      if (update.docChanged || update.viewportChanged) this.decorations = decorate(update.view)
    }
  },
  { decorations: (plugin) => plugin.decorations },
)

function decorate(view: EditorView): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>()
  for (const { from, to } of view.visibleRanges) {
    for (const match of view.state.sliceDoc(from, to).matchAll(piece)) {
      const start = from + match.index
      builder.add(start, start + match[0].length, marks[kindOf(match)])
    }
  }
  return builder.finish()
}

function kindOf([text, colon]: RegExpExecArray): keyof typeof marks {
  if (text.startsWith('"')) return colon === undefined ? 'text' : 'key'
  return /^[tfn]/.test(text) ? 'word' : 'number'
}

// code-editor
//
// The text editor for expressions, templates and JSON. Loaded when first shown; everything else of the builder knows it
// as `CodeEditor` and has no word of the library behind it.

import {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  type Completion,
  type CompletionContext,
  completionKeymap,
  type CompletionResult,
  completionStatus,
} from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { json } from '@codemirror/lang-json'
import { indentUnit } from '@codemirror/language'
import { Annotation, Compartment, EditorState, type Extension } from '@codemirror/state'
import { EditorView, keymap, placeholder as placeholderText, tooltips } from '@codemirror/view'
import { type CodeMode, expressionBefore } from './code-mode.ts'
import { codeTheme } from './code-theme.ts'
import type { Completions, Offer } from './completions.ts'
import { expressionMarks } from './expression-marks.ts'
import { jsonMarks } from './json-marks.ts'

export interface CodeEditorOptions {
  parent: HTMLElement
  text: string
  mode: CodeMode
  /** One line: Enter is left to the page. */
  isSingleLine: boolean
  placeholder: string
  attributes: CodeAttributes
  readOnly: boolean
  onchange: (text: string) => void
  onfocus: () => void
  onblur: () => void
  /** What can come after this beginning of an expression. */
  complete: (expression: string) => Completions | undefined
}

/** Of the element that is written in: its label, what describes it, whether it is wrong. */
export type CodeAttributes = Record<string, string>

export interface CodeEditor {
  setAttributes(attributes: CodeAttributes): void
  /** Shows another text, unless it is the one shown. */
  setText(text: string): void
  /** Puts a text where the caret is; the caret goes to its end, or `back` letters before it. */
  insert(text: string, back?: number): void
  focus(): void
  /** Takes the focus and marks the text between these places; the same place twice puts the caret there. */
  select(from: number, to: number): void
  destroy(): void
}

/** What means something on the page around it stays the page's: Ctrl+Enter runs the workflow. */
const ownKeys = defaultKeymap.filter(({ key }) => key !== 'Mod-Enter')

/** Marks changes that came from outside, which are no news to the outside. */
const fromOutside = Annotation.define<boolean>()

export function createCodeEditor(options: CodeEditorOptions): CodeEditor {
  const attributes = new Compartment()
  const view = new EditorView({
    parent: options.parent,
    state: EditorState.create({
      doc: options.text,
      extensions: [attributes.of(EditorView.contentAttributes.of(options.attributes)), ...extensionsFor(options)],
    }),
  })
  return {
    setAttributes(next) {
      view.dispatch({ effects: attributes.reconfigure(EditorView.contentAttributes.of(next)) })
    },
    setText(text) {
      if (text === view.state.doc.toString()) return
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        annotations: fromOutside.of(true),
      })
    },
    insert(text, back = 0) {
      const { from, to } = view.state.selection.main
      view.dispatch({ changes: { from, to, insert: text }, selection: { anchor: from + text.length - back } })
      view.focus()
    },
    focus: () => view.focus(),
    select(from, to) {
      const { length } = view.state.doc
      view.dispatch({ selection: { anchor: Math.min(from, length), head: Math.min(to, length) } })
      view.focus()
    },
    destroy: () => view.destroy(),
  }
}

function extensionsFor(options: CodeEditorOptions): Extension[] {
  const { mode, isSingleLine, readOnly, onchange, onfocus, onblur } = options
  return [
    codeTheme,
    history(),
    closeBrackets(),
    indentUnit.of('  '),
    EditorState.tabSize.of(2),
    EditorState.readOnly.of(readOnly),
    EditorView.editable.of(!readOnly),
    EditorView.lineWrapping,
    placeholderText(options.placeholder),
    tooltips({ position: 'fixed', parent: document.body }),
    autocompletion({ override: [completionSource(options)], icons: false, maxRenderedOptions: 60 }),
    ...(mode === 'json' || mode === 'payload' ? [json(), jsonMarks] : []),
    expressionMarks(mode),
    ...(isSingleLine ? [singleLine] : []),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...ownKeys]),
    // Escape closes the list of completions first; only then it is the page's.
    EditorView.domEventHandlers({
      keydown: (event, view) => {
        if (event.key === 'Escape' && completionStatus(view.state) === 'active') event.stopPropagation()
      },
      focus: () => onfocus(),
      blur: () => onblur(),
    }),
    EditorView.updateListener.of((update) => {
      if (!update.docChanged || update.transactions.some((change) => change.annotation(fromOutside))) return
      onchange(update.state.doc.toString())
    }),
  ]
}

const singleLine = EditorState.transactionFilter.of((change) => {
  if (change.newDoc.lines <= 1) return change
  const text = change.newDoc.toString().replace(/\s*\n\s*/g, ' ')
  const doc = change.startState.doc.toString()
  return text === doc
    ? []
    : [{ changes: { from: 0, to: doc.length, insert: text }, selection: { anchor: text.length } }]
})

function completionSource({ mode, complete }: CodeEditorOptions) {
  return (context: CompletionContext): CompletionResult | null => {
    const text = context.state.sliceDoc(0, context.pos)
    const expression = expressionBefore(text, mode)
    if (expression === undefined) return null
    const found = complete(expression)
    if (found === undefined) return null
    const from = text.length - (expression.length - found.from)
    if (!context.explicit && from === context.pos && !/[.{ (]$/.test(text)) return null
    return { from, options: found.offers.map(toCompletion), validFor: /^[\w$]*$/ }
  }
}

const boosts = { key: 3, root: 2, function: 0, method: 0 } as const

function toCompletion({ label, insert, back, kind, detail, info }: Offer): Completion {
  return {
    label,
    detail,
    boost: boosts[kind],
    ...(info === undefined ? {} : { info }),
    apply(view, _, from, to) {
      view.dispatch({
        changes: { from, to, insert },
        selection: { anchor: from + insert.length - back },
        userEvent: 'input.complete',
      })
    },
  }
}

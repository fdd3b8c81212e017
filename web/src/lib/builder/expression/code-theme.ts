import { EditorView } from '@codemirror/view'

const code = 'var(--size-code) / 18px var(--font-code)'

/** The editor and what floats beside it, in our colours. The field around it is styled where it is drawn. */
export const codeTheme = EditorView.theme({
  '&.cm-focused': { outline: 'none' },
  '.cm-tooltip': { border: 'none', background: 'none' },
  '.cm-tooltip.cm-tooltip-autocomplete': {
    zIndex: 'var(--layer-menu)',
    overflow: 'hidden',
    border: '1px solid var(--color-line)',
    borderRadius: 'var(--radius-card)',
    background: 'var(--color-surface)',
    boxShadow: 'var(--shadow-float)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    minWidth: '240px',
    maxWidth: 'min(440px, 92vw)',
    maxHeight: '232px',
    padding: '4px',
    font: code,
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    gap: '12px',
    padding: '4px 8px',
    borderRadius: 'var(--radius-control)',
    color: 'var(--color-text)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    background: 'var(--color-accent-soft)',
    color: 'var(--color-text)',
  },
  '.cm-completionMatchedText': { color: 'var(--color-accent)', textDecoration: 'none' },
  '.cm-completionDetail': {
    flex: '1',
    marginLeft: '0',
    overflow: 'hidden',
    color: 'var(--color-muted)',
    fontStyle: 'normal',
    textAlign: 'right',
    textOverflow: 'ellipsis',
  },
  '.cm-tooltip.cm-completionInfo': {
    maxWidth: '280px',
    margin: '0 4px',
    padding: '8px 12px',
    border: '1px solid var(--color-line)',
    borderRadius: 'var(--radius-card)',
    background: 'var(--color-surface)',
    boxShadow: 'var(--shadow-float)',
    color: 'var(--color-muted)',
    fontSize: 'var(--size-small)',
  },
  '.cm-selectionBackground, &.cm-focused .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--color-accent) 22%, transparent)',
  },
})

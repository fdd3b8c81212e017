import type { Json } from '#contract/json.ts'

// A JSON value as the lines of a tree, so that showing it is a plain list.
//
// 1. Bounded: a container shows `pageSize` children at a time, a text at most `textLimit` characters, and a copy or a
//    glance at a closed container never walks more than it shows.
// 2. `path` is what an expression would say: `steps.score.items[0]["odd key"]`.

export const pageSize = 50
export const textLimit = 200

export type JsonRow =
  | {
      kind: 'value'
      path: string
      depth: number
      key: string
      value: Json
      /** Set when it holds others. */
      children?: number
      open: boolean
      /** The value in one line, or what a closed container holds. */
      preview: string
      tone: 'text' | 'number' | 'word' | 'empty' | 'container'
      /** Characters left out of a long text. */
      cut: number
    }
  | { kind: 'more'; path: string; depth: number; shown: number; total: number }

export interface JsonRowsView {
  /** Paths that are open though they are closed by default, and the other way round. */
  toggled: ReadonlySet<string>
  /** How many children a container shows, where it is not `pageSize`. */
  shown: ReadonlyMap<string, number>
  /** Containers above this depth are open at first. */
  openDepth: number
}

/** The lines of `value`, in order. `root` is the path its own line stands for. */
export function jsonRows(value: Json, root: string, view: JsonRowsView): JsonRow[] {
  const rows: JsonRow[] = []
  addRows(rows, { value, key: root, path: root, depth: 0 }, view)
  return rows
}

function addRows(
  rows: JsonRow[],
  { value, key, path, depth }: { value: Json; key: string; path: string; depth: number },
  view: JsonRowsView,
): void {
  if (value === null || typeof value !== 'object') {
    rows.push({ kind: 'value', path, depth, key, value, open: false, ...scalar(value) })
    return
  }
  const keys = Array.isArray(value) ? undefined : Object.keys(value)
  const total = keys?.length ?? (value as Json[]).length
  const open = total > 0 && depth < view.openDepth !== view.toggled.has(path)
  rows.push({
    kind: 'value',
    path,
    depth,
    key,
    value,
    ...(total > 0 ? { children: total } : {}),
    open,
    preview: containerPreview(value, total),
    tone: total === 0 ? 'empty' : 'container',
    cut: 0,
  })
  if (!open) return
  const shown = Math.min(total, view.shown.get(path) ?? pageSize)
  for (let index = 0; index < shown; index++) {
    const name = keys?.[index]
    const child = name === undefined ? (value as Json[])[index]! : (value as { [key: string]: Json })[name]!
    addRows(
      rows,
      { value: child, key: name ?? String(index), path: childPath(path, name ?? index), depth: depth + 1 },
      view,
    )
  }
  if (shown < total) rows.push({ kind: 'more', path, depth: depth + 1, shown, total })
}

/** The path of a child as an expression says it. */
export function childPath(path: string, key: string | number): string {
  if (typeof key === 'number') return `${path}[${key}]`
  if (!/^[A-Za-z_$][\w$]*$/.test(key)) return `${path}[${JSON.stringify(key)}]`
  return path === '' ? key : `${path}.${key}`
}

function scalar(
  value: string | number | boolean | null,
): Pick<JsonRow & { kind: 'value' }, 'preview' | 'tone' | 'cut'> {
  if (typeof value === 'string') {
    const cut = Math.max(0, value.length - textLimit)
    return { preview: JSON.stringify(cut > 0 ? value.slice(0, textLimit) : value), tone: 'text', cut }
  }
  return { preview: String(value), tone: typeof value === 'number' ? 'number' : 'word', cut: 0 }
}

function containerPreview(value: object, total: number): string {
  if (Array.isArray(value)) return total === 0 ? '[ ]' : `${total} ${total === 1 ? 'item' : 'items'}`
  return total === 0 ? '{ }' : `${total} ${total === 1 ? 'field' : 'fields'}`
}

import type { NodeFamily, NodeType } from '#contract/node-type.ts'
import type { PaletteGroup } from './search-node-types.ts'

/** One line of the palette that the arrow keys reach. */
export type PaletteRow =
  | { kind: 'heading'; heading: string; family: NodeFamily | undefined; count: number; open: boolean }
  | { kind: 'type'; nodeType: NodeType }

/** A family of more types than this is closed until somebody opens it. */
const mostOpen = 8

/** The lines to show: families that are small, opened or searched in with their types under them. */
export function paletteRows(
  groups: readonly PaletteGroup[],
  turned: ReadonlySet<string>,
  isSearch: boolean,
): PaletteRow[] {
  return groups.flatMap(({ heading, family, nodeTypes }): PaletteRow[] => {
    const types = nodeTypes.map((nodeType): PaletteRow => ({ kind: 'type', nodeType }))
    if (isSearch) return types
    const open = nodeTypes.length <= mostOpen !== turned.has(heading)
    const row: PaletteRow = { kind: 'heading', heading, family, count: nodeTypes.length, open }
    return open ? [row, ...types] : [row]
  })
}

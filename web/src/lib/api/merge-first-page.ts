import type { Page } from '#contract/error.ts'

/**
 * A list read page by page, after its first page was read again: what is new comes on top, what left the first page
 * goes, what was read further down stays. When the two no longer touch, the fresh page is all that is known for sure.
 */
export function mergeFirstPage<Item>(known: Page<Item>, fresh: Page<Item>, key: (item: Item) => string): Page<Item> {
  const last = fresh.items.at(-1)
  if (last === undefined || fresh.nextCursor === undefined) return fresh
  const seam = known.items.findIndex((item) => key(item) === key(last))
  if (seam === -1 || seam === known.items.length - 1) return fresh
  const further = known.items.slice(seam + 1)
  return {
    items: [...fresh.items, ...further],
    ...(known.nextCursor === undefined ? {} : { nextCursor: known.nextCursor }),
  }
}

import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** How long a page may take to stop moving: what fades in is pale on its way, and no fault. */
const settlesWithinMs = 5_000

/**
 * What a page does against WCAG 2.2 AA once nothing moves any more, one line per rule with the first place that breaks
 * it.
 */
export async function findViolations(page: Page): Promise<string[]> {
  const deadline = Date.now() + settlesWithinMs
  for (;;) {
    const found = await look(page)
    if (found.length === 0 || Date.now() > deadline) return found
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

async function look(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  return page.evaluate(async (values) => {
    const axeInPage: typeof axe = Reflect.get(globalThis, 'axe')
    // Of what is in order nothing is told but that it is, which saves most of the telling.
    const { violations } = await axeInPage.run({ runOnly: { type: 'tag', values }, resultTypes: ['violations'] })
    return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.length}×, ${nodes[0]?.target.join(' ')})`)
  }, tags)
}

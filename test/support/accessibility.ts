import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What a page does against WCAG 2.2 AA, one line per rule with the first place that breaks it. */
export async function findViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
  return page.evaluate(async (values) => {
    const axeInPage: typeof axe = Reflect.get(globalThis, 'axe')
    const { violations } = await axeInPage.run({ runOnly: { type: 'tag', values } })
    return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.length}×, ${nodes[0]?.target.join(' ')})`)
  }, tags)
}

// A browser on a bad day, to look for races: pages compute slowly, and what they ask for is delayed at random, on its way to
// the server or back. So answers overtake one another, lazy code comes after somebody has begun to type, and what happens
// on a fast machine before anybody could act happens while they do.
//
// Off, unless `LEAT_SLOW` is a number; see docs/development.md.

import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowserContext, Page, Route } from 'playwright-core'

/** How many times slower pages compute; 1 leaves all as it is. */
export const slowness = Math.max(1, Number(process.env['LEAT_SLOW'] ?? 1) || 1)

/** Each of a request's two ways takes up to so long per point of slowness, in milliseconds. */
const delayMs = 50

/** Delays everything that a context's pages ask for. */
export async function delayAnswers(context: BrowserContext): Promise<void> {
  if (slowness === 1) return
  let isOffline = false
  const setOffline = context.setOffline.bind(context)
  context.setOffline = (offline) => {
    isOffline = offline
    return setOffline(offline)
  }
  await context.route('**/*', async (route) => {
    try {
      await delay(route, () => isOffline)
    } catch {
      // The page asked for something else before this came, or is gone.
    }
  })
}

async function delay(route: Route, isOffline: () => boolean): Promise<void> {
  const pause = () => sleep(Math.random() * delayMs * slowness)
  await pause()
  if (isOffline()) return route.continue()
  // Without an answer, the browser itself is to find out why there is none.
  const response = await route.fetch({ maxRedirects: 0 }).catch(() => undefined)
  await pause()
  await (response === undefined ? route.continue() : route.fulfill({ response }))
}

/** Makes a page compute slowly. */
export async function slowDown(page: Page): Promise<void> {
  if (slowness === 1) return
  const session = await page.context().newCDPSession(page)
  await session.send('Emulation.setCPUThrottlingRate', { rate: slowness })
}

// A person at the running product: a server with the demo organization, a browser, and the owner signed in on a page.

import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { launchBrowser, watchProblems } from './browser.ts'
import { type RunningServer, type StartOptions, startServer } from './server.ts'
import { delayAnswers, slowDown, slowness } from './slow-down.ts'

export const wide = { width: 1440, height: 900 }
export const narrow = { width: 390, height: 844 }

/** How long a person's step may take on a busy machine, in milliseconds. A page that is slow is not wrong. */
const patienceMs = slowness === 1 ? 30_000 : 60_000

export interface Visit {
  server: RunningServer
  browser: Browser
  context: BrowserContext
  page: Page
  /** What went wrong on the page until now; see `watchProblems`. */
  problems: string[]
  /** Asks the API with the owner's key, and gives the `data` of its answer, whatever its status. */
  ask<Data>(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Data>
  /** A page of somebody who has not signed in. Its context goes with the visit. */
  openPage(options?: BrowserContextOptions): Promise<Page>
  /** Another page of the owner, beside the first: what a browser keeps of the app is there already. */
  openOwnPage(viewport?: { width: number; height: number }): Promise<Page>
  stop(): Promise<void>
}

/** Starts all of it. Resolves when the owner is signed in. */
export async function startVisit(how: StartOptions = {}): Promise<Visit> {
  const server = await startServer(how)
  const browser = await launchBrowser()
  const openPage = async (options: BrowserContextOptions = {}) => {
    const context = await browser.newContext({
      viewport: wide,
      baseURL: server.url,
      reducedMotion: 'reduce',
      ...options,
    })
    await delayAnswers(context)
    return pageIn(context)
  }
  const page = await openPage()
  const problems = watchProblems(page)
  await signIn(page, server)
  return {
    server,
    browser,
    context: page.context(),
    page,
    problems,
    openPage,
    async openOwnPage(viewport = wide) {
      const own = await pageIn(page.context())
      await own.setViewportSize(viewport)
      return own
    },
    async ask<Data>(method: string, path: string, body?: object, headers: Record<string, string> = {}) {
      const response = await fetch(`${server.url}/api/v2${path}`, {
        method,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${server.demo.apiKey}`, ...headers },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const answer = await response.json<{ data: Data }>()
      return answer.data
    },
    async stop() {
      await browser.close()
      await server.stop()
    },
  }
}

async function pageIn(context: BrowserContext): Promise<Page> {
  const page = await context.newPage()
  await slowDown(page)
  page.setDefaultTimeout(patienceMs)
  return page
}

/** Signs the demo's owner in, through the form. */
export async function signIn(page: Page, { url, demo }: RunningServer): Promise<void> {
  await page.goto(`${url}/sign-in`)
  await page.getByLabel('E-mail').fill(demo.email)
  await page.getByLabel('Password').fill(demo.password)
  await page.keyboard.press('Enter')
  await page.waitForURL(({ pathname }) => !pathname.startsWith('/sign-in'))
}

/** Keeps pictures in the folder that `LEAT_PICTURES` names, if it does: wide and narrow, light and dark. Leaves the page wide. */
export async function keepPictures(page: Page, name: string): Promise<void> {
  const folder = process.env['LEAT_PICTURES']
  if (folder === undefined) return
  for (const [size, viewport] of Object.entries({ wide, narrow })) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport)
      await page.emulateMedia({ colorScheme })
      await page.screenshot({ path: `${folder}/${name}-${size}-${colorScheme}.png` })
    }
  }
  await page.setViewportSize(wide)
}

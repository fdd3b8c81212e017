// A real browser from the npm registry: no download step and nothing to install on the machine.

import chromium from '@sparticuz/chromium'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type Browser, chromium as playwright, type Page } from 'playwright-core'
import { root } from '../../scripts/paths.ts'

const cache = join(root, 'node_modules/.cache')

/** Starts Chromium without a window. Close it when done. */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = await unpackBrowser()
  // Its own sandbox needs rights that containers do not give; the only pages it opens are ours.
  return playwright.launch({ executablePath, args: ['--no-sandbox', '--font-render-hinting=none'] })
}

/** Unpacks the browser once, elsewhere first: an interrupted unpacking must not look like a browser. Gives its program. */
export async function unpackBrowser(): Promise<string> {
  const home = join(cache, 'chromium')
  const program = join(home, 'chromium')
  if (existsSync(program)) return program

  mkdirSync(cache, { recursive: true })
  const draft = mkdtempSync(join(cache, 'chromium-'))
  const { TMPDIR } = process.env
  try {
    process.env.TMPDIR = draft // the package unpacks there and takes no other word for it
    await chromium.executablePath()
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
  }
  rmSync(home, { recursive: true, force: true })
  renameSync(draft, home)
  return program
}

/** What went wrong in a page since this call: errors it logged, threw, or got from the server (status 500 and up). */
export function watchProblems(page: Page): string[] {
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(`thrown: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(`logged: ${message.text()}`)
  })
  page.on('response', (response) => {
    if (response.status() >= 500) problems.push(`answered ${response.status()}: ${response.url()}`)
  })
  return problems
}

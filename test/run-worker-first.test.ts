// Cloudflare answers a path that is not in `run_worker_first` with the web app's page, status 200, and the Worker never
// hears of it. On one machine the Worker is asked first, so only this test can tell.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { root } from '../scripts/paths.ts'
import { createApp } from '../worker/api/create-app.ts'

const config = readFileSync(join(root, 'wrangler.toml'), 'utf8')
const patterns: string[] = JSON.parse(/^run_worker_first = (\[.*\])$/m.exec(config)?.[1] ?? '[]')

const isCovered = (path: string) =>
  patterns.some((pattern) => (pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern))

test('every route of the API is asked for before the web app', () => {
  const { routes } = createApp(() => {
    throw new Error('No request is made here.')
  })
  const paths = routes.map(({ path }) => path).filter((path) => path !== '/*')
  expect(paths).not.toHaveLength(0)
  expect(paths.filter((path) => !isCovered(path))).toEqual([])
})

test('every path that the Worker itself knows is asked for before the web app', () => {
  const entry = readFileSync(join(root, 'worker/index.ts'), 'utf8')
  const paths = [...entry.matchAll(/'(\/[^']*)'/g)].map(([, path = '']) => path)
  expect(paths).not.toHaveLength(0)
  expect(paths.filter((path) => !isCovered(path))).toEqual([])
})

import { afterEach, expect, test, vi } from 'vitest'
import { WorkflowId } from '#contract/id.ts'
import type { Workflow } from '#contract/workflow.ts'
import { notices } from '#lib/ui/notices.svelte.ts'
import { archive, pause } from '#lib/workflows/workflow-actions.ts'

const orders = { id: WorkflowId.parse('wf_01jd4x8m3w5q7r9t1v3x5z7b9d'), name: 'Orders' }
const metadata = { requestId: 'req_1', timestamp: '2026-11-21T10:00:00.000Z', version: 'v2', executionTime: 1 }

/** A server that does as it is told, and a record of what it was told. */
function serve({ refuses = false } = {}) {
  const asked: string[] = []
  const statuses: Record<string, string> = {
    archive: 'archived',
    restore: 'paused',
    activate: 'active',
    pause: 'paused',
  }
  vi.stubGlobal('fetch', (url: string) => {
    const verb = url.split('/').at(-1) ?? ''
    asked.push(verb)
    const error = { code: 'auth.forbidden', message: 'You may not do this.', details: null }
    return Promise.resolve(
      refuses
        ? Response.json({ success: false, error, metadata }, { status: 403 })
        : Response.json({ success: true, data: { id: 'wf_1', status: statuses[verb] }, metadata }),
    )
  })
  return asked
}

afterEach(() => {
  for (const { id } of notices.shown) notices.dismiss(id)
  vi.unstubAllGlobals()
})

test.each([
  ['active', ['archive', 'restore', 'activate'], 'active'],
  ['paused', ['archive', 'restore'], 'paused'],
] as const)('taking back the archiving of an %s workflow brings it back as it was', async (status, verbs, after) => {
  const asked = serve()
  const seen: Workflow[] = []
  await archive({ ...orders, status }, (workflow) => seen.push(workflow))
  await notices.shown.at(-1)?.action?.run()

  expect(asked).toEqual(verbs)
  expect(seen.map((workflow) => workflow.status)).toEqual(['archived', after])
  expect(notices.shown.at(-1)?.title).toBe('“Orders” is back')
})

test('what was refused is said, and changes nothing', async () => {
  serve({ refuses: true })
  const seen: Workflow[] = []
  await pause(orders, (workflow) => seen.push(workflow))

  expect(seen).toEqual([])
  expect(notices.shown.at(-1)).toMatchObject({
    tone: 'failed',
    title: '“Orders” was not paused',
    detail: 'You may not do this.',
  })
})

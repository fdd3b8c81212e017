// What others wrote, with markup in it, on the pages of somebody who only looks.

import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../support/product.ts'
import { startVisit, type Visit } from '../support/visit.ts'

let visit: Visit
let page: Page

beforeAll(async () => {
  visit = await startVisit()
  ;({ page } = visit)
})

afterAll(() => visit?.stop())

const markup = `<img src=x onerror="window.taken=1"><script>window.taken=1</script><b id=taken>`
/** Whether any of it became an element or was executed. An element with an id is a name of the window's, too. */
const isTaken = () => page.evaluate(() => 'taken' in globalThis)

test('H1: names, outputs and errors that look like HTML are shown as they are written', async () => {
  const at = (x: number) => ({ x: x * 288, y: 96 })
  const nodes = [
    { id: 'start', type: 'trigger.manual', name: `start ${markup}`, params: {}, position: at(0) },
    {
      id: 'say',
      type: 'data.set',
      name: `say ${markup}`,
      params: { fields: [{ name: 'said', value: markup }] },
      position: at(1),
    },
    { id: 'fail', type: 'flow.end', name: 'fail', params: { status: 'failed', reason: markup }, position: at(2) },
  ]
  const edges = nodes.slice(1).map(({ id }, i) => ({ id, source: nodes[i]!.id, sourcePort: 'out', target: id }))
  const name = `H1 ${markup}`
  const { id } = await visit.ask<{ id: string }>('POST', '/workflows', { name, graph: { version: 1, nodes, edges } })
  await visit.ask('POST', `/workflows/${id}/publish`, {})
  const { executionId } = await visit.ask<{ executionId: string }>('POST', `/workflows/${id}/execute`, {})
  await until(async () => {
    const { items } = await visit.ask<{ items: { status: string }[] }>('GET', `/executions?workflowId=${id}`)
    return items.find(({ status }) => status === 'failed' || status === 'completed')
  })

  for (const path of ['/workflows', `/workflows/${id}`, '/executions', `/executions/${executionId}`]) {
    await page.goto(path)
    await page.getByText(markup, { exact: false }).first().waitFor()
    expect([path, await isTaken()]).toEqual([path, false])
  }
})

test('H5: what is in the address is a text to search for, and nothing that is in it happens', async () => {
  for (const path of ['/workflows?search=', '/contacts?search=']) {
    await page.goto(path + encodeURIComponent(`"> ${markup}`))
    await expect.poll(() => page.getByRole('searchbox').first().inputValue()).toContain(markup)
    expect([path, await isTaken()]).toEqual([path, false])
  }
  await page.goto(`/executions?status=${encodeURIComponent(markup)}&${encodeURIComponent(markup)}=1`)
  await page.getByRole('heading').first().waitFor()
  expect(await isTaken()).toBe(false)
})

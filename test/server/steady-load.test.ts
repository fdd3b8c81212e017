// Many senders at once, for some seconds and with pauses: what no single request shows. Requests that share work in
// one isolate must neither end each other nor be ended while they wait.

import { afterAll, beforeAll, expect, test } from 'vitest'
import { setTimeout as sleep } from 'node:timers/promises'
import { startGenerator, type Generator } from '../../scripts/bench/load/start-generator.ts'
import { pureWorkflow } from '../../scripts/bench/workflows.ts'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
let generator: Generator
beforeAll(async () => {
  product = await startProduct()
  generator = startGenerator()
})
afterAll(async () => {
  await generator.stop()
  await product.stop()
})

test.each(['finished', 'immediately'] as const)(
  'bursts of fifty senders that want their answer %s: each is answered, and each execution is in the list',
  async (respond) => {
    const { id, hookPath } = await product.client.publish(`Bursts, ${respond}`, pureWorkflow(respond))
    const url = product.url + hookPath
    const executionIds = new Set<string>()
    for (let burst = 0; burst < 12; burst++) {
      const { errors, samples, collected, done } = await generator.perform({
        url,
        label: `${respond} ${burst}`,
        connections: 50,
        durationMs: 500,
        collect: 'x-leat-execution-id',
      })
      expect(errors, JSON.stringify(samples)).toEqual({})
      expect(collected).toHaveLength(done)
      for (const executionId of collected) executionIds.add(executionId)
      // Long enough for the thread to find nothing to do, whatever still waits.
      await sleep(50)
    }
    await expect
      .poll(async () => (await product.client.listAll({ workflowId: id, status: 'completed' })).length, {
        timeout: 90_000,
        interval: 250,
      })
      .toBe(executionIds.size)
  },
)

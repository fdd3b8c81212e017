import { z } from 'zod'
import { failureTrigger } from '../../contract/facts/graph.ts'
import { defineTrigger } from '../define.ts'
import { lazySchema } from '../params/lazy-schema.ts'
import { out } from '../ports.ts'

/** Where a workflow's own error handler begins. It starts no execution: it is part of the one that failed. */
export const failure = defineTrigger({
  type: failureTrigger,
  title: 'When it fails',
  description: 'Begins what is done once when an execution fails or runs out of time, with the failure as data.',
  family: 'trigger',
  icon: 'shield-alert',
  aliases: ['error', 'error handler', 'on error', 'failure', 'catch', 'alert', 'rescue', 'error trigger'],
  params: lazySchema(() => z.strictObject({})),
  defaultParams: {},
  ports: [out],
  summary: 'When an execution fails or runs out of time',
  sampleOutput: {
    failure: {
      kind: 'terminal',
      code: 'http.unexpected_status',
      message: 'The answer was 422.',
      details: {
        status: 422,
        headers: { 'content-type': 'application/json' },
        body: { error: 'No such card.' },
      },
    },
    step: { id: 'charge', name: 'Charge the card', path: 'charge' },
    execution: {
      id: 'exe_01jd4x8m3w5q7r9t1v3x5z7b9d',
      status: 'failed',
      generation: 1,
      startedAt: '2026-01-15T09:30:00.000Z',
      failedAt: '2026-01-15T09:30:04.200Z',
    },
    workflow: { id: 'wf_01jd4x8m3w5q7r9t1v3x5z7b9d', name: 'Orders', version: 3 },
    trigger: { type: 'webhook', nodeId: 'hook', data: { body: { order: 7 } } },
    rollback: { undone: 0, failed: [] },
  },
})

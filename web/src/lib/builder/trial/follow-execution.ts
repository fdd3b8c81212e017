import type { Execution } from '#contract/execution.ts'
import { getExecution } from '#lib/api/executions.ts'
import { Live } from '#lib/api/live.svelte.ts'
import { parseLiveMessage } from '#lib/executions/parse-live-message.ts'

/** Tells every state of an execution, by socket or by asking, until what this gives is called. */
export function followExecution(executionId: string, onchange: (execution: Execution) => void): () => void {
  const live = new Live({
    path: `/ws/executions/${encodeURIComponent(executionId)}`,
    parse: parseLiveMessage,
    ask: async () => ({ v: 1 as const, type: 'execution' as const, execution: await getExecution(executionId) }),
    onmessage: (message) => {
      if (message.type === 'execution') onchange(message.execution)
    },
  })
  return () => live.close()
}

import { workflowGates } from '../../contract/facts/concurrency.ts'
import type { Problem } from '../../contract/problem.ts'
import { checkTemplate } from '../../expressions/index.ts'
import { webhookParams } from '../trigger/webhook.ts'
import type { GraphIndex } from './graph-index.ts'

/** What is wrong with how many executions go on, which of several counts, and how often one may start. */
export function checkGates({ graph }: GraphIndex): Problem[] {
  const { settings = {} } = graph
  const { debounce } = settings
  const keys = workflowGates.flatMap((gate) => {
    const key = settings[gate]?.key
    return key === undefined ? [] : checkKey(key, `settings.${gate}.key`)
  })
  if (debounce === undefined) return keys
  const { forMs, maxWaitMs = forMs } = debounce
  const tooShort = maxWaitMs < forMs ? [say('debounce.max_wait', ...longest)] : []
  return [...keys, ...tooShort, ...checkSenders(graph)]
}

const longest = [
  'The longest wait is shorter than the time to wait for others.',
  'settings.debounce.maxWaitMs',
] as const

function checkKey(key: string, path: string): Problem[] {
  return checkTemplate(key, { knownRoots: ['trigger', 'now'] }).map(({ code, message, position }) => ({
    ...say(code, message, path),
    ...(position === undefined ? {} : { position: position.offset }),
  }))
}

/** A sender that waits for the end would wait for others to send first. */
function checkSenders({ nodes }: GraphIndex['graph']): Problem[] {
  return nodes.flatMap(({ id, name, type, params }) => {
    const parsed = type === 'trigger.webhook' ? webhookParams().safeParse(params) : undefined
    if (parsed?.data === undefined || parsed.data.respond === 'immediately') return []
    const message = `Whoever sends to “${name}” waits for its answer while the workflow waits for later events.`
    return [{ ...say('debounce.sender_waits', message, 'settings.debounce'), severity: 'warning' as const, nodeId: id }]
  })
}

function say(code: string, message: string, path: string): Problem {
  return { severity: 'error', code, message, path }
}

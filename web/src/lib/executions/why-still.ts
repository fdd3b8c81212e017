import type { Execution } from '#contract/execution.ts'
import { failureLine } from './failure-words.ts'
import { whyQueued } from './queue-words.ts'

/** Why an execution is not over, in a sentence that may end with the instant at which it goes on. */
export interface WhyStill {
  title: string
  detail: string
  /** ISO 8601. */
  until?: string
  /** What happens at that instant; when absent it goes on. */
  otherwise?: string
  /** Where it is decided. */
  href?: string
}

/** Says of an execution that is not over what it is held by; undefined when it is simply at work, or over. */
export function whyStill({
  status,
  steps,
  graph,
  queue,
}: Pick<Execution, 'status' | 'steps' | 'graph' | 'queue'>): WhyStill | undefined {
  const name = (nodeId: string) => graph.nodes.find((node) => node.id === nodeId)?.name ?? nodeId
  if (status === 'queued' && queue !== undefined) return whyQueued(queue)
  if (status === 'queued') {
    return { title: 'Queued', detail: 'It has been accepted and is stored. It starts as soon as there is room.' }
  }
  if (status === 'paused') return { title: 'Paused', detail: 'Nothing goes on until somebody resumes it.' }
  if (status !== 'waiting') return undefined
  const held = steps.filter((step) => step.dueAt !== undefined).sort((a, b) => (a.dueAt! < b.dueAt! ? -1 : 1))
  const [next] = held
  if (next === undefined) return undefined
  const until = next.dueAt!
  if (next.status === 'retrying') {
    const failure = next.failures?.at(-1)?.failure
    const tries = next.attempt === 1 ? 'The first try' : `Try ${next.attempt}`
    return {
      title: `“${name(next.nodeId)}” is tried again`,
      detail: `${tries} failed${failure ? `: ${failureLine(failure)}` : '.'}`,
      until,
    }
  }
  if (next.deferred !== undefined) {
    return { title: `“${name(next.nodeId)}” is held back`, detail: next.deferred.message, until }
  }
  if (next.waitsFor !== undefined) {
    const detail = 'One that counts ends the wait at once.'
    return {
      title: `“${name(next.nodeId)}” waits for ${next.waitsFor}`,
      detail,
      until,
      otherwise: 'Without one it goes on',
    }
  }
  const asking = graph.nodes.find(({ id, type }) => id === next.nodeId && type === 'people.approval')
  if (asking !== undefined) {
    const outcome = asking.params['atDeadline']
    return {
      title: `“${name(next.nodeId)}” waits for a decision`,
      detail: 'Who is asked decides under Approvals, or by the link in their mail.',
      until,
      otherwise: `Without a decision it ${typeof outcome === 'string' && outcome !== 'expired' ? `counts as ${outcome}` : 'expires'}`,
      href: '/approvals',
    }
  }
  return { title: `“${name(next.nodeId)}” is waiting`, detail: 'Waiting costs nothing and survives restarts.', until }
}

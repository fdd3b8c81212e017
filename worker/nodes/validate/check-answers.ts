import { longestAnswerMs } from '../../contract/facts/execution.ts'
import type { Problem } from '../../contract/problem.ts'
import { leastWait } from '../flow/least-wait.ts'
import { isAnsweredByNode, isRespond } from './answers.ts'
import { reachableFrom, type GraphIndex } from './graph-index.ts'
import { inParams } from './problem-at.ts'

/** Waits before the step that answers a webhook which are longer than its sender waits: the answer cannot come in time. */
export function checkAnswers(index: GraphIndex): Problem[] {
  const hooks = [...index.nodes.values()].filter(isAnsweredByNode).map(({ node }) => node.id)
  if (hooks.length === 0) return []
  // Behind an answer nobody waits any more.
  const outgoing = new Map([...index.outgoing].filter(([id]) => !isRespond(index.nodes.get(id))))
  const awaited = reachableFrom({ ...index, outgoing }, hooks)
  const seconds = longestAnswerMs / 1_000
  return [...index.nodes.values()].flatMap((indexed) => {
    const { id, type, params, settings } = indexed.node
    if (type !== 'flow.wait' || settings?.disabled === true || !awaited.has(id)) return []
    const least = leastWait(params)
    if (least === undefined || least.ms <= longestAnswerMs) return []
    const late = [...reachableFrom({ ...index, outgoing }, [id])].find((after) => isRespond(index.nodes.get(after)))
    if (late === undefined) return []
    const name = index.nodes.get(late)?.node.name
    const message = `The webhook’s sender waits ${seconds} seconds at most, so what “${name}” answers after this wait comes too late. Answer before it, or wait less.`
    return [inParams(indexed, [least.param], { severity: 'warning', code: 'webhook.late_respond', message })]
  })
}

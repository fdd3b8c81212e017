import type { Chain } from '../contract/cause.ts'
import type { UserId, WorkflowId } from '../contract/id.ts'

/** Workflows that are remembered of a chain: more than may follow each other before it is refused as a loop. */
const maxPath = 20
/** One for each step that a chain can go on. */
const maxSenders = 10

/** How an execution began: by which event, and which member sent that, where that is known. */
export interface Beginning {
  eventId: string
  sender?: UserId | undefined
}

/** The chain in which an execution is: that of the event which began it, or the one which begins with that event. */
export function ownChain(began: Chain | undefined, { eventId, sender }: Beginning): Chain {
  const { root, depth, path, senders = [] } = began ?? { root: eventId, depth: 0, path: [] }
  return { root, depth, path, ...sendersOf([...senders, ...(sender === undefined ? [] : [sender])]) }
}

/** The chain of what an execution causes: its own, and one step further. */
export function nextChain(
  began: Chain | undefined,
  { workflowId, ...beginning }: Beginning & { workflowId: WorkflowId },
): Chain {
  const { depth, path, ...rest } = ownChain(began, beginning)
  return { ...rest, depth: depth + 1, path: [...path, workflowId].slice(-maxPath) }
}

/** The chain of an execution that a step of another one has tried again, or forked: that of the step, so it only grows. */
export function takenOver(own: Chain, by: Chain): Chain {
  const { root, depth, path, senders = [] } = by
  return { root, depth, path, ...sendersOf([...(own.senders ?? []), ...senders]) }
}

/** The latest of them, each once. */
function sendersOf(senders: readonly UserId[]): Pick<Chain, 'senders'> {
  return senders.length === 0 ? {} : { senders: [...new Set(senders)].slice(-maxSenders) }
}

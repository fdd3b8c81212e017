// signals
//
// What a waiting execution is sent: a message of a gate, the end of a child, an event, a person's decision. A signal for
// which it does not wait (any more) changes nothing. Its sender gets an answer once the result is on its way to D1, and
// sends it again until then.

import type { Heard } from '../../engine/behaviour.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { Ballot, BallotAnswer } from '../../usecases/approvals/ports.ts'
import type { GateMessage } from '../gate/gate-message.ts'
import { isSharedGate } from '../gate/shared-gates.ts'
import type { ChildNews } from './children.ts'
import type { ExecutionLoop } from './execution-loop.ts'
import { isResting } from './shared-places.ts'

/** A message of a gate (JSON text of a `GateMessage`) to one generation. `gone`: that is over, or never was. */
export async function hearGate(loop: ExecutionLoop, generation: number, text: string): Promise<'here' | 'gone'> {
  const live = loop.load()
  if (live === undefined || live.state.generation !== generation) return 'gone'
  if (live.state.finished !== null) {
    await mustHandOver(loop)
    return 'gone'
  }
  const message = JSON.parse(text) as GateMessage
  switch (message.kind) {
    case 'pass':
      await loop.report({ type: 'passGate', gate: message.gate })
      return 'here'
    case 'refuse':
      loop.turn({ type: 'refuse', failure: message.failure })
      return 'here'
    case 'leave':
      loop.turn({ type: 'cancel', by: 'concurrency', reason: message.failure.message })
      await mustHandOver(loop)
      return 'here'
    case 'ask':
      return isSharedGate(message.gate) && isResting(live, Date.now()) ? 'gone' : 'here'
    default:
      return unreachable(message)
  }
}

/** Calls that `holder` held back may be made now. Costs nothing where it held none of this execution. */
export async function release(loop: ExecutionLoop, holder: string): Promise<void> {
  const live = loop.load()
  if (live === undefined) return
  const isHeld = Object.values(live.state.open).some((step) => step.status === 'retrying' && step.holder === holder)
  if (isHeld) await loop.report({ type: 'released', holder })
}

/** A child has ended: `news` is JSON text of a `ChildNews`. */
export async function childEnded(loop: ExecutionLoop, key: string, news: string): Promise<void> {
  if (loop.load() === undefined) return
  await loop.report({ type: 'childEnded', key, end: JSON.parse(news) as ChildNews })
  await mustHandOver(loop)
}

/** Brings an event (JSON text of a `Heard`) to a step. `passed`: it is not the one; `gone`: the step does not wait. */
export async function hear(loop: ExecutionLoop, path: string, event: string): Promise<'taken' | 'passed' | 'gone'> {
  const contact = await loop.contactNow()
  const isWaiting = () => loop.live?.outstanding.listening?.some((listening) => listening.path === path) === true
  if (loop.load() === undefined) return 'gone'
  const waited = isWaiting()
  if (waited) loop.turn({ type: 'heard', path, event: JSON.parse(event) as Heard }, contact)
  if (isWaiting()) return 'passed'
  await mustHandOver(loop)
  return waited ? 'taken' : 'gone'
}

/** Takes a person's decision (JSON text of a `Ballot` but for the execution), and shows people what they are asked now. */
export async function decide(loop: ExecutionLoop, ballot: string): Promise<BallotAnswer> {
  const contact = await loop.contactNow()
  const live = loop.load()
  const { generation, path, vote, involved } = JSON.parse(ballot) as Omit<Ballot, 'executionId'>
  if (live === undefined || live.state.generation !== generation) return 'closed'
  loop.turn({ type: 'wake' }, contact)
  const step = live.state.open[path]
  if (step?.status !== 'waiting' || step.asking === undefined) return 'closed'
  const behaviour = live.plan.nodes.get(step.node)?.behaviour
  if (behaviour?.kind !== 'approval') return 'closed'
  const refusal = behaviour.judge(step.asking, vote, involved)
  if (refusal !== null) return refusal as BallotAnswer
  loop.turn({ type: 'voted', path, vote, involved }, contact)
  await loop.notifications.tellApprovals(live)
  await loop.handOver()
  return 'counted'
}

async function mustHandOver(loop: ExecutionLoop): Promise<void> {
  if (!(await loop.handOver())) throw new Error('nobody would look for what came of it yet')
}

// hearing
//
// What an execution that waits is brought: the word of a gate, the end of a child, an event, a person's decision. What
// it does not wait for, or not any more, changes nothing. Who brings it hears that it was taken when what came of it is on
// its way to D1, and brings it again until then.

import type { Heard } from '../../engine/behaviour.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { Ballot, BallotAnswer } from '../../usecases/approvals/ports.ts'
import type { GateWord } from '../gate/gate-word.ts'
import { isSharedGate } from '../gate/shared-gates.ts'
import type { ChildNews } from './children.ts'
import type { ExecutionLoop } from './execution-loop.ts'
import { isResting } from './shared-places.ts'

/** A gate says something (JSON text of a `GateWord`) to one try of it. `gone`: that try is over, or never was. */
export async function hearGate(loop: ExecutionLoop, generation: number, word: string): Promise<'here' | 'gone'> {
  const live = loop.load()
  if (live === undefined || live.state.generation !== generation) return 'gone'
  if (live.state.finished !== null) {
    await mustShow(loop)
    return 'gone'
  }
  const said = JSON.parse(word) as GateWord
  switch (said.kind) {
    case 'pass':
      await loop.report({ type: 'passGate', gate: said.gate })
      return 'here'
    case 'refuse':
      loop.turn({ type: 'refuse', failure: said.failure })
      return 'here'
    case 'leave':
      loop.turn({ type: 'cancel', by: 'concurrency', reason: said.failure.message })
      await mustShow(loop)
      return 'here'
    case 'ask':
      return isSharedGate(said.gate) && isResting(live, Date.now()) ? 'gone' : 'here'
    default:
      return unreachable(said)
  }
}

/** Who holds calls back lets go of those of this execution. Costs nothing where it held none. */
export async function release(loop: ExecutionLoop, holder: string): Promise<void> {
  const live = loop.load()
  if (live === undefined) return
  const isHeld = Object.values(live.state.open).some((step) => step.status === 'retrying' && step.holder === holder)
  if (isHeld) await loop.report({ type: 'released', holder })
}

/** A child says how it ended: `news` is JSON text of a `ChildNews`. */
export async function childEnded(loop: ExecutionLoop, key: string, news: string): Promise<void> {
  if (loop.load() === undefined) return
  await loop.report({ type: 'childEnded', key, end: JSON.parse(news) as ChildNews })
  await mustShow(loop)
}

/** Brings an event (JSON text of a `Heard`) to a step. `passed`: it is not the one; `gone`: the step does not wait. */
export async function hear(loop: ExecutionLoop, path: string, event: string): Promise<'taken' | 'passed' | 'gone'> {
  const contact = await loop.contactNow()
  const isWaiting = () => loop.live?.outstanding.listening?.some((listening) => listening.path === path) === true
  if (loop.load() === undefined) return 'gone'
  const waited = isWaiting()
  if (waited) loop.turn({ type: 'heard', path, event: JSON.parse(event) as Heard }, contact)
  if (isWaiting()) return 'passed'
  await mustShow(loop)
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
  await loop.words.tellApprovals(live)
  await loop.show()
  return 'counted'
}

async function mustShow(loop: ExecutionLoop): Promise<void> {
  if (!(await loop.show())) throw new Error('nobody would look for what came of it yet')
}

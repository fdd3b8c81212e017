// words
//
// What an execution's object has to say to others: to its parent, its contact and its gates that it is over, to people
// what they are asked. Each says it once per process, and again whenever this process does not know that it has been
// said; hearing it twice changes nothing.

import { ExecutionId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { asksPeople } from '../../nodes/asks-people.ts'
import { tellApprovals } from '../approvals/tell-approvals.ts'
import { hasLeft } from '../contact/begin-enrolled.ts'
import { executionOf } from '../executions.ts'
import { leaveGates } from '../gate/gates.ts'
import type { Alarm } from './alarm.ts'
import { newsIn } from './children.ts'
import type { LiveExecution } from './live-execution.ts'

export class Words {
  readonly #env: Env
  readonly #alarm: Alarm
  /** The last generation whose end its parent has been told. */
  #told = 0
  /** The contact that was let in by it knows that it is over. */
  #left = false
  /** The last generation that gave back its places at gates. */
  #leftGates = 0
  /** The last turn as of which people have been shown what they are asked. */
  #asked = 0

  constructor(env: Env, alarm: Alarm) {
    this.#env = env
    this.#alarm = alarm
  }

  /** Whether its parent or contact has not heard that it ended, or its children are still to be looked after. */
  areOwed({ header, state, outstanding }: LiveExecution): boolean {
    if (header.enrolled !== undefined && !this.#left) return true
    if (hasGates(state) && this.#leftGates !== state.generation) return true
    if (state.parent !== null && this.#told !== state.generation) return true
    return outstanding.children.length > 0 || (asksPeople(header.graph) && this.#asked !== state.seq)
  }

  /** Says to the step that called it how the execution ended. Never rejects: the alarm tries again. */
  async tellParent({ header, state }: LiveExecution): Promise<void> {
    const news = newsIn(header.executionId, state)
    const { parent, generation } = state
    if (parent === null || news === undefined || this.#told === generation) return
    try {
      const { organizationId } = header
      await executionOf(this.#env, organizationId, ExecutionId.parse(parent.executionId)).childEnded(
        organizationId,
        parent.key,
        JSON.stringify(news),
      )
      this.#told = generation
    } catch (error) {
      console.error({ message: 'parent not told', execution: header.executionId, error: String(error) })
    }
  }

  /** Says to the contact that was let in that it is over. Never rejects: the alarm tries again. */
  async tellContact({ header, state }: LiveExecution): Promise<void> {
    if (header.enrolled === undefined || state.finished === null || this.#left) return
    try {
      await hasLeft(this.#env, header, state.finished.at)
      this.#left = true
    } catch (error) {
      console.error({ message: 'contact not told', execution: header.executionId, error: String(error) })
    }
  }

  /** Gives back its places at gates, as soon as it is over. Never rejects: the alarm tries again. */
  async tellGates({ header, state }: LiveExecution): Promise<void> {
    if (!hasGates(state) || state.finished === null || this.#leftGates === state.generation) return
    const { generation, gates, place, sharedPlaces } = state
    try {
      await leaveGates(this.#env, header, { generation, gates, place, sharedPlaces })
      this.#leftGates = Math.max(this.#leftGates, generation)
    } catch (error) {
      console.error({ message: 'gates not told', execution: header.executionId, error: String(error) })
    }
  }

  /** Shows people what they are asked, as of now. Never rejects: the alarm tries again. */
  async tellApprovals({ header, journal, state }: LiveExecution): Promise<void> {
    if (!asksPeople(header.graph) || this.#asked === state.seq) return
    const { seq } = state
    try {
      await tellApprovals(this.#env, header, journal.after(0))
      this.#asked = Math.max(this.#asked, seq)
    } catch (error) {
      console.error({ message: 'approvals not told', execution: header.executionId, error: String(error) })
      this.#alarm.mend()
    }
  }
}

/** Whether it had gates to pass. */
function hasGates({ gates, place, sharedPlaces }: LiveExecution['state']): boolean {
  return gates.length > 0 || place !== null || sharedPlaces.length > 0
}

// notifications
//
// Whom an execution's object has to notify: its parent, its contact and its gates when it has finished, and the approvers of
// what they are asked. Each notification is sent until this process knows that it arrived, so a fresh process sends all of
// them again; one that arrives twice changes nothing.

import { ExecutionId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { asksPeople } from '../../nodes/asks-people.ts'
import { tellApprovals } from '../approvals/tell-approvals.ts'
import { hasLeft } from '../contact/begin-enrolled.ts'
import { executionOf } from './execution-stub.ts'
import { leaveGates } from '../gate/gates.ts'
import type { Alarm } from './alarm.ts'
import { newsIn } from './children.ts'
import type { LiveExecution } from './live-execution.ts'

export class Notifications {
  readonly #env: Env
  readonly #alarm: Alarm
  /** The last generation whose end its parent knows of. */
  #told = 0
  /** The enrolled contact knows that the execution has finished. */
  #left = false
  /** The last generation that gave back its places at gates. */
  #leftGates = 0
  /** The last turn as of which approvals are up to date. */
  #asked = 0

  constructor(env: Env, alarm: Alarm) {
    this.#env = env
    this.#alarm = alarm
  }

  /** Whether somebody is still to be notified of the execution as it stands, or children are to be seen to. */
  arePending({ header, state, outstanding }: LiveExecution): boolean {
    if (header.enrolled !== undefined && !this.#left) return true
    if (hasGates(state) && this.#leftGates !== state.generation) return true
    if (state.parent !== null && this.#told !== state.generation) return true
    return outstanding.children.length > 0 || (asksPeople(header.graph) && this.#asked !== state.seq)
  }

  /** Tells the step that called the execution how it ended. Never rejects: the alarm tries again. */
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

  /** Tells the enrolled contact that the execution has finished. Never rejects: the alarm tries again. */
  async tellContact({ header, state }: LiveExecution): Promise<void> {
    if (header.enrolled === undefined || state.finished === null || this.#left) return
    try {
      await hasLeft(this.#env, header, state.finished.at)
      this.#left = true
    } catch (error) {
      console.error({ message: 'contact not told', execution: header.executionId, error: String(error) })
    }
  }

  /** Gives back the places at gates of a finished execution. Never rejects: the alarm tries again. */
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

  /** Brings the approvals that people see up to date. Never rejects: the alarm tries again. */
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

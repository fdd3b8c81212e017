// recorder
//
// Hands the record of an execution to an inbox, and knows as of which turn that has happened.

import type { Env } from '../../env.ts'
import { handOverRecord } from '../records/hand-over-record.ts'
import { isolateOf } from '../isolate.ts'
import type { LiveExecution } from './live-execution.ts'
import { recordText } from '../records/record-text.ts'

export interface RecorderParts {
  env: Env
  /** Arms the alarm for when the execution wants to be looked at next. */
  arm(live: LiveExecution): void
  /** As `arm`, and trusts no alarm that was armed before. */
  armAnew(live: LiveExecution): void
}

export class Recorder {
  readonly #parts: RecorderParts
  /** This process began the execution, and the event that did so is still pending in its inbox. */
  isBacked = false
  /** The last turn whose record an inbox has taken over, as `generation.seq`. */
  #recorded = ''
  /** The record that is being handed over, by the same name. */
  #handing: { name: string; done: Promise<void> } | undefined

  constructor(parts: RecorderParts) {
    this.#parts = parts
  }

  /** Whether this process has handed over any record. */
  hasHandedOver(): boolean {
    return this.#recorded !== ''
  }

  /** Whether an inbox has the record as of now. */
  isHandedOver(live: LiveExecution): boolean {
    return this.#recorded === nameOf(live)
  }

  /** Gives the record as of now to an inbox, which brings it to D1. Never rejects: the alarm tries again. */
  handOver(live: LiveExecution): Promise<void> {
    const name = nameOf(live)
    if (this.#handing?.name === name) return this.#handing.done
    const handing = { name, done: this.#deposit(live, name) }
    this.#handing = handing
    return handing.done.finally(() => {
      if (this.#handing === handing) this.#handing = undefined
    })
  }

  async #deposit(live: LiveExecution, name: string): Promise<void> {
    const { env, arm, armAnew } = this.#parts
    const { header, state } = live
    const { organizationId, executionId, inbox } = header
    const text = recordText(env, live, isolateOf(env).runRule)
    if (state.finished === null || header.enrolled !== undefined) {
      // The inbox drops the event with this record: an execution that goes on, or has to notify its contact, needs an alarm first.
      this.isBacked = false
      arm(live)
    }
    try {
      const record = typeof text === 'string' ? text : await text
      await handOverRecord(env, { organizationId, executionId, record, ...(inbox !== undefined && { inbox }) })
      this.#recorded = name
    } catch (error) {
      console.error({ message: 'record not handed over', execution: executionId, error: String(error) })
      // D1 does not know how the execution stands. Should the platform have given its alarm up, nothing would wake it.
      this.isBacked = false
      return armAnew(live)
    }
    // The inbox has dropped the event, or may have: from now on the execution needs an alarm.
    this.isBacked = false
    arm(live)
  }
}

function nameOf({ state: { generation, seq } }: LiveExecution): string {
  return `${generation}.${seq}`
}

import type { JsonObject } from '../contract/json.ts'
import type { ChildCall, GateRef, StepPath, Topic } from './event.ts'

/** Names an attempt of a step within a generation of its execution. */
export const attemptKey = (path: StepPath, attempt: number): string => `${path}/${attempt}`

/**
 * What the state still calls for. Effects follow from state and never from the act of deciding, so after a crash the
 * shell asks again and gets the same ones. Performing one twice must be harmless: `key` tells them apart.
 */
export interface Invocation {
  /** By `attemptKey`: names this attempt within the execution. */
  key: string
  path: StepPath
  node: string
  attempt: number
  /** Redrives begin a new one, and with it new idempotency keys; within one, a path keeps its key. */
  generation: number
  /** The recorded params: a retry sends what the first attempt sent. */
  input: JsonObject
  /** Of this attempt; the shell aborts the call after it. */
  timeoutMs: number
}

/**
 * An execution of another workflow that a step needs or does not need any more. Starting one twice under the same key
 * must give the same child.
 */
export interface ChildOrder {
  /** `generation/path`: names it within the parent. */
  key: string
  path: StepPath
  /** When it was called for, in epoch ms. */
  at: number
  call: ChildCall
  /** How many executions are above it: 1 or more. */
  depth: number
  /**
   * `start` it and say so; `watch` it: its end is awaited, and it says so itself, so now and then is enough; `cancel` it
   * and say so: nobody waits for it any more.
   */
  want: 'start' | 'watch' | 'cancel'
}

/** A step that waits for an event, until `dueAt` (epoch ms). Bringing an event twice must be harmless, and is. */
export interface Listening {
  path: StepPath
  topic: Topic
  dueAt: number
}

/** A step that may not have to be called: `recalled` says what is known under its key. Without an answer it is called. */
export interface Recall {
  path: StepPath
  node: string
  key: string
}

export interface Outstanding {
  /** Calls to make now, at most five at a time per execution. A call in flight that is not listed is to be aborted. */
  invocations: Invocation[]
  /** Children to look after. Once the execution has ended they are all that can be outstanding. */
  children: readonly ChildOrder[]
  /** Steps to which events are to be brought (`heard`), past ones since `topic.since` included. Absent: none. */
  listening?: readonly Listening[]
  /** Results to look up. Absent: none. */
  recalls?: readonly Recall[]
  /** It waits here, and nothing else is outstanding until it is let through or refused. Absent: it waits nowhere. */
  gate?: GateRef
  /** The earliest instant (epoch ms) at which the engine wants a turn even if nothing happens. */
  wakeAt: number | null
}

import type { FullRetryPolicy } from '../contract/effective-retry.ts'
import type { OnError } from '../contract/graph.ts'
import type { Json, JsonObject } from '../contract/json.ts'
import type { Behaviour, Guard, Scope } from './behaviour.ts'
import type { ContactReads } from './contact-parts.ts'
import type { MergeSite } from './merge-sites.ts'

/** A node ready to be decided: everything that can be known before an event comes is known. */
export interface PlanNode {
  readonly id: string
  readonly name: string
  /** The node's type, by its name. */
  readonly type: string
  readonly behaviour: Behaviour
  /** Targets by way out. A port without edges is absent: the branch ends there. */
  readonly next: ReadonlyMap<string, readonly string[]>
  /** Where what undoes it begins; nothing: it cannot be undone. */
  readonly undo: readonly string[]
  /** It is undone also when nobody knows whether its call happened. */
  readonly undoesUnknown: boolean
  /** Where a node goes on that is passed through or whose failure is passed over. */
  readonly firstPort: string
  readonly onError: OnError
  readonly retry: FullRetryPolicy
  readonly timeoutMs: number
  readonly stepTimeoutMs: number
  readonly onAmbiguous: 'retry' | 'fail'
  readonly disabled: boolean
  /** Null: it is always executed. */
  readonly executeIf: Guard | null
  /** Of calls: how long what they gave is good, and under which key (null: their params). */
  readonly cache: { readonly ttlMs: number; readonly key: ((scope: Scope) => Json) | null } | null
}

/**
 * A published graph, validated and compiled once per version: ports resolved, expressions parsed, adjacency indexed.
 * Immutable and free of any execution's data, so one isolate shares it among all of a version's executions.
 */
export interface Plan {
  readonly workflow: { readonly id: string; readonly name: string; readonly version: number }
  readonly nodes: ReadonlyMap<string, PlanNode>
  readonly triggers: readonly string[]
  /** The node at which the error handler begins. */
  readonly handler: string | null
  /** Whether a cancelled execution is undone. */
  readonly undoesCancelled: boolean
  /** Nodes that only an error handler or an undoing leads to: no token of the execution itself goes there. */
  readonly aside: ReadonlySet<string>
  /** By entry and merge: where the branches come from. Entries are triggers, and nodes whose undoing it is. */
  readonly mergeSites: ReadonlyMap<string, ReadonlyMap<string, MergeSite>>
  readonly variables: JsonObject
  /** What its expressions read of the live contact; null: none of it, and hosts need not look. */
  readonly contactReads: ContactReads | null
  /** Budget of active time in ms. */
  readonly activeTimeoutMs: number
  /** Executed steps after which an execution fails rather than going on for ever. */
  readonly maxSteps: number
  /** Iterations that a loop may have, whatever its node says. */
  readonly maxIterations: number
}

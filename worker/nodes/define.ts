// define: the node SDK
//
// A node type is data plus at most two functions. `compile` turns one node of a graph into a behaviour, once per
// version; `perform` does an effect's work, one attempt at a time. Retries, timeouts, keys, error branches, journals
// and forms are not its concern.

import type { z } from 'zod'
import type { GraphNode } from '../contract/graph.ts'
import type { Json, JsonObject } from '../contract/json.ts'
import type { NodeFamily, Port } from '../contract/node-type.ts'
import type { Behaviour, Outcome } from '../engine/behaviour.ts'
import type { ContactActions } from './contact/contact-actions.ts'
import type { Surroundings } from './surroundings.ts'

/** A request out into the world, as `egress/` takes it. The address is checked there, for every redirect too. */
export interface EgressRequest {
  url: string
  method: string
  headers: Record<string, string>
  /** Bytes or text; absent for methods without a body. */
  body?: string | Uint8Array
  /** How many redirects to follow; 5 at most. */
  maxRedirects?: number
  /** Decoded bytes to accept of the answer; 10 MB at most. */
  maxResponseBytes?: number
}

export interface EgressResponse {
  status: number
  headers: Record<string, string>
  body: Uint8Array
  /** The address that answered, after redirects. */
  url: string
}

/** What an effect may touch. No `env`, no database, no clock: a node cannot reach past its inputs. */
export interface PerformContext<Params> {
  params: Params
  /** Throws `RetryableError` when the other side could not be reached, `TerminalError` when the address is refused. */
  fetch(request: EgressRequest): Promise<EgressResponse>
  signal: AbortSignal
  /** Stable across retries and crashes of this step: pass it to services that accept one. */
  idempotencyKey: string
  contacts: ContactActions
}

/** Something that a node's schema cannot say about its params. */
export interface ParamProblem {
  severity: 'error' | 'warning'
  code: string
  /** A sentence that says what to do. */
  message: string
  /** Where in the params: keys and indexes from the outside in. */
  path: readonly (string | number)[]
}

interface Described<Type extends string, Params extends z.ZodType> {
  type: Type
  title: string
  /** One sentence. */
  description: string
  family: NodeFamily
  /** The name of a Lucide icon, such as `git-branch`. */
  icon: string
  aliases?: readonly string[]
  /**
   * A `lazySchema` of params after expressions were evaluated; texts with `{{ … }}` are let through when a draft is
   * checked.
   */
  params: () => Params
  defaultParams: JsonObject
  /** Ways out; the first is where a node goes on that is passed through or continued, unless `goesOnAt` names one. */
  ports: readonly Port[]
  goesOnAt?: string
  /** The param (a list) whose entries are ways out by their `port` key, before the fixed `ports`. */
  portsFrom?: string
  /**
   * Ways out that lead to what goes on inside the step, and not after it: these, or all that come from its params.
   * A step that goes round has iterations: what happens in one stays there, and `loop` can be read in it. Of other
   * steps the results of what went on inside can be read afterwards.
   */
  inside?: { ports: readonly string[] | 'portsFrom'; goesRound: boolean }
  /** The param that names a variable of the workflow which the node sets. */
  setsVariable?: string
  /**
   * What is wrong with a draft's params beyond their schema, looked at only when they meet it. Texts may still hold
   * `{{ … }}`, about which nothing can be said.
   */
  check?(params: JsonObject): ParamProblem[]
  /** The line under the node's name: a text with `{param}` in it. */
  summary: string
  sampleOutput?: Json
  /** An example of what `steps.<id>.error` says where the step fails; without one, of what it says for every step. */
  sampleError?: JsonObject
}

export interface TriggerNode<Type extends string = string, Params extends z.ZodType = z.ZodType> extends Described<
  Type,
  Params
> {
  kind: 'trigger'
}

export interface InlineNode<Type extends string = string, Params extends z.ZodType = z.ZodType> extends Described<
  Type,
  Params
> {
  kind: 'inline'
  /** Throws `AppError`-free plain `StepFailure` only from the behaviour; a draft's mistakes are found by validation. */
  compile(node: GraphNode, surroundings: Surroundings): Behaviour
}

export interface EffectNode<Type extends string = string, Params extends z.ZodType = z.ZodType> extends Described<
  Type,
  Params
> {
  kind: 'effect'
  /** Method syntax on purpose: lets a list hold effects with different params. */
  perform(context: PerformContext<z.output<Params>>): Promise<Outcome>
}

export type NodeDefinition = TriggerNode | InlineNode | EffectNode

/** Identity at run time; it exists so that `perform` sees the type of its own `params`. */
export function defineTrigger<const Type extends string, Params extends z.ZodType>(
  definition: Omit<TriggerNode<Type, Params>, 'kind'>,
): TriggerNode<Type, Params> {
  return { kind: 'trigger', ...definition }
}

/** A node that completes inside the engine's turn, or waits. */
export function defineInline<const Type extends string, Params extends z.ZodType>(
  definition: Omit<InlineNode<Type, Params>, 'kind'>,
): InlineNode<Type, Params> {
  return { kind: 'inline', ...definition }
}

/** A node that acts on the world. */
export function defineEffect<const Type extends string, Params extends z.ZodType>(
  definition: Omit<EffectNode<Type, Params>, 'kind'>,
): EffectNode<Type, Params> {
  return { kind: 'effect', ...definition }
}

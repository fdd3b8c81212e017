// meaning: what the nodes of a random program do, for the engine and for the model alike

import type { Json, JsonObject } from '../../../worker/contract/json.ts'
import { seededFraction } from '../../../worker/lib/seeded-fraction.ts'
import { oops, portsOf, undoOf, type ProgramNode } from './program.ts'

const timely = new Set(['attempt', 'until', 'childGave'])

/**
 * A value as text, without what depends on time: the attempt at which a call failed, the end of a wait, which step of an
 * execution that was called ended last, and which of its failures came first.
 */
export function timeless(value: Json | readonly (Json | undefined)[]): string {
  return JSON.stringify(value, (key, part: unknown) => {
    // Which of its calls was the last to fail is chance; only some failures say it.
    if (key === 'sent') return undefined
    return timely.has(key) ? '' : hasFailed(part) ? anyFailure : part
  })
}

const anyFailure = 'what was called failed'

function hasFailed(part: unknown): boolean {
  return typeof part === 'object' && part !== null && 'code' in part && part.code === 'call.child_failed'
}

/** What a node makes of what it sees. */
export function digest(
  node: ProgramNode,
  seen: readonly (Json | undefined)[],
): { output: Json; port: string; roll: number } {
  const roll = seededFraction(`${node.id}|${timeless(seen)}`)
  const ports = portsOf[node.kind]
  const output = { by: node.id, roll: Math.floor(roll * 1e9) }
  return { output, port: ports[Math.floor(roll * ports.length)]!, roll }
}

/** What a merge makes of the branches that came, in whatever order. */
export function joined(node: ProgramNode, outputs: readonly Json[]): { output: Json; port: string } {
  return { output: { by: node.id, joined: outputs.map((output) => timeless(output)).sort() }, port: 'out' }
}

/** What a step makes of its own branches, whatever was the last that each of them did. */
export function gathered(
  node: ProgramNode,
  branches: readonly { branch: string; failed: boolean }[],
): { output: Json; port: string } {
  const said = branches.map(({ branch, failed }) => `${branch} ${failed ? 'failed' : 'ended'}`)
  return { output: { by: node.id, gathered: said.sort() }, port: 'done' }
}

/** How many entries the list has that a loop goes through. */
export function lengthOf(node: ProgramNode, seen: readonly (Json | undefined)[]): number {
  return Math.floor(seededFraction(`length|${node.id}|${timeless(seen)}`) * 4)
}

/** What a loop is told about an iteration: to pass it over, to end with it, to go on with it. */
export function isTold(
  what: 'skip' | 'break' | 'goOn',
  node: ProgramNode,
  index: number,
  seen: readonly (Json | undefined)[],
): boolean {
  return seededFraction(`${what}|${node.id}|${index}|${timeless(seen)}`) < { skip: 0.15, break: 0.1, goOn: 0.6 }[what]
}

/** What a loop makes of its iterations, apart from what they gave. */
export function wentRound(
  node: ProgramNode,
  { done, skipped, failed, by }: { done: number; skipped: number; failed: readonly number[]; by: string | null },
): { output: JsonObject; port: string } {
  return { output: { by: node.id, done, skipped, failed: failed.toSorted((a, b) => a - b), stopped: by }, port: 'done' }
}

/** Whether a node is passed through: it is disabled, or guarded, and what it sees says no. */
export function isSkipped(node: ProgramNode, seen: readonly (Json | undefined)[]): boolean {
  return node.disabled || (node.guarded && seededFraction(`guard|${node.id}|${timeless(seen)}`) < 0.5)
}

/** How often the world fails a call with this input before it works; -1 when it refuses it for good. */
export function failuresOf(input: Json): number {
  return Math.floor(seededFraction(`world|${JSON.stringify(input)}`) * 7) - 1
}

/** What the world answers to a call. */
export function answerTo(input: Json): Json {
  return { answered: input }
}

/** Whether a node that calls a workflow waits for its end, and whether it fails with it. */
export function isAwaited({ goesBy }: ProgramNode): boolean {
  return goesBy === 'list'
}

export function failsWithChild({ atOnce }: ProgramNode): boolean {
  return atOnce !== 2
}

/** What such a node gives that did not wait, or whose child failed. */
export function withoutChild({ id }: ProgramNode, isStarted: boolean): Json {
  return { by: id, child: isStarted ? 'started' : 'failed' }
}

/** What a node gives whose child is an execution of its own, that gives what it gives. */
export function fromChild({ id }: ProgramNode, status: string, output: Json): JsonObject {
  return { by: id, child: status, childGave: output }
}

/** What is sent to undo what a node gave, and to tell that it failed. */
export function undoes(id: string, output: Json): JsonObject {
  return { by: undoOf(id), gave: timeless(output) }
}

export function tells(told: Json): JsonObject {
  const { step, execution, rollback } = told as { step: Json; execution: { status: string }; rollback: JsonObject }
  return { by: oops.call, status: execution.status, hasStep: step !== null, undone: rollback['undone']! }
}

// size: how much an execution holds
//
// Counted in characters of JSON, as nearly as can be had without making the text: strings by their length, the rest roughly.
// What is counted of an event is the same when it was written down and read again.

import type { ExecutionState } from './state.ts'

/** What one step may give, with the variables it sets. An answer of 1 MB, the most that may be read, fits in. */
export const maxResultSize = 2_000_000

/**
 * What the journal of an execution may hold. It goes through the memory of a process of 128 MB, and from object to object in one
 * call, which takes 32 MB and two bytes for a character as soon as one of them is beyond Latin-1.
 */
export const maxExecutionSize = 15_000_000

/** For what is done after an execution came to its end: being too large must not keep it from being undone. */
const aftermathSize = 1_000_000

/** What a turn records before it leaves the rest to the next one, which follows at once: a row is then read and written in parts. */
const maxTurnSize = 1_000_000

/** Levels that may lie in each other: whoever writes a value down needs some of the call stack for each. */
export const maxDepth = 300

/** Characters of JSON that a value takes, or nearly; more than any result may have for one that is nested too deep. */
export function sizeOf(value: unknown, depth = 0): number {
  if (depth > maxDepth) return maxResultSize + 1
  switch (typeof value) {
    case 'string':
      return value.length + 2
    case 'object': {
      if (value === null) return 4
      let size = 2
      if (Array.isArray(value)) {
        for (const item of value) size += sizeOf(item, depth + 1) + 1
        return size
      }
      for (const key in value) {
        const item = (value as Record<string, unknown>)[key]
        if (item !== undefined) size += key.length + 4 + sizeOf(item, depth + 1)
      }
      return size
    }
    default:
      return 8
  }
}

/** True when an execution holds as much as it may. */
export function isTooLarge({ size, aftermath }: Pick<ExecutionState, 'size' | 'aftermath'>): boolean {
  return size >= maxExecutionSize + (aftermath === null ? 0 : aftermathSize)
}

/** True when a turn that began so many steps and recorded so much may begin another one. One is always begun. */
export function hasRoom({ begun, size }: { begun: number; size: number }): boolean {
  return begun === 0 || (begun < maxStepsPerTurn && size < maxTurnSize)
}

/** Ready steps and iterations begun in one turn at most: some milliseconds of work, and one row of the journal. */
export const maxStepsPerTurn = 500

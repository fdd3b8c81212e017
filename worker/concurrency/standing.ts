import { insideOf, waitingIn, type Line } from './line.ts'
import { nextMoveAt } from './gate.ts'

/** How one that waits stands among the others. */
export interface Standing {
  /** 1 is the next. */
  position: number
  waiting: number
  running?: number
  limit?: number
  /** When the next one goes on by itself, in epoch ms. */
  nextAt?: number
}

/** Undefined of one that does not wait. */
export function standingOf(line: Line, id: string): Standing | undefined {
  const waiting = waitingIn(line)
  const index = waiting.findIndex((place) => place.id === id)
  if (index < 0) return undefined
  const { settings } = line
  const nextAt = settings.gate === 'concurrency' ? null : nextMoveAt(line)
  return {
    position: index + 1,
    waiting: waiting.length,
    ...(settings.gate === 'concurrency' && { running: insideOf(line).length }),
    ...(settings.gate !== 'debounce' && { limit: settings.limit }),
    ...(nextAt !== null && { nextAt }),
  }
}

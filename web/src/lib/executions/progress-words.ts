import type { Estimate, ExecutionProgress } from '#contract/progress.ts'
import { formatAbout } from '../ui/format-time.ts'

/** Steps done of those expected: `4 of 9 steps`, `4 of about 9 steps`, `4 steps done`. */
export function stepWords({ done, expected }: Pick<ExecutionProgress, 'done' | 'expected'>): string {
  if (expected === null) return `${steps(done)} done`
  const { from, likely, to } = expected
  return `${count(done)} of ${from === to ? '' : 'about '}${steps(likely)}`
}

/** What remains, `sinceMs` after it was told; undefined where there is nothing to say. */
export function timeWords(
  { remainingMs, note }: Pick<ExecutionProgress, 'remainingMs' | 'note'>,
  sinceMs: number,
): string | undefined {
  if (note === 'longer_than_usual') return 'longer than usual already'
  const left = remainingMs === null ? 0 : remainingMs.likely - sinceMs
  if (note === 'approval') {
    return left < 1_000
      ? 'goes on when somebody decides'
      : `${about(left)}, if the decision takes as long as others did`
  }
  if (note === 'event') {
    return left < 1_000 ? 'goes on when the event comes' : `${about(left)}, if the event comes as others did`
  }
  return remainingMs === null ? undefined : about(left)
}

/** What all that is based on, in a sentence. */
export function basisWords({
  basedOn,
  remainingMs,
  note,
}: Pick<ExecutionProgress, 'basedOn' | 'remainingMs' | 'note'>): string {
  if (note === 'new_ground' && basedOn === null) return 'None of the executions before it came this way.'
  if (basedOn === null) return 'What is to come is learned from executions that completed. There are none yet.'
  if (basedOn.source === 'graph') {
    return 'There is one way through the workflow. How long it takes is known once an execution has completed.'
  }
  const { executions, versionNumber, sameVersion } = basedOn
  const from = executions === 1 ? 'one execution' : `${executions} executions`
  const whose = sameVersion ? 'before it' : `of version ${versionNumber}, as none of this one has completed`
  return `Learned from ${from} ${whose}${rangeWords(remainingMs)}.`
}

/** Worth telling only where others differed by more than a few seconds and by half. */
function rangeWords(remaining: Estimate | null): string {
  if (remaining === null || remaining.to - remaining.from < 5_000 || remaining.to < remaining.from * 1.5) return ''
  return `; most took ${formatAbout(remaining.from)} to ${formatAbout(remaining.to)} from here`
}

function about(ms: number): string {
  if (ms < 1_000) return 'about to end'
  return ms < 7_500 ? 'a few seconds left' : `about ${formatAbout(ms)} left`
}

function steps(number: number): string {
  return number === 1 ? '1 step' : `${count(number)} steps`
}

function count(number: number): string {
  return number.toLocaleString('en')
}

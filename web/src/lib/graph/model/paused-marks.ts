import type { Mark, Traffic } from './marks.ts'

/** The marks of a paused execution: what begins when it goes on says so, unless something of it is open already. */
export function withPaused(
  marks: ReadonlyMap<string, Mark>,
  next: readonly { path: string; nodeId: string }[],
): ReadonlyMap<string, Mark> {
  const shown = new Map(marks)
  for (const { path, nodeId } of next) {
    const before = marks.get(nodeId)
    if (before?.status === 'running' || before?.status === 'waiting' || before?.status === 'retrying') continue
    shown.set(nodeId, { status: 'waiting', handled: false, visits: before?.visits ?? 0, path, label: 'Paused' })
  }
  return shown
}

/** Nothing moves towards a step but a call that is in flight. */
export function heldBack(
  traffic: ReadonlyMap<string, Traffic>,
  targets: ReadonlyMap<string, string>,
  marks: ReadonlyMap<string, Mark>,
): ReadonlyMap<string, Traffic> {
  return new Map(
    [...traffic].map(([edge, passed]) => {
      const isInFlight = marks.get(targets.get(edge) ?? '')?.status === 'running'
      return [edge, { ...passed, moving: passed.moving && isInFlight }]
    }),
  )
}

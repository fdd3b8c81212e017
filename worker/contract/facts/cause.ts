/**
 * The header under which our own requests carry a signed token of their cause. Hooks, `POST /events` and `execute` take
 * the cause from it; one that was not signed for the same organization counts as absent.
 */
export const causeHeader = 'leat-cause'

/** The event of a start that was refused because workflows go round in a circle. */
export const loopEventTypes = ['loop.detected'] as const

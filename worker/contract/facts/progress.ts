/**
 * What there is to know about an estimate, or about there being none. `no_history`: the workflow has not completed yet;
 * `new_ground`: no earlier execution came this way; `queued` and `paused`: it has not begun, or nothing goes on, and nobody
 * knows for how long; `approval` and `event`: when it goes on is somebody's decision, or an event's, and the time left is as
 * with others, or null once it took longer than with any; `longer_than_usual`: what goes on now has taken longer than ever,
 * and the time left is what comes after it; `ending`: it has failed or was cancelled, and that is dealt with.
 */
export const progressNotes = [
  'no_history',
  'new_ground',
  'queued',
  'paused',
  'approval',
  'event',
  'longer_than_usual',
  'ending',
] as const

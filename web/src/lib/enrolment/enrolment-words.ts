import type { BlockedReason, Enrolment } from '#contract/enrolment.ts'
import type { Tone } from '#lib/ui/tone.ts'

/** Why somebody was not let in, as a person says it. */
export const reasonWords: Record<BlockedReason, string> = {
  contact_missing: 'There is no such contact',
  entry_conditions: 'Did not meet the conditions to enter',
  already_enrolled: 'Was in it already',
  limit_reached: 'Had entered as often as allowed',
  re_enrolment_delay: 'Too soon after the last time',
  exit_conditions: 'Met the conditions to leave',
  goal_achieved: 'Had reached a goal',
  contact_limit: 'Had as many executions as one contact may have',
}

/** Where an enrolment stands, in a word and its tone. */
export function enrolmentWords({ status, endedBy }: Pick<Enrolment, 'status' | 'endedBy'>): {
  label: string
  tone: Tone
} {
  if (status === 'blocked') return { label: 'Not let in', tone: 'neutral' }
  if (status === 'active') return { label: 'In it', tone: 'running' }
  if (endedBy === 'goal_achieved') return { label: 'Goal reached', tone: 'ok' }
  if (endedBy === 'contact_deleted') return { label: 'Contact deleted', tone: 'neutral' }
  return endedBy === 'exit_conditions' ? { label: 'Left', tone: 'neutral' } : { label: 'Finished', tone: 'ok' }
}

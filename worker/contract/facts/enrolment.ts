/** Limits of what a workflow says about enrolment. Lengths of time in ms. */
export const enrolmentLimits = { goals: 20, perContact: 1_000, leastMs: 1_000, mostMs: 5 * 365 * 86_400_000 } as const

/** Every reason for which a contact is not let in. */
export const blockedReasons = [
  'contact_missing',
  'entry_conditions',
  'already_enrolled',
  'limit_reached',
  're_enrolment_delay',
  'exit_conditions',
  'goal_achieved',
  'contact_limit',
] as const

/** The events of decisions about contacts. Each happens once, and only while somebody listens to it. */
export const enrolmentEventTypes = ['enrollment:blocked', 'goal:achieved'] as const
export type EnrolmentEventType = (typeof enrolmentEventTypes)[number]

/** How an approval ends: by decisions, by its deadline, or with its execution. */
export const approvalEndings = ['approved', 'rejected', 'expired', 'cancelled'] as const

/** The events an approval emits by itself. */
export const approvalEventTypes = ['approval.requested', 'approval.reminder', 'approval.escalated'] as const

import type { ApprovalStatus } from '#contract/approval.ts'
import type { Tone } from '../ui/tone.ts'

/** How the state of an approval is shown. */
export const statusFaces: Record<ApprovalStatus, { tone: Tone; label: string }> = {
  open: { tone: 'waiting', label: 'Open' },
  approved: { tone: 'ok', label: 'Approved' },
  rejected: { tone: 'failed', label: 'Rejected' },
  expired: { tone: 'neutral', label: 'Expired' },
  cancelled: { tone: 'neutral', label: 'Cancelled' },
}

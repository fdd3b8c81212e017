import Ban from '@lucide/svelte/icons/ban'
import CornerDownRight from '@lucide/svelte/icons/corner-down-right'
import Pause from '@lucide/svelte/icons/pause'
import Play from '@lucide/svelte/icons/play'
import RotateCw from '@lucide/svelte/icons/rotate-cw'
import SkipForward from '@lucide/svelte/icons/skip-forward'
import type { BulkAction } from '#contract/control.ts'
import type { Capability } from '#contract/member.ts'
import type { Icon } from '../ui/icon.ts'

export interface BulkWords {
  /** In the menu; what is done to whom. */
  label: string
  /** On the button that does it. */
  verb: string
  /** After the number of executions with which it was done. */
  did: string
  icon: Icon
  needs: Capability
  detail: string
}

export const bulkWords: Record<BulkAction, BulkWords> = {
  pause: {
    label: 'Pause all that fit',
    verb: 'Pause them',
    did: 'paused',
    icon: Pause,
    needs: 'execution.control',
    detail: 'Nothing new begins in them until they are resumed. Calls in flight end.',
  },
  resume: {
    label: 'Resume all that fit',
    verb: 'Resume them',
    did: 'resumed',
    icon: Play,
    needs: 'execution.control',
    detail: 'Those that are paused go on. What fell due meanwhile is due now.',
  },
  retry: {
    label: 'Retry all that fit',
    verb: 'Retry them',
    did: 'retried',
    icon: RotateCw,
    needs: 'execution.retry',
    detail: 'Those that failed go on from where they failed. What is finished is not repeated.',
  },
  skipStep: {
    label: 'Skip a step in all that stand there',
    verb: 'Skip the step',
    did: 'moved on',
    icon: SkipForward,
    needs: 'execution.control',
    detail:
      'Those that stand at the step pass through it. A call that it has in flight is given up, and may have happened.',
  },
  retryStep: {
    label: 'Retry a step in all that stand there',
    verb: 'Retry the step',
    did: 'asked to call again',
    icon: RotateCw,
    needs: 'execution.control',
    detail: 'Those that wait to call again at the step do so now.',
  },
  jump: {
    label: 'Go on elsewhere with all that stand at a step',
    verb: 'Go on there',
    did: 'moved on',
    icon: CornerDownRight,
    needs: 'execution.control',
    detail: 'Those that stand at the step leave it, and go on at the one you choose.',
  },
  cancel: {
    label: 'Cancel all that fit',
    verb: 'Cancel them',
    did: 'cancelled',
    icon: Ban,
    needs: 'execution.cancel',
    detail: 'No further step starts in those that are not over. Calls in flight are aborted, and may have happened.',
  },
}

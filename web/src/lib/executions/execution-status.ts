import type { ExecutionStatus, TriggerKind } from '#contract/execution.ts'
import type { Icon } from '#lib/ui/icon.ts'
import type { StatusFace } from '#lib/ui/status-face.ts'
import Ban from '@lucide/svelte/icons/ban'
import CalendarClock from '@lucide/svelte/icons/calendar-clock'
import CircleAlert from '@lucide/svelte/icons/circle-alert'
import Drama from '@lucide/svelte/icons/drama'
import GitFork from '@lucide/svelte/icons/git-fork'
import Hourglass from '@lucide/svelte/icons/hourglass'
import MousePointerClick from '@lucide/svelte/icons/mouse-pointer-click'
import Pause from '@lucide/svelte/icons/circle-pause'
import Radio from '@lucide/svelte/icons/radio'
import RotateCw from '@lucide/svelte/icons/rotate-cw'
import SkipForward from '@lucide/svelte/icons/skip-forward'
import TimerOff from '@lucide/svelte/icons/timer-off'
import Webhook from '@lucide/svelte/icons/webhook'
import Workflow from '@lucide/svelte/icons/workflow'

export const executionStatusFaces: Record<ExecutionStatus, StatusFace> = {
  queued: { label: 'Queued', tone: 'neutral', icon: Hourglass },
  running: { label: 'Running', tone: 'running' },
  waiting: { label: 'Waiting', tone: 'waiting' },
  paused: { label: 'Paused', tone: 'neutral', icon: Pause },
  completed: { label: 'Completed', tone: 'ok' },
  completed_with_errors: { label: 'Completed with errors', tone: 'waiting', icon: CircleAlert },
  failed: { label: 'Failed', tone: 'failed' },
  cancelled: { label: 'Cancelled', tone: 'neutral', icon: Ban },
  timed_out: { label: 'Timed out', tone: 'failed', icon: TimerOff },
  skipped: { label: 'Skipped', tone: 'neutral', icon: SkipForward },
}

export const triggerFaces: Record<TriggerKind, { label: string; icon: Icon }> = {
  webhook: { label: 'Webhook', icon: Webhook },
  event: { label: 'Event', icon: Radio },
  manual: { label: 'By hand', icon: MousePointerClick },
  schedule: { label: 'Schedule', icon: CalendarClock },
  retry: { label: 'Retry', icon: RotateCw },
  call: { label: 'Workflow', icon: Workflow },
  fork: { label: 'Fork', icon: GitFork },
  pretend_fork: { label: 'Pretended fork', icon: Drama },
}

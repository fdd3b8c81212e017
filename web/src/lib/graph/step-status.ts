import type { StepStatus } from '#contract/execution.ts'
import type { StatusFace } from '#lib/ui/status-face.ts'
import Ban from '@lucide/svelte/icons/ban'
import RotateCw from '@lucide/svelte/icons/rotate-cw'
import SkipForward from '@lucide/svelte/icons/skip-forward'

/** How what became of a step is said and shown, on the canvas and in lists. */
export const stepStatusFaces: Record<StepStatus, StatusFace> = {
  running: { label: 'Running', tone: 'running' },
  waiting: { label: 'Waiting', tone: 'waiting' },
  retrying: { label: 'Retrying', tone: 'waiting', icon: RotateCw },
  completed: { label: 'Completed', tone: 'ok' },
  failed: { label: 'Failed', tone: 'failed' },
  cancelled: { label: 'Cancelled', tone: 'neutral', icon: Ban },
  skipped: { label: 'Skipped', tone: 'neutral', icon: SkipForward },
}

import type { WorkflowStatus } from '#contract/workflow.ts'
import type { Icon } from '#lib/ui/icon.ts'
import type { Tone } from '#lib/ui/tone.ts'
import Archive from '@lucide/svelte/icons/archive'
import CirclePause from '@lucide/svelte/icons/circle-pause'
import PencilLine from '@lucide/svelte/icons/pencil-line'
import Radio from '@lucide/svelte/icons/radio'

/** How a workflow's status is said and shown, everywhere. */
export const workflowStatusFaces: Record<WorkflowStatus, { label: string; tone: Tone; icon: Icon }> = {
  draft: { label: 'Draft', tone: 'neutral', icon: PencilLine },
  active: { label: 'Live', tone: 'ok', icon: Radio },
  paused: { label: 'Paused', tone: 'waiting', icon: CirclePause },
  archived: { label: 'Archived', tone: 'neutral', icon: Archive },
}

import CircleX from '@lucide/svelte/icons/circle-x'
import FileWarning from '@lucide/svelte/icons/file-warning'
import SkipForward from '@lucide/svelte/icons/skip-forward'
import Inbox from '@lucide/svelte/icons/inbox'
import type { DeadLetterKind } from '#contract/dead-letter.ts'
import type { Icon } from '#lib/ui/icon.ts'

/** What a kind of dead letter is called, and what retrying it does. */
export const kindFaces: Record<DeadLetterKind, { label: string; icon: Icon; retry: string }> = {
  execution: {
    label: 'Execution failed',
    icon: CircleX,
    retry: 'Goes on from the failed steps. With other data, or where none failed, it starts anew, from the trigger.',
  },
  step: {
    label: 'Went on without a step',
    icon: SkipForward,
    retry: 'It has come to its end, so this starts it anew, from the trigger: all its steps run again.',
  },
  event: {
    label: 'Event not consumed',
    icon: Inbox,
    retry: 'The event is accepted anew. What it has begun already is not begun twice.',
  },
  record: {
    label: 'Record not written',
    icon: FileWarning,
    retry: 'What became of the execution is written into the lists. Nothing runs again.',
  },
}

import type { Icon } from '#lib/ui/icon.ts'
import MousePointerClick from '@lucide/svelte/icons/mouse-pointer-click'
import Radio from '@lucide/svelte/icons/radio'
import Webhook from '@lucide/svelte/icons/webhook'
import Zap from '@lucide/svelte/icons/zap'

const faces: Record<string, { label: string; icon: Icon }> = {
  'trigger.webhook': { label: 'Webhook', icon: Webhook },
  'trigger.event': { label: 'Event', icon: Radio },
  'trigger.manual': { label: 'By hand', icon: MousePointerClick },
}

/** How a trigger's node type is said and shown. Types of later releases are said by the end of their name. */
export function triggerFace(type: string): { label: string; icon: Icon } {
  const words = (type.split('.').at(-1) ?? type).replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return faces[type] ?? { label: words.charAt(0).toUpperCase() + words.slice(1), icon: Zap }
}

import type { Icon } from './icon.ts'
import type { Tone } from './tone.ts'

/** How a status is said and shown. */
export interface StatusFace {
  label: string
  tone: Tone
  /** Where the tone's own icon would say too little. */
  icon?: Icon
}

import { z } from 'zod'
import type { TextStore } from '../draft/draft-buffer.ts'

const key = 'leat.palette.recent'
const most = 8

/** Node types this person used last, newest first; kept on this device. */
export function recentTypes(store: TextStore): string[] {
  try {
    return z.array(z.string()).parse(JSON.parse(store.getItem(key) ?? '[]'))
  } catch {
    return []
  }
}

/** Notes that a type was used. Storage that is full or forbidden forgets, and that is all. */
export function noteUse(store: TextStore, type: string): void {
  try {
    const next = [type, ...recentTypes(store).filter((other) => other !== type)].slice(0, most)
    store.setItem(key, JSON.stringify(next))
  } catch {
    // A convenience, nothing more.
  }
}

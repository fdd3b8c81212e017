// What this browser remembers for its reader: small choices, never data. A browser that keeps nothing (private
// windows, blocked storage) behaves as if it were asked for the first time.

/** What was remembered under a name; null when nothing was, or nothing can be. */
export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}

/** Remembers a text, or forgets it when it is null. */
export function remember(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key)
    else localStorage.setItem(key, text)
  } catch {
    // Nothing depends on it.
  }
}

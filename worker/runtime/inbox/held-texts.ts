/**
 * Characters of records that an inbox has in memory, some ten seconds of what a busy one takes: those that are read again
 * cost as much as an event. An isolate holds 128 MB.
 */
export const mostHeld = 32_000_000

/**
 * Texts of records on their way to D1, as far as memory should hold them: while D1 is slow there are ever more. What is
 * beyond is read from the inbox again, where it lies anyway.
 */
export class HeldTexts {
  #characters = 0

  /** The text, which is held from now on; undefined where that would be too much. */
  hold(text: string): string | undefined {
    if (this.#characters + text.length > mostHeld) return undefined
    this.#characters += text.length
    return text
  }

  /** What was held is not held any more. */
  release(texts: readonly string[]): void {
    for (const text of texts) this.#characters -= text.length
  }
}

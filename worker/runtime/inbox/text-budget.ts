/**
 * Characters of records that an inbox keeps in memory: what a busy one takes in some ten seconds. An isolate has 128 MB, and
 * to read a record again costs as much as an event.
 */
export const mostHeld = 32_000_000

/**
 * Bounds the memory for texts of records on their way to D1, which grow in number while D1 is slow. A text beyond the bound is
 * read from the inbox's table again when it is sent.
 */
export class TextBudget {
  #characters = 0

  /** The text, which counts from now on; undefined where that would exceed the bound. */
  hold(text: string): string | undefined {
    if (this.#characters + text.length > mostHeld) return undefined
    this.#characters += text.length
    return text
  }

  /** These texts do not count any more. */
  release(texts: readonly string[]): void {
    for (const text of texts) this.#characters -= text.length
  }
}

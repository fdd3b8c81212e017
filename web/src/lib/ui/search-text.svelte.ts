const searchAfterMs = 200

/**
 * What is typed into a search. It runs ahead of what is searched for, and follows it where that changes elsewhere: what was
 * searched for on the way, and is only shown when more was typed, takes nothing back. A blank at its end is not searched
 * for, but stays: another word may follow. Call `close` when the search goes.
 */
export class SearchText {
  #typed = $state('')
  /** What is searched for. */
  #known: string
  /** What was asked for since, in order. */
  #awaited: string[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  readonly #search: (text: string) => void

  /** `search` has something searched for, which is told by `follow` once it is. */
  constructor(known: string, search: (text: string) => void) {
    this.#typed = known
    this.#known = known
    this.#search = search
  }

  get typed(): string {
    return this.#typed
  }

  /** Somebody typed: it is searched for a moment after the last letter, or at once. */
  type(text: string, when: 'soon' | 'now' = 'soon'): void {
    this.#typed = text
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#ask(text.trim()), when === 'now' ? 0 : searchAfterMs)
  }

  /** This is searched for from now on. */
  follow(value: string): void {
    const at = this.#awaited.indexOf(value)
    const isElsewhere = at === -1 && value !== this.#known && value !== this.#typed.trim()
    this.#known = value
    this.#awaited = this.#awaited.slice(at + 1)
    if (!isElsewhere) return
    clearTimeout(this.#timer)
    this.#typed = value
    this.#awaited = []
  }

  /** Nothing more is searched for: who has left the page does not mean another one. */
  close(): void {
    clearTimeout(this.#timer)
  }

  #ask(text: string): void {
    if (text !== (this.#awaited.at(-1) ?? this.#known)) this.#awaited.push(text)
    this.#search(text)
  }
}

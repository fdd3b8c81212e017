/** What a notice says. One sentence of what happened; `detail` says why, or what to do. */
export interface Notice {
  tone: 'ok' | 'failed' | 'info'
  title: string
  detail?: string
  /** One thing to do about it, such as taking it back. */
  action?: { label: string; run: () => void | Promise<void> }
}

const showForMs = 5_000
const showWithActionForMs = 10_000

/**
 * The one place for notices. Failures stay until they are dismissed; the others leave by themselves, but not while
 * the reader points at them or has the focus in them.
 */
class Notices {
  #shown = $state.raw<readonly (Notice & { id: number })[]>([])
  #timers = new Map<number, ReturnType<typeof setTimeout>>()
  #nextId = 1

  get shown() {
    return this.#shown
  }

  /** Shows a notice and gives what dismisses it. The oldest leaves when there are more than four. */
  show(notice: Notice): () => void {
    const id = this.#nextId++
    this.#shown = [...this.#shown.slice(-3), { ...notice, id }]
    this.resume()
    return () => this.dismiss(id)
  }

  dismiss(id: number): void {
    clearTimeout(this.#timers.get(id))
    this.#timers.delete(id)
    this.#shown = this.#shown.filter((notice) => notice.id !== id)
  }

  hold(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    this.#timers.clear()
  }

  resume(): void {
    for (const { id, tone, action } of this.#shown) {
      if (tone === 'failed' || this.#timers.has(id)) continue
      const timer = setTimeout(() => this.dismiss(id), action === undefined ? showForMs : showWithActionForMs)
      this.#timers.set(id, timer)
    }
  }
}

export const notices = new Notices()

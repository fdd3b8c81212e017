/**
 * Numbers by when they are due, the earliest first; of those due at once, the one that was put in first. A binary heap:
 * putting in and taking out cost the logarithm of what is in it.
 */
export class DueQueue {
  readonly #heap: Due[] = []
  #put = 0

  get size(): number {
    return this.#heap.length
  }

  /** When the first one is due; undefined when there is none. */
  get nextAt(): number | undefined {
    return this.#heap[0]?.at
  }

  put(at: number, who: number): void {
    const heap = this.#heap
    const due: Due = { at, order: this.#put++, who }
    let place = heap.push(due) - 1
    while (place > 0) {
      const above = (place - 1) >> 1
      if (!isBefore(due, heap[above]!)) break
      heap[place] = heap[above]!
      place = above
    }
    heap[place] = due
  }

  take(): { at: number; who: number } | undefined {
    const heap = this.#heap
    const first = heap[0]
    const last = heap.pop()
    if (first === undefined || last === undefined || heap.length === 0) return first
    let place = 0
    for (;;) {
      let below = 2 * place + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && isBefore(heap[below + 1]!, heap[below]!)) below += 1
      if (!isBefore(heap[below]!, last)) break
      heap[place] = heap[below]!
      place = below
    }
    heap[place] = last
    return first
  }
}

interface Due {
  at: number
  order: number
  who: number
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}

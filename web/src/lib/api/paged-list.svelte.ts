import type { Page } from '#contract/error.ts'
import { type ApiError, isAbort, toApiError } from './api-error.ts'
import { mergeFirstPage } from './merge-first-page.ts'

type Change<Item> = (items: readonly Item[]) => Item[]
type Ask<Item> = (cursor: string | undefined, signal: AbortSignal) => Promise<Page<Item>>

/** A list read page by page, that can be refreshed at its top without losing what was read further down. */
export class PagedList<Item> {
  #page = $state.raw<Page<Item>>()
  #error = $state.raw<ApiError>()
  #busy = $state<'first' | 'more' | 'refresh'>()
  #abort: AbortController | undefined
  #ask: Ask<Item> | undefined
  /** What happened to items while an answer is on its way, which may be from before that. */
  #since: Change<Item>[] = []
  readonly #key: (item: Item) => string

  constructor(key: (item: Item) => string) {
    this.#key = key
  }

  /** What was read so far: what `putBack` takes. */
  get page(): Page<Item> | undefined {
    return this.#page
  }

  /** Undefined until the first page is there. */
  get items(): readonly Item[] | undefined {
    return this.#page?.items
  }

  get hasMore(): boolean {
    return this.#page?.nextCursor !== undefined
  }

  get error(): ApiError | undefined {
    return this.#error
  }

  /** Whether the answer to another question is on its way: what is there answers the one before. */
  get asking(): boolean {
    return this.#busy === 'first'
  }

  get loadingMore(): boolean {
    return this.#busy === 'more'
  }

  /**
   * Starts anew with another question. What was there stays in sight only if `keep` says so, and only until there is an
   * answer: when that is a failure, the old rows would be taken for what was found.
   */
  async load(ask: Ask<Item>, { keep = false } = {}): Promise<void> {
    this.#ask = ask
    if (!keep) this.#page = undefined
    await this.#run('first', undefined, (_known, fresh) => fresh)
  }

  /** Reads the next page. */
  async more(): Promise<void> {
    const cursor = this.#page?.nextCursor
    if (cursor === undefined || this.#busy === 'more') return
    await this.#run('more', cursor, (known, next) => {
      const seen = new Set(known.items.map(this.#key))
      return { ...next, items: [...known.items, ...next.items.filter((item) => !seen.has(this.#key(item)))] }
    })
  }

  /** Reads the first page again, unless something is being read already. */
  async refresh(): Promise<void> {
    if (this.#busy !== undefined) return
    await this.#run('refresh', undefined, (known, fresh) => mergeFirstPage(known, fresh, this.#key))
  }

  /**
   * Reads the first page again because something changed, also while it is being read: that answer may be from before the
   * change.
   */
  async renew(): Promise<void> {
    if (this.#busy === 'first') await this.#run('first', undefined, (_known, fresh) => fresh)
    else await this.#run('refresh', undefined, (known, fresh) => mergeFirstPage(known, fresh, this.#key))
  }

  /** Shows what was read an earlier time, as far as that went, and reads the first page again. */
  async putBack(page: Page<Item>): Promise<void> {
    this.#page = page
    await this.#run('refresh', undefined, (known, fresh) => mergeFirstPage(known, fresh, this.#key))
  }

  /** Puts an item as it is now known in its place; an item that is not in the list is left out. */
  replace(item: Item): void {
    const key = this.#key(item)
    this.#change((items) => items.map((other) => (this.#key(other) === key ? item : other)))
  }

  remove(key: string): void {
    this.#change((items) => items.filter((item) => this.#key(item) !== key))
  }

  #change(change: Change<Item>): void {
    if (this.#busy !== undefined) this.#since.push(change)
    if (this.#page !== undefined) this.#page = changeItems(this.#page, change)
  }

  async #run(
    busy: 'first' | 'more' | 'refresh',
    cursor: string | undefined,
    join: (known: Page<Item>, next: Page<Item>) => Page<Item>,
  ): Promise<void> {
    if (this.#ask === undefined) return
    this.#abort?.abort()
    const abort = new AbortController()
    this.#abort = abort
    this.#busy = busy
    this.#since = []
    try {
      const next = await this.#ask(cursor, abort.signal)
      if (abort.signal.aborted) return
      const page = this.#page === undefined ? next : join(this.#page, next)
      this.#page = this.#since.reduce(changeItems, page)
      this.#error = undefined
    } catch (thrown) {
      if (abort.signal.aborted || isAbort(thrown)) return
      if (busy === 'first') this.#page = undefined
      this.#error = toApiError(thrown)
    } finally {
      if (this.#abort === abort) this.#busy = undefined
    }
  }
}

function changeItems<Item>(page: Page<Item>, change: Change<Item>): Page<Item> {
  return { ...page, items: change(page.items) }
}

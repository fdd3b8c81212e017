import { toApiError } from '../api/api-error.ts'
import { Resource } from '../api/resource.svelte.ts'
import { notices } from '../ui/notices.svelte.ts'

export interface CollectionPorts<Item> {
  list: (signal: AbortSignal) => Promise<{ items: readonly Item[] }>
  remove: (item: Item) => Promise<unknown>
  /** What is said when one was saved or removed, or could not be. */
  words: {
    saved: (item: Item) => { title: string; detail: string }
    removed: (item: Item) => string
    notRemoved: (item: Item) => string
  }
}

/** What an organization has a few of, all on one page: read, added to, changed and removed one by one. */
export class Collection<Item> {
  readonly resource = new Resource<readonly Item[]>()
  /** What is in the dialog; `item` undefined for a new one. */
  editing: { item: Item | undefined } | undefined = $state.raw()
  /** What somebody is asked about before it is removed. */
  removing: Item | undefined = $state.raw()
  #busy = $state(false)
  readonly #ports: CollectionPorts<Item>

  constructor(ports: CollectionPorts<Item>) {
    this.#ports = ports
  }

  /** Undefined while they are on their way. */
  get items(): readonly Item[] | undefined {
    return this.resource.data
  }

  /** One is being removed. */
  get isBusy(): boolean {
    return this.#busy
  }

  async load(): Promise<void> {
    await this.resource.load(async (signal) => (await this.#ports.list(signal)).items)
  }

  add(): void {
    this.editing = { item: undefined }
  }

  /** A dialog has saved it, which closes itself: it may have been left meanwhile, and another one be open. */
  saved(item: Item): void {
    notices.show({ tone: 'ok', ...this.#ports.words.saved(item) })
    void this.load()
  }

  /** Removes what was asked about. A failure is said, and nothing else: the list shows what there is. */
  async remove(): Promise<void> {
    const item = this.removing
    if (item === undefined) return
    const { remove, words } = this.#ports
    this.#busy = true
    try {
      await remove(item)
      notices.show({ tone: 'ok', title: words.removed(item) })
    } catch (thrown) {
      notices.show({ tone: 'failed', title: words.notRemoved(item), detail: toApiError(thrown).message })
    } finally {
      this.#busy = false
      if (this.removing === item) this.removing = undefined
      void this.load()
    }
  }
}

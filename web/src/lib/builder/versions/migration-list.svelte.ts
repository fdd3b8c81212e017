import type { ExecutionId } from '#contract/id.ts'
import type { MigrationPreview, MigrationRequest, MigrationResult } from '#contract/migration.ts'
import { type ApiError, toApiError } from '#lib/api/api-error.ts'

/** The most that the server moves at a time: `maxMigrations` of the contract, which brings its schemas along. */
const atOnce = 100

interface Server {
  preview(request: Omit<MigrationRequest, 'to'>): Promise<MigrationPreview>
  migrate(request: Omit<MigrationRequest, 'to'>): Promise<MigrationResult>
}

/** What became of a move. `error`: it stopped there, and those that had moved have. */
export interface Moved {
  moved: number
  stayed: number
  error?: ApiError
}

/** Executions that wait on other versions, looked at a page at a time: which can move, and why the rest cannot. */
export class MigrationList {
  readonly #server: Server
  #movable = $state.raw<MigrationPreview['movable']>([])
  #stuck = $state.raw<MigrationPreview['stuck']>([])
  #cursor = $state<ExecutionId>()
  #readAt = $state<number>()
  #error = $state.raw<ApiError>()
  #busy = $state<'look' | 'more' | 'move'>()
  #handled = $state(0)

  constructor(server: Server) {
    this.#server = server
  }

  get movable() {
    return this.#movable
  }

  get stuck() {
    return this.#stuck
  }

  /** How many were looked at. */
  get looked(): number {
    return this.#movable.length + this.#stuck.length
  }

  get hasMore(): boolean {
    return this.#cursor !== undefined
  }

  /** When the first page was read, in epoch ms; undefined until it was. */
  get readAt(): number | undefined {
    return this.#readAt
  }

  /** Why it was last not possible to look. */
  get error(): ApiError | undefined {
    return this.#error
  }

  get busy(): 'look' | 'more' | 'move' | undefined {
    return this.#busy
  }

  /** While they move: how many of them have been asked. */
  get handled(): number {
    return this.#handled
  }

  /** Reads from the beginning. What was there stays in sight until the answer has come. */
  async look(): Promise<void> {
    await this.#read('look', undefined)
  }

  /** Reads the next page. */
  async more(): Promise<void> {
    if (this.#cursor !== undefined) await this.#read('more', this.#cursor)
  }

  /** Moves all that were found to be movable, as many at a time as the server takes. Undefined while something else goes on. */
  async move(): Promise<Moved | undefined> {
    if (this.#busy !== undefined) return undefined
    this.#busy = 'move'
    this.#handled = 0
    const ids = this.#movable.map(({ id }) => id)
    const gone = new Set<string>()
    let stayed = 0
    try {
      for (let from = 0; from < ids.length; from += atOnce) {
        const asked = ids.slice(from, from + atOnce)
        const { moved, stuck } = await this.#server.migrate({ ids: asked })
        for (const id of moved) gone.add(id)
        stayed += stuck.length
        this.#handled = from + asked.length
      }
      return { moved: gone.size, stayed }
    } catch (thrown) {
      return { moved: gone.size, stayed, error: toApiError(thrown) }
    } finally {
      this.#movable = this.#movable.filter(({ id }) => !gone.has(id))
      this.#busy = undefined
    }
  }

  async #read(busy: 'look' | 'more', cursor: ExecutionId | undefined): Promise<void> {
    if (this.#busy !== undefined) return
    this.#busy = busy
    try {
      const { movable, stuck, nextCursor } = await this.#server.preview(cursor === undefined ? {} : { cursor })
      const isFirst = cursor === undefined
      this.#movable = isFirst ? movable : [...this.#movable, ...movable]
      this.#stuck = isFirst ? stuck : [...this.#stuck, ...stuck]
      this.#cursor = nextCursor
      this.#error = undefined
      if (isFirst) this.#readAt = Date.now()
    } catch (thrown) {
      this.#error = toApiError(thrown)
    } finally {
      this.#busy = undefined
    }
  }
}

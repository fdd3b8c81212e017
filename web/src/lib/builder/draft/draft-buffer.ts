import { z } from 'zod'
import { Graph } from '#contract/graph.ts'
import { sameJson } from '#lib/graph/model/same-json.ts'

/** What autosave takes care of. */
export interface Content {
  name: string
  graph: Graph
}

/** The part of the browser's storage that is used. */
export interface TextStore {
  getItem(key: string): string | null
  setItem(key: string, value: string): void
  removeItem(key: string): void
}

const Buffered = z.strictObject({ v: z.literal(1), revision: z.int(), name: z.string(), graph: Graph })

/** What the buffer of an earlier visit means for the workflow as the server has it now. */
export type Recovery =
  | { kind: 'nothing' }
  /** Edits that never reached the server, on top of what it has. */
  | { kind: 'unsaved'; content: Content }
  /** Edits that never reached the server, on top of an older revision. */
  | { kind: 'conflict'; content: Content; revision: number }

/**
 * One person's edits that the server has not got yet, kept on this device so that a crash, a closed lid or a refresh loses
 * nothing. Whoever else signs in on it does not find them, and a tab forgets only what it kept or found itself. Storage that is full or forbidden is no error: autosave goes on without it.
 */
export class DraftBuffer {
  readonly #store: TextStore
  readonly #key: string
  /** What this one last wrote or read. */
  #own: string | undefined

  constructor(store: TextStore, userId: string, workflowId: string) {
    this.#store = store
    this.#key = `leat.draft.${userId}.${workflowId}`
  }

  keep(revision: number, { name, graph }: Content): void {
    const text = JSON.stringify({ v: 1, revision, name, graph })
    try {
      this.#store.setItem(this.#key, text)
      this.#own = text
    } catch {
      // Full or forbidden: an older buffer would be worse than none.
      this.forget()
    }
  }

  forget(): void {
    try {
      // Another tab of theirs may have edits of its own in it.
      if (this.#own !== undefined && this.#store.getItem(this.#key) === this.#own) this.#store.removeItem(this.#key)
    } catch {
      // Forbidden storage has nothing to forget.
    }
  }

  recover(server: Content & { revision: number }): Recovery {
    const buffered = this.#read()
    if (buffered === undefined) return { kind: 'nothing' }
    const { revision, name, graph } = buffered
    if (name === server.name && sameJson(graph, server.graph)) return { kind: 'nothing' }
    if (revision === server.revision) return { kind: 'unsaved', content: { name, graph } }
    return { kind: 'conflict', content: { name, graph }, revision }
  }

  #read(): z.infer<typeof Buffered> | undefined {
    try {
      const text = this.#store.getItem(this.#key)
      this.#own = text ?? undefined
      return Buffered.parse(JSON.parse(text ?? 'null'))
    } catch {
      return undefined
    }
  }
}

import { untrack } from 'svelte'
import { sameJson } from '#lib/graph/model/same-json.ts'
import { unreachable } from '../../../../../worker/lib/unreachable.ts'
import type { Content, DraftBuffer } from './draft-buffer.ts'
import { type DraftEvent, type DraftState, isAtRisk, reduce, savedDraft } from './draft-state.ts'

/** What became of a save. */
export type SaveOutcome =
  | { kind: 'saved'; revision: number }
  | { kind: 'unanswered' }
  | { kind: 'refused'; reason: string }
  /**
   * The server has what an earlier save of ours sent, whose answer never came; or what it had, of a newer revision: what
   * was changed is beside what is drawn.
   */
  | { kind: 'overtaken'; theirs: Content & { revision: number } }
  | { kind: 'conflict' }

export interface DraftOptions {
  /** What the server has. */
  saved: Content & { revision: number }
  /** What an earlier visit may have sent over that revision, without knowing what became of it. */
  sentBefore?: readonly Content[]
  /**
   * Saves what changed over a revision. `known` is the whole content and, after it, what was sent before and not answered,
   * and what the server had of that revision. Never rejects.
   */
  save: (revision: number, changes: Partial<Content>, known: readonly Content[]) => Promise<SaveOutcome>
  buffer: Pick<DraftBuffer, 'keep' | 'forget'>
  now?: () => number
  after?: (ms: number, run: () => void) => () => void
}

const bufferAfterMs = 300

/**
 * The shell around `draft-state`: it owns timers, the save under way and the buffer. Tell it `edited` after every change
 * of the content; read `state` for the truth.
 */
export class Draft {
  #state: DraftState = $state.raw(savedDraft(0))
  /** What the server last said it has. */
  #saved: Content
  /** What was sent since, without an answer: the server has one of these, or what it had before. */
  #unanswered: readonly Content[] = []
  #content: Content
  #attempt = 0
  #stopTimer: () => void = () => {}
  #isClosed = false
  #stopBuffer: (() => void) | undefined
  #settled: (() => void)[] = []
  readonly #options: Required<Omit<DraftOptions, 'sentBefore'>>

  constructor(options: DraftOptions) {
    this.#options = { now: Date.now, after: afterTimeout, ...options }
    const { name, graph, revision } = options.saved
    this.#saved = { name, graph }
    this.#content = this.#saved
    this.#unanswered = options.sentBefore ?? []
    this.#state = savedDraft(revision)
  }

  get state(): DraftState {
    return this.#state
  }

  get isAtRisk(): boolean {
    return isAtRisk(this.#state)
  }

  /** The content on the screen is now this. */
  edited(content: Content): void {
    if (content.graph === this.#content.graph && content.name === this.#content.name) return
    this.#content = content
    const isSaved =
      this.#unanswered.length === 0 && content.graph === this.#saved.graph && content.name === this.#saved.name
    this.#tell({ type: 'edited', isSaved })
    this.#stopBuffer ??= this.#options.after(bufferAfterMs, () => this.flushBuffer())
  }

  /** Saves at once, and resolves when the save has come to an end, whichever. True when everything is saved. */
  async saveNow(): Promise<boolean> {
    // An edit during the save leaves it unsaved: once more, so that what runs is what is on the screen.
    for (let round = 0; round < 3; round += 1) {
      this.#tell({ type: 'askedToSave' })
      if (this.#state.status !== 'saving') break
      await new Promise<void>((resolve) => this.#settled.push(resolve))
      if (this.state.status !== 'unsaved' && this.state.status !== 'saving') break
    }
    return this.state.status === 'saved'
  }

  reconnected(): void {
    this.#tell({ type: 'reconnected' })
    this.#tell({ type: 'looked' })
  }

  /** Keeps what is on the screen; the next save replaces the other's content, all of it. */
  keepMine(theirs: Content & { revision: number }): void {
    this.#answered(theirs)
    this.#tell({ type: 'keptMine', revision: theirs.revision })
    this.#tell({ type: 'looked' })
  }

  /** The screen shows the other's content from here on. Call before the editor changes to it. */
  takeTheirs(theirs: Content & { revision: number }): void {
    this.#answered(theirs)
    this.#content = this.#saved
    this.#tell({ type: 'tookTheirs', revision: theirs.revision })
    this.#options.buffer.forget()
  }

  /**
   * The server said what it has. Of a newer revision with the content that it had, something beside was changed, such as who
   * sees it; with another content it is somebody else's. While an answer to a save of ours is missing it may be that one.
   */
  saw({ name, graph, revision }: Content & { revision: number }): void {
    const { status, revision: known } = this.#state
    const isAnswered = status !== 'saving' && status !== 'retrying' && this.#unanswered.length === 0
    if (revision <= known || !isAnswered) return
    const isAsItWas = name === this.#saved.name && sameJson(graph, this.#saved.graph)
    this.#tell(isAsItWas ? { type: 'changedBeside', revision } : { type: 'saveConflicted' })
  }

  /** Somebody else was found to have saved, before a save of ours met it. */
  conflicted(): void {
    this.#tell({ type: 'saveConflicted' })
  }

  /** Writes the buffer now: the page is about to go. */
  flushBuffer(): void {
    this.#stopBuffer?.()
    this.#stopBuffer = undefined
    const { buffer } = this.#options
    if (this.isAtRisk) buffer.keep(this.#state.revision, this.#content)
    else buffer.forget()
  }

  /**
   * Nobody looks at it any more: a save under way comes to its end, and nothing is tried by itself after it. What then is
   * missing on the server is in the buffer, for whoever opens the workflow next.
   */
  close(): void {
    this.flushBuffer()
    this.#stopTimer()
    this.#isClosed = true
  }

  #tell(event: DraftEvent): void {
    const before = untrack(() => this.#state)
    const { now, after } = this.#options
    const next = reduce(before, event, now())
    if (next === before) return
    this.#state = next
    this.#stopTimer()
    if (next.status === 'saving' && before.status !== 'saving') void this.#save(next.revision)
    else if ('dueAt' in next && !this.#isClosed) {
      this.#stopTimer = after(Math.max(0, next.dueAt - now()), () => this.#tell({ type: 'looked' }))
    }
    if (next.status !== 'saving') for (const settle of this.#settled.splice(0)) settle()
  }

  async #save(revision: number): Promise<void> {
    const content = this.#content
    const changes = this.#changesOf(content)
    const sent = [content, ...this.#unanswered]
    const isNothing = Object.keys(changes).length === 0
    const outcome: SaveOutcome = isNothing
      ? { kind: 'saved', revision }
      : await this.#options.save(revision, changes, [...sent, this.#saved])
    this.#attempt = outcome.kind === 'unanswered' ? this.#attempt + 1 : 0
    switch (outcome.kind) {
      case 'saved':
        this.#answered(content)
        this.#tell({ type: 'saveSucceeded', revision: outcome.revision })
        this.flushBuffer()
        break
      case 'unanswered':
        this.#unanswered = sent.filter((each, index) => sent.indexOf(each) === index)
        this.#tell({ type: 'saveUnanswered', attempt: this.#attempt })
        break
      case 'refused':
        this.#tell({ type: 'saveRefused', reason: outcome.reason })
        break
      case 'overtaken':
        this.keepMine(outcome.theirs)
        break
      case 'conflict':
        this.#tell({ type: 'saveConflicted' })
        break
      default:
        unreachable(outcome)
    }
  }

  /** What differs from the server's; all of it where that is not known. */
  #changesOf({ name, graph }: Content): Partial<Content> {
    if (this.#unanswered.length > 0) return { name, graph }
    return {
      ...(name === this.#saved.name ? {} : { name }),
      ...(graph === this.#saved.graph ? {} : { graph }),
    }
  }

  #answered({ name, graph }: Content): void {
    this.#saved = { name, graph }
    this.#unanswered = []
  }
}

function afterTimeout(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

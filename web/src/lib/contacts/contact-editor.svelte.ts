import type { ChangeContactRequest, Contact, CustomValue } from '#contract/contact.ts'
import { type ApiError, toApiError } from '../api/api-error.ts'
import { changedFields, type Clash, type ContactDraft, draftOf, rebase, requestOf } from './contact-draft.ts'
import { problemsOf } from './problems-of.ts'

export interface ContactEditorDependencies {
  save(id: string, revision: number, body: ChangeContactRequest): Promise<Contact>
  read(id: string): Promise<Contact>
}

/** How often a save is laid over what somebody else saved meanwhile, before a person is asked. */
const maxRounds = 3

/**
 * A contact that is being edited: the only writer of its draft. When somebody else saved first, what they changed is
 * taken in and mine is saved over it; only where both changed the same field is a person asked (`clashes`).
 */
export class ContactEditor {
  #contact: Contact
  #draft = $state.raw<ContactDraft>({})
  #clashes = $state.raw<readonly Clash[]>([])
  #error = $state.raw<ApiError>()
  #busy = $state(false)
  readonly #server: ContactEditorDependencies

  constructor(contact: Contact, server: ContactEditorDependencies) {
    this.#server = server
    this.#contact = $state.raw(contact)
    this.#draft = draftOf(contact)
  }

  /** The fields that differ from what is saved. */
  get changed(): string[] {
    return changedFields(draftOf(this.#contact), this.#draft)
  }

  readonly #problems = $derived(problemsOf(this.#error))

  get contact(): Contact {
    return this.#contact
  }

  get clashes(): readonly Clash[] {
    return this.#clashes
  }

  get error(): ApiError | undefined {
    return this.#error
  }

  get busy(): boolean {
    return this.#busy
  }

  /** What is wrong with a field, as the server said when it was last saved. */
  problemOf(field: string): string | undefined {
    return this.#problems[field]
  }

  value(field: string): CustomValue {
    return this.#draft[field] ?? null
  }

  set(field: string, value: CustomValue): void {
    this.#draft = { ...this.#draft, [field]: value }
  }

  discard(): void {
    this.#take(this.#contact)
  }

  /**
   * Saves what changed. True when it is saved; otherwise `error` or `clashes` says why not. What is typed while it is under
   * way stays in the draft, as a change that is still to be saved.
   */
  async save(): Promise<boolean> {
    if (this.#busy || this.changed.length === 0) return false
    this.#busy = true
    this.#error = undefined
    try {
      for (let round = 0; round < maxRounds; round++) {
        const base = draftOf(this.#contact)
        const sent = this.#draft
        try {
          const saved = await this.#server.save(this.#contact.id, this.#contact.revision, requestOf(base, sent))
          // The fields stay open while it is under way: what was typed since then is not saved yet, and not lost.
          const { draft } = rebase(sent, this.#draft, draftOf(saved))
          this.#take(saved)
          this.#draft = draft
          return true
        } catch (thrown) {
          if (toApiError(thrown).code !== 'contact.conflict') throw thrown
          const theirs = await this.#server.read(this.#contact.id)
          const { draft, clashes } = rebase(base, this.#draft, draftOf(theirs))
          this.#contact = theirs
          this.#draft = draft
          this.#clashes = clashes
          if (clashes.length > 0) return false
        }
      }
      throw new Error('Others are changing this contact right now. Try again in a moment.')
    } catch (thrown) {
      this.#error = toApiError(thrown)
      return false
    } finally {
      this.#busy = false
    }
  }

  /** Decides the clashes: mine is saved over theirs, or theirs stays. */
  async resolve(keep: 'mine' | 'theirs'): Promise<void> {
    if (keep === 'theirs') {
      this.#draft = { ...this.#draft, ...Object.fromEntries(this.#clashes.map(({ field, theirs }) => [field, theirs])) }
    }
    this.#clashes = []
    if (this.changed.length > 0) await this.save()
  }

  #take(contact: Contact): void {
    this.#contact = contact
    this.#draft = draftOf(contact)
    this.#clashes = []
    this.#error = undefined
  }
}

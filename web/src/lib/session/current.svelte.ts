import type { Capability, CurrentMember } from '#contract/member.ts'
import { type ApiError, toApiError } from '../api/api-error.ts'
import { chooseOrganization, hasSession, signOut } from '../api/auth.ts'
import { client } from '../api/client.ts'
import { getMe } from '../api/me.ts'
import { recall, remember } from '../ui/memory.ts'

type State =
  | { status: 'unknown' }
  /** `byChoice` when they left by themselves just now: whoever comes next does not want to be where they were. */
  | { status: 'signedOut'; byChoice: boolean }
  /** Signed in, but a member of nothing yet. */
  | { status: 'noOrganization' }
  | { status: 'ready'; member: CurrentMember }

const wasSignedInKey = 'leat.signedIn'

/** Who is signed in, in which organization, and what they may do there. One per page. */
class Session {
  #state = $state.raw<State>({ status: 'unknown' })

  constructor() {
    client.onSignedOut(() => this.#end({ status: 'signedOut', byChoice: false }))
  }

  get status(): State['status'] {
    return this.#state.status
  }

  /** Whether they signed out themselves, just now. */
  get leftByChoice(): boolean {
    return this.#state.status === 'signedOut' && this.#state.byChoice
  }

  /** The member. Throws where nobody is signed in: pages behind the sign-in never see that. */
  get member(): CurrentMember {
    if (this.#state.status !== 'ready') throw new Error('Nobody is signed in.')
    return this.#state.member
  }

  /** Whether the member may do something. A page hides what one may not do, the server refuses it. */
  can(capability: Capability): boolean {
    return this.#state.status === 'ready' && this.#state.member.capabilities.includes(capability)
  }

  /** Finds out who is signed in. Throws `ApiError` when that cannot be found out. */
  async load(): Promise<void> {
    // A browser that never signed in here asks the way that may be answered with no, which is not an error.
    if (recall(wasSignedInKey) === null && !(await hasSession())) {
      this.#end({ status: 'signedOut', byChoice: false })
      return
    }
    try {
      const member = await getMe()
      client.show(member.organization.id)
      // Asked again, it is mostly as it was: nobody who shows it has to show it anew.
      if (!isSame(this.#state, member)) this.#state = { status: 'ready', member }
      remember(wasSignedInKey, 'yes')
    } catch (thrown) {
      const error = toApiError(thrown)
      const state = stateAfter(error)
      if (state === undefined) throw error
      this.#end(state)
    }
  }

  /** Takes the member as changed by themselves, so that no question is needed. */
  rename(name: string): void {
    if (this.#state.status === 'ready') this.#state = { status: 'ready', member: { ...this.#state.member, name } }
  }

  async switchOrganization(organizationId: string): Promise<void> {
    await chooseOrganization(organizationId)
    await this.load()
  }

  async signOut(): Promise<void> {
    await signOut()
    this.#end({ status: 'signedOut', byChoice: true })
  }

  #end(state: Exclude<State, { status: 'unknown' | 'ready' }>): void {
    client.show(undefined)
    if (state.status === 'signedOut') remember(wasSignedInKey, null)
    // A question that was under way when they left is answered with a refusal: that changes nothing.
    if (state.status === this.#state.status) return
    this.#state = state
  }
}

function isSame(state: State, member: CurrentMember): boolean {
  return state.status === 'ready' && JSON.stringify(state.member) === JSON.stringify(member)
}

function stateAfter({ code }: ApiError): Exclude<State, { status: 'unknown' | 'ready' }> | undefined {
  if (code === 'auth.required' || code === 'auth.invalid_key') return { status: 'signedOut', byChoice: false }
  if (code === 'auth.no_organization') return { status: 'noOrganization' }
  return undefined
}

export const session = new Session()

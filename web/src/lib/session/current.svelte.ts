import type { Capability, CurrentMember } from '#contract/member.ts'
import { type ApiError, toApiError } from '../api/api-error.ts'
import { chooseOrganization, hasSession, signOut } from '../api/auth.ts'
import { client } from '../api/client.ts'
import { getMe } from '../api/me.ts'
import { recall, remember } from '../ui/memory.ts'

type State =
  | { status: 'unknown' }
  | { status: 'signedOut' }
  /** Signed in, but a member of nothing yet. */
  | { status: 'noOrganization' }
  | { status: 'ready'; member: CurrentMember }

const wasSignedInKey = 'leat.signedIn'

/** Who is signed in, in which organization, and what they may do there. One per page. */
class Session {
  #state = $state.raw<State>({ status: 'unknown' })

  constructor() {
    client.onSignedOut(() => this.#end('signedOut'))
  }

  get status(): State['status'] {
    return this.#state.status
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

  /** Finds out who is signed in. Throws `ApiError` when that can not be found out. */
  async load(): Promise<void> {
    // A browser that never signed in here asks the way that may be answered with no, which is not an error.
    if (recall(wasSignedInKey) === null && !(await hasSession())) {
      this.#state = { status: 'signedOut' }
      return
    }
    try {
      this.#state = { status: 'ready', member: await getMe() }
      remember(wasSignedInKey, 'yes')
    } catch (thrown) {
      const error = toApiError(thrown)
      const status = statusAfter(error)
      if (status === undefined) throw error
      this.#end(status)
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
    this.#end('signedOut')
  }

  #end(status: 'signedOut' | 'noOrganization'): void {
    if (status === 'signedOut') remember(wasSignedInKey, null)
    this.#state = { status }
  }
}

function statusAfter({ code }: ApiError): 'signedOut' | 'noOrganization' | undefined {
  if (code === 'auth.required' || code === 'auth.invalid_key') return 'signedOut'
  if (code === 'auth.no_organization') return 'noOrganization'
  return undefined
}

export const session = new Session()

import type { Capability, CurrentMember } from '#contract/member.ts'
import { ApiError, toApiError } from '../api/api-error.ts'
import { chooseOrganization, signOut } from '../api/auth.ts'
import { client } from '../api/client.ts'
import { getMe } from '../api/me.ts'

type State =
  | { status: 'unknown' }
  | { status: 'signedOut' }
  /** Signed in, but a member of nothing yet. */
  | { status: 'noOrganization' }
  | { status: 'ready'; member: CurrentMember }

/** Who is signed in, in which organization, and what they may do there. One per page. */
class Session {
  #state = $state.raw<State>({ status: 'unknown' })

  constructor() {
    client.onSignedOut(() => (this.#state = { status: 'signedOut' }))
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
    try {
      this.#state = { status: 'ready', member: await getMe() }
    } catch (thrown) {
      const error = toApiError(thrown)
      const status = statusAfter(error)
      if (status === undefined) throw error
      this.#state = { status }
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
    this.#state = { status: 'signedOut' }
  }
}

function statusAfter({ code }: ApiError): 'signedOut' | 'noOrganization' | undefined {
  if (code === 'auth.required' || code === 'auth.invalid_key') return 'signedOut'
  if (code === 'auth.no_organization') return 'noOrganization'
  return undefined
}

export const session = new Session()

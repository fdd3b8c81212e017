// contact-actions
//
// What a step does with contacts, on behalf of its execution.
//
//   A1. A change carries the step's key, and the contact's object remembers it: made again, it is not done again.
//   A2. A contact that a step makes is named by the step's key. So a step whose answer was lost finds the contact it made,
//       and not one more.
//   A3. What it causes goes on in the chain of the event that began the execution.

import { identitiesOf } from '../../contacts/identities.ts'
import { normalizeEmail } from '../../contacts/normalize-email.ts'
import { normalizePhone } from '../../contacts/normalize-phone.ts'
import { readChange, type ContactChange } from '../../contacts/read-change.ts'
import type { Author, Chain } from '../../contract/cause.ts'
import type { Contact } from '../../contract/contact.ts'
import type { Sent } from '../../contract/failure.ts'
import { ContactId, type OrganizationId } from '../../contract/id.ts'
import type { Env } from '../../env.ts'
import { sha256Hex } from '../../lib/digest.ts'
import { contactIdFor } from '../../lib/id.ts'
import { RetryableError, TerminalError } from '../../lib/step-errors.ts'
import { unreachable } from '../../lib/unreachable.ts'
import type { ContactActions, ContactWishes } from '../../nodes/contact/contact-actions.ts'
import { listContactFields } from '../../store/contact-fields.ts'
import { findHolder } from '../../store/contact-projection.ts'
import { openDatabase } from '../../store/database.ts'
import type { ContactDeed, ContactResult } from '../../usecases/contacts/ports.ts'
import { contactOf } from './contact-stub.ts'

/** The step that acts. */
export interface ActingStep {
  organizationId: OrganizationId
  by: Extract<Author, { kind: 'execution' }>
  chain: Chain
  idempotencyKey: string
}

/** Another contact may take an address between looking and making: then that one is found. */
const maxLooks = 3

export function createContactActions(
  env: Env,
  { organizationId, by, chain, idempotencyKey }: ActingStep,
): ContactActions {
  async function change(id: ContactId, deed: ContactDeed): Promise<ContactResult> {
    const key = { name: idempotencyKey, hash: sha256Hex(JSON.stringify(deed)) }
    const ask = async () => contactOf(env, organizationId, id).change(organizationId, { deed, by, chain, key })
    return reach<ContactResult>(ask, 'unknown')
  }

  async function read({ fields, addTags = [], removeTags = [] }: ContactWishes): Promise<ContactChange> {
    const hasCustom = Object.keys(fields).some((name) => name.startsWith('custom.'))
    const definitions = hasCustom ? await reach(() => listContactFields(openDatabase(env.DB), organizationId)) : []
    const result = readChange(fields, { add: addTags, remove: removeTags }, definitions)
    if ('change' in result) return result.change
    const [first] = result.problems
    const details = { problems: result.problems.map((problem) => ({ ...problem })) }
    throw new TerminalError('contact.invalid', `“${first?.path ?? ''}” ${first?.message ?? 'is wrong'}.`, { details })
  }

  return {
    find: (by) => findContact(env, organizationId, by),

    async findOrCreate(wishes, whenFound) {
      const wanted = await read(wishes)
      const { email = null, phone = null } = wanted.fields
      const identities = identitiesOf({ email: textOr(email), phone: textOr(phone) })
      if (identities.length === 0) {
        const message = 'A contact is found or made by its e-mail address or phone number. Give one of them.'
        throw new TerminalError('contact.no_identity', message)
      }
      // Nobody looks after what a workflow made until it says who.
      const made = { ...wanted, fields: { visibility: 'organization', ...wanted.fields } }
      const ownId = contactIdFor(organizationId, idempotencyKey)
      for (let looks = 0; looks < maxLooks; looks++) {
        const holder = await reach(() => findHolder(openDatabase(env.DB), organizationId, identities))
        if (holder === undefined || holder === ownId) {
          const result = await change(ownId, { kind: 'create', change: made })
          if (result.kind !== 'taken') return { contact: settle(result).contact, created: true, changed: true }
          continue
        }
        if (whenFound === 'keep') {
          const contact = await reach(() => contactOf(env, organizationId, holder).read(organizationId))
          if (contact !== undefined) return { contact, created: false, changed: false }
          continue
        }
        const result = await change(holder, { kind: 'change', change: wanted })
        if (result.kind !== 'missing') return { ...settle(result), created: false }
      }
      throw new RetryableError('contact.unsettled', 'Others are changing contacts of this address. Try again.', {
        sent: 'answered',
      })
    },

    async change(contactId, wishes) {
      const id = ContactId.safeParse(contactId)
      if (!id.success) throw missing(contactId)
      return settle(await change(id.data, { kind: 'change', change: await read(wishes) }))
    },
  }
}

/** What a test may do: look. */
export function testContactActions(env: Env, organizationId: OrganizationId): ContactActions {
  const refuse = () => {
    const message = 'A test does not change contacts. Let this step be pretended.'
    return Promise.reject(new TerminalError('contact.test_only', message))
  }
  return { find: (by) => findContact(env, organizationId, by), findOrCreate: refuse, change: refuse }
}

async function findContact(
  env: Env,
  organizationId: OrganizationId,
  { kind, value }: Parameters<ContactActions['find']>[0],
): Promise<Contact | null> {
  const id = await idOf(env, organizationId, kind, value)
  if (id === undefined) return null
  return (await reach(() => contactOf(env, organizationId, id).read(organizationId))) ?? null
}

async function idOf(
  env: Env,
  organizationId: OrganizationId,
  kind: 'id' | 'email' | 'phone',
  value: string,
): Promise<ContactId | undefined> {
  if (kind === 'id') return ContactId.safeParse(value).data
  const normalized = kind === 'email' ? normalizeEmail(value) : normalizePhone(value)
  if (normalized === null) return undefined
  return reach(() => findHolder(openDatabase(env.DB), organizationId, [{ kind, value: normalized }]))
}

/** Whatever cannot be reached now may be later, under the same key. `sent`: what asking may have done by then. */
async function reach<Result>(ask: () => Promise<Result>, sent: Sent = 'no'): Promise<Result> {
  try {
    return await ask()
  } catch (cause) {
    throw new RetryableError('contact.unavailable', 'The contact cannot be reached right now.', { sent, cause })
  }
}

function settle(result: ContactResult): { contact: Contact; changed: boolean } {
  switch (result.kind) {
    case 'done':
      return { contact: result.contact, changed: result.changed }
    case 'missing':
      throw missing()
    case 'taken': {
      const { field, contactId } = result
      const what = field === 'email' ? 'e-mail address' : 'phone number'
      throw new TerminalError('contact.taken', `Another contact has this ${what}.`, {
        details: { field, contactId },
        sent: 'answered',
      })
    }
    case 'tooLarge':
      throw new TerminalError('contact.too_large', 'The contact would be larger than allowed.', { sent: 'answered' })
    case 'stale':
    case 'keyConflict':
      throw new TerminalError('contact.conflict', 'This step has changed the contact before, in another way.', {
        sent: 'answered',
      })
    default:
      return unreachable(result)
  }
}

function missing(id?: string): TerminalError {
  const named = id === undefined ? '' : ` “${id.slice(0, 60)}”`
  return new TerminalError('contact.not_found', `There is no contact${named}. It may have been deleted.`, {
    sent: id === undefined ? 'answered' : 'no',
  })
}

function textOr(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

import type { ContactActions } from '../../worker/nodes/contact/contact-actions.ts'

/** Contacts for steps that have nothing to do with them. */
export const noContacts: ContactActions = { find: refuse, findOrCreate: refuse, change: refuse }

function refuse(): Promise<never> {
  throw new Error('this step has nothing to do with contacts')
}

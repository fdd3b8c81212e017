import type { Contact } from '../contract/contact.ts'

/** What only one contact of an organization may have. */
export interface Identity {
  kind: 'email' | 'phone'
  value: string
}

/** What tells a contact from every other. */
export function identitiesOf({ email, phone }: Pick<Contact, 'email' | 'phone'>): Identity[] {
  return [
    ...(email === null ? [] : [{ kind: 'email' as const, value: email }]),
    ...(phone === null ? [] : [{ kind: 'phone' as const, value: phone }]),
  ]
}

/** Those of `left` that `right` has not. */
export function without(left: readonly Identity[], right: readonly Identity[]): Identity[] {
  return left.filter(({ kind, value }) => !right.some((other) => other.kind === kind && other.value === value))
}

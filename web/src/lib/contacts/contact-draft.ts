// contact-draft
//
// A contact as a form edits it: one flat map from field to value, so that what changed is a comparison and what two
// people changed can be laid over each other field by field.

import type { ChangeContactRequest, Contact, CustomValue } from '#contract/contact.ts'

/** By the names events use: `email`, `address.city`, `custom.plan`; and `tags`. */
export type ContactDraft = Readonly<Record<string, CustomValue>>

/** A field that both sides changed, to different values. */
export interface Clash {
  field: string
  mine: CustomValue
  theirs: CustomValue
}

const plainFields = [
  'firstName',
  'lastName',
  'email',
  'phone',
  'company',
  'jobTitle',
  'language',
  'timeZone',
  'source',
  'visibility',
] as const

export function draftOf(contact: Contact): ContactDraft {
  return {
    ...Object.fromEntries(plainFields.map((name) => [name, contact[name]])),
    ...Object.fromEntries(Object.entries(contact.address).map(([key, value]) => [`address.${key}`, value])),
    ...Object.fromEntries(Object.entries(contact.custom).map(([key, value]) => [`custom.${key}`, value])),
    tags: contact.tags,
  }
}

/** The fields in which two drafts differ. What is missing is empty. */
export function changedFields(before: ContactDraft, after: ContactDraft): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].filter((name) => !isSame(before[name] ?? null, after[name] ?? null))
}

/** What the server is asked for: the changed fields and no others, so that nothing else can be overwritten. */
export function requestOf(before: ContactDraft, after: ContactDraft): ChangeContactRequest {
  const request: Record<string, CustomValue> = {}
  const address: Record<string, CustomValue> = {}
  const custom: Record<string, CustomValue> = {}
  for (const field of changedFields(before, after)) {
    const value = after[field] ?? null
    const [group = '', key = ''] = field.split('.')
    if (group === 'address') address[key] = value
    else if (group === 'custom') custom[key] = value
    else request[field] = value
  }
  return {
    ...request,
    ...(Object.keys(address).length > 0 && { address }),
    ...(Object.keys(custom).length > 0 && { custom }),
  }
}

/**
 * Lays what I changed over what they made of it since. Fields that both changed differently are clashes; mine stands
 * in the draft until somebody decides.
 */
export function rebase(
  base: ContactDraft,
  mine: ContactDraft,
  theirs: ContactDraft,
): { draft: ContactDraft; clashes: Clash[] } {
  const draft: Record<string, CustomValue> = { ...theirs }
  const clashes: Clash[] = []
  const changedByThem = new Set(changedFields(base, theirs))
  for (const field of changedFields(base, mine)) {
    const value = mine[field] ?? null
    const other = theirs[field] ?? null
    draft[field] = value
    if (changedByThem.has(field) && !isSame(value, other)) clashes.push({ field, mine: value, theirs: other })
  }
  return { draft, clashes }
}

function isSame(left: CustomValue, right: CustomValue): boolean {
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((entry, index) => entry === right[index])
  }
  // An emptied input says '', the server null.
  return (left === '' ? null : left) === (right === '' ? null : right)
}

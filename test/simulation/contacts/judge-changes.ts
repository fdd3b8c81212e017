// judge-changes: what is wrong with the changes of contacts, and what was said of them (C1–C3 of judge-contacts.ts)

import type { Contact } from '../../../worker/contract/contact.ts'
import type { ContactId } from '../../../worker/contract/id.ts'
import type { AcceptedTrigger } from '../../../worker/runtime/inbox/accepted-trigger.ts'
import type { OutboxEntry } from '../../../worker/runtime/contact/contact-table.ts'
import type { Say } from '../judge.ts'
import { tellDifference } from './tell-difference.ts'
import type { ContactEvidence } from './run-contacts.ts'

export function judgeChanges(evidence: ContactEvidence, say: Say): void {
  for (const [id, letters] of evidence.log.letters) judgeContact(evidence, id, [...letters.values()], say)
  judgeKeys(evidence, say)
  judgeAddresses(evidence, say)
}

/** One contact through its revisions. */
function judgeContact({ log, shown }: ContactEvidence, id: ContactId, letters: readonly OutboxEntry[], say: Say): void {
  let before: Contact | null = null
  const should: string[] = []
  for (const [index, { revision, contact, events, cause }] of letters.entries()) {
    if (revision !== index + 1) say('C1', `${id} has revision ${revision} after ${index}`)
    const isGone = events[0]?.type === 'contact.deleted'
    const said = events.map(({ type, rest }) => `${type} ${String(rest['field'] ?? rest['tag'] ?? '')}`)
    tellDifference(said, isGone ? ['contact.deleted '] : changesOf(before, contact), (what) =>
      say('C1', `${id} ${what}`),
    )
    for (const { id: eventId, type, rest } of events)
      should.push(JSON.stringify([eventId, type, { ...rest, contact }, cause]))
    judgeCause({ log }, id, { cause, events }, say)
    before = isGone ? null : contact
  }
  const is = log.accepted
    .filter(
      ({ source, contactId }) => contactId === id && source.kind === 'event' && source.eventType.startsWith('contact.'),
    )
    .map(({ eventId, source, data, cause }) => {
      return JSON.stringify([
        eventId,
        source.kind === 'event' && source.eventType,
        (data as { data: unknown }).data,
        cause,
      ])
    })
  tellDifference(is, should, (what) => say('C1', `what was told of ${id} ${what}`))
  const row = shown.contacts.find((each) => each['id'] === id)
  const told = [row?.['revision'], row?.['deleted_at'] !== null, row?.['contact']]
  const held = [letters.length, before === null, before === null ? '{}' : JSON.stringify(before)]
  if (JSON.stringify(told) !== JSON.stringify(held))
    say('C3', `${id} is listed as ${String(told)}, and is ${String(held)}`)
  const tags = shown.tags.filter((each) => each['contact_id'] === id).map(({ tag }) => String(tag))
  if (tags.join() !== (before?.tags ?? []).join()) say('C3', `${id} is found by ${tags.join()}`)
}

/** All that is different, by name. */
function changesOf(before: Contact | null, after: Contact): string[] {
  const had = before?.tags ?? []
  const tags = [
    ...after.tags.filter((tag) => !had.includes(tag)).map((tag) => `contact.tag.added ${tag}`),
    ...had.filter((tag) => !after.tags.includes(tag)).map((tag) => `contact.tag.removed ${tag}`),
  ]
  if (before === null) return ['contact.created ', ...tags]
  const fields = (['firstName', 'email'] as const).filter((name) => before[name] !== after[name])
  return [
    ...(fields.length > 0 ? ['contact.updated '] : []),
    ...fields.map((name) => `contact.field.changed ${name}`),
    ...tags,
  ]
}

/** What people do begins a chain; what a step does goes on in that of its execution. */
function judgeCause(
  { log }: Pick<ContactEvidence, 'log'>,
  id: ContactId,
  { cause, events }: Pick<OutboxEntry, 'cause' | 'events'>,
  say: Say,
): void {
  const { by, root, depth, path } = cause
  if (by.kind !== 'execution') {
    if (root !== events[0]?.id || depth !== 0 || path.length > 0)
      say('C1', `a change of ${id} is in the chain of ${root}`)
    return
  }
  // It goes on from an event of that chain.
  const isOf = ({ eventId, cause: of }: AcceptedTrigger) =>
    (of?.root ?? eventId) === root && (of?.depth ?? 0) === depth - 1
  const chains = log.accepted.filter(isOf).map((began) => [...(began.cause?.path ?? []), by.workflowId].join())
  if (!chains.includes(path.join())) say('C1', `a step changed ${id} in the chain ${root}/${path.join()}`)
}

/** C2: each change from outside has a tag of its own. */
function judgeKeys({ scenario, log, answered }: ContactEvidence, say: Say): void {
  const added = [...log.letters.values()].flatMap((letters) =>
    [...letters.values()].flatMap(({ events }) =>
      events.flatMap(({ type, rest }) => (type === 'contact.tag.added' ? [rest['tag']] : [])),
    ),
  )
  for (const { number, what } of scenario.deeds) {
    if (what !== 'change') continue
    const times = added.filter((tag) => tag === `c${number}`).length
    const isDone = answered.some(({ deed, answer }) => deed.number === number && answer === 'done')
    if (times > 1 || (isDone && times === 0)) say('C2', `change ${number} was made ${times} times`)
  }
  for (const { deed, answer } of answered) {
    const may = { event: /^evt_/, change: /^(done|taken|missing)$/, delete: /^(done|missing)$/ }[deed.what]
    if (!may.test(answer)) say('C2', `${deed.what} ${deed.number} was answered ${answer}`)
  }
}

/** C3: who has an address is who says so. */
function judgeAddresses({ log, shown }: ContactEvidence, say: Say): void {
  const should = [...log.letters].flatMap(([id, letters]) => {
    const last = [...letters.values()].at(-1)
    const email = last?.events[0]?.type === 'contact.deleted' ? null : last?.contact.email
    return email === null || email === undefined ? [] : [`${id} ${email}`]
  })
  const is = shown.identities.map((row) => `${String(row['contact_id'])} ${String(row['value'])}`)
  tellDifference(is, should, (what) => say('C3', `the list of addresses ${what}`))
}

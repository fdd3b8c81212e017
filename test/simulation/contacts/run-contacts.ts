// run-contacts: plays a scenario about contacts to its end and gives what was seen

import type { ContactId } from '../../../worker/contract/id.ts'
import type { ContactDeed } from '../../../worker/usecases/contacts/ports.ts'
import { createContactRuntime } from '../../../worker/runtime/contact/contact-runtime.ts'
import { inWorld } from '../in-world.ts'
import { Outside } from '../outside.ts'
import type { Evidence } from '../run-scenario.ts'
import { organizationId, type World } from '../world.ts'
import type { ContactScenario, Deed } from './contact-scenario.ts'
import { contactIdOf, contactWorldOf } from './contact-world.ts'
import { hasTable, witnessLogOf, type WitnessLog } from './witness-log.ts'

/** What somebody was answered: the id of the event; or what came of a change. */
export interface Answered {
  deed: Deed
  answer: string
}

type Row = Record<string, unknown>

export interface ContactEvidence extends Pick<
  Evidence,
  'stored' | 'journalOf' | 'snapshotOf' | 'snapshots' | 'ledger' | 'behaved' | 'fired' | 'stuck' | 'steps' | 'trace'
> {
  scenario: ContactScenario
  log: WitnessLog
  answered: Answered[]
  /** What contacts' objects still have to tell. */
  untold: string[]
  /** What the databases show. */
  shown: Record<'enrolments' | 'achievements' | 'contacts' | 'tags' | 'identities', Row[]>
}

/** Whose hand the changes from outside are. */
const by = { kind: 'member', userId: 'usr_sim' as never } as const

/** Plays it. Deterministic: the same scenario gives the same evidence. */
export function runContacts(scenario: ContactScenario): Promise<ContactEvidence> {
  return inWorld(contactWorldOf(scenario), (world) => play(scenario, world))
}

async function play(scenario: ContactScenario, world: World): Promise<ContactEvidence> {
  const outside = new Outside(world)
  const log = witnessLogOf(world)
  const answered: Answered[] = []
  const begin = (contact: number) => {
    for (const deed of scenario.deeds.filter((each) => each.contact === contact)) {
      for (const atMs of deed.what === 'event' ? [0, ...deed.againMs] : [0]) {
        const note = (answer: string) => void answered.push({ deed, answer })
        outside.insist(deed.what, deed.atMs + atMs, () => perform(world, deed), note)
      }
    }
  }
  // Who is not there yet is in no event.
  for (let contact = 0; contact < scenario.contacts; contact++) {
    const create: ContactDeed = { kind: 'create', change: { fields: { firstName: 'Any' }, add: [], remove: [] } }
    const ask = () => change(world, contactIdOf(contact), create, `create-${contact}`)
    outside.insist('create', 0, ask, () => begin(contact))
  }
  const stuck = await outside.untilRest(
    () => untoldOf(world).length === 0 && isConsumed(world) && world.isOver([]),
    // The sweeper does not look after contacts: docs/reliability.md, “What is not proved here”.
    () => {
      // Who sleeps by then is woken by it.
      const contacts = world.objects.get('CONTACTS')!
      for (const object of contacts.living.values()) contacts.kill(object)
      for (let contact = 0; contact < scenario.contacts; contact++) void look(world, contactIdOf(contact))
    },
  )
  return {
    scenario,
    log,
    answered,
    untold: untoldOf(world),
    shown: world.shownOfContacts(),
    stored: world.stored(),
    journalOf: (name) => world.journalOf(name),
    snapshotOf: (name) => world.snapshotOf(name),
    snapshots: world.countSnapshots(),
    ledger: [...world.target.ledger, ...log.ledger],
    behaved: world.target.behaved,
    fired: world.faults.fired,
    stuck,
    steps: world.timeline.steps,
    trace: world.timeline.trace,
  }
}

async function perform(world: World, deed: Deed): Promise<string> {
  const contactId = contactIdOf(deed.contact)
  switch (deed.what) {
    case 'event': {
      const { type, total, number } = deed
      const event = { type, data: { total }, id: `event-${number}`, occurredAt: '2026-11-21T12:00:00.000Z', contactId }
      return (await world.front.runtime.emit(organizationId, event)).eventId
    }
    case 'change': {
      const { add, remove, firstName, email } = deed
      const fields = { ...(firstName !== null && { firstName }), ...(email !== null && { email }) }
      return change(world, contactId, { kind: 'change', change: { fields, add, remove } }, `deed-${deed.number}`)
    }
    case 'delete':
      return change(world, contactId, { kind: 'delete' }, `deed-${deed.number}`)
  }
}

async function look(world: World, id: ContactId): Promise<void> {
  await createContactRuntime(world.front.env)
    .read(organizationId, id)
    .catch(() => undefined)
}

async function change(world: World, id: ContactId, deed: ContactDeed, name: string): Promise<string> {
  const runtime = createContactRuntime(world.front.env)
  return (await runtime.change(organizationId, id, { deed, by, key: { name, hash: name } })).kind
}

/** Whether no inbox has anything to be done. */
function isConsumed(world: World): boolean {
  const disks = [...world.objects.get('INBOXES')!.disks.values()]
  return disks.every((disk) => !hasTable(disk, 'pending') || disk.sql.all('SELECT 1 FROM pending', []).length === 0)
}

/** What lies in the outboxes of contacts, and whether one holds on to a claim. */
function untoldOf(world: World): string[] {
  return [...world.objects.get('CONTACTS')!.disks].flatMap(([name, disk]) => {
    const listed = (table: string, query: string) =>
      hasTable(disk, table) ? disk.sql.all(query, []).map((row) => `${name}: ${JSON.stringify(row)}`) : []
    return [
      ...listed('outbox', 'SELECT revision, sent FROM outbox'),
      ...listed(
        'enrolments',
        'SELECT id, told, revision, pending FROM enrolments WHERE told < revision OR pending IS NOT NULL',
      ),
      ...listed('enrolment_events', 'SELECT id FROM enrolment_events'),
      ...listed('_kv', `SELECT key FROM _kv WHERE key = 'claim'`),
    ]
  })
}

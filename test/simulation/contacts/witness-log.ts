// witness-log: what contacts' objects, inboxes and executions did, as soon as it was durable, in the order in which it was

import type { Contact } from '../../../worker/contract/contact.ts'
import type { ContactId, ExecutionId } from '../../../worker/contract/id.ts'
import type { Json } from '../../../worker/contract/json.ts'
import type { AcceptedTrigger } from '../../../worker/runtime/inbox/accepted-trigger.ts'
import type { OutboxEntry } from '../../../worker/runtime/contact/contact-table.ts'
import type { EnrolmentAnswer, EnrolmentAsk } from '../../../worker/runtime/contact/enrol.ts'
import type { WitnessedEvent } from '../../../worker/runtime/contact/witness.ts'
import type { Acceptance, OfferedEvent } from '../../../worker/runtime/inbox/accept-together.ts'
import { executionName } from '../../../worker/runtime/names.ts'
import type { ContactRequest, ContactResult } from '../../../worker/usecases/contacts/ports.ts'
import type { LivingObject } from '../platform/objects.ts'
import type { LedgerLine } from '../target.ts'
import { organizationId, type World } from '../world.ts'

/**
 * What a contact was told, or asked, and when. `contact` is what it was then; null when there was none, or no more. `life`
 * tells one process of its object from the next.
 */
export type Told = { contactId: ContactId; contact: Contact | null; toldAt: number; life: number } & (
  | { kind: 'enrol'; ask: EnrolmentAsk; answer: EnrolmentAnswer }
  | { kind: 'witness'; event: WitnessedEvent }
  | { kind: 'left'; executionId: ExecutionId; at: number }
)

/** What an execution answered to an order of a contact. */
export interface Ordered {
  executionId: ExecutionId
  kind: 'cancel' | 'redirect'
  by: string
  answer: string
}

export interface WitnessLog {
  told: Told[]
  /** What each revision of a contact had to tell, by its number. */
  letters: Map<ContactId, Map<number, OutboxEntry>>
  /** Events that inboxes took for new, as often as they did. */
  accepted: AcceptedTrigger[]
  /** What steps made of contacts, as calls are noted. */
  ledger: LedgerLine[]
  ordered: Ordered[]
}

/** Begins to note what happens in a world. */
export function witnessLogOf({ objects, timeline }: World): WitnessLog {
  const log: WitnessLog = { told: [], letters: new Map(), accepted: [], ledger: [], ordered: [] }
  const contacts = objects.get('CONTACTS')!
  const lives = new Map<LivingObject, number>()
  const lifeOf = (object: LivingObject) => lives.get(object) ?? lives.set(object, lives.size).size - 1
  contacts.onCall = (object) => ({ contact: readContact(object.disk), life: lifeOf(object) })
  contacts.onCommit = (object) => noteLetters(log, object)
  contacts.onAnswer = ({ name, method, args, value, before, arrivedAt }) => {
    // One that threw has done nothing.
    if (value === undefined && (method === 'change' || method === 'enrol')) return
    const some = { contactId: idIn<ContactId>(name), toldAt: arrivedAt, ...(before as Pick<Told, 'contact' | 'life'>) }
    if (method === 'change') noteCall(log, args[1] as ContactRequest, value as ContactResult, timeline.now)
    const text = String(args[1])
    if (method === 'enrol') {
      log.told.push({ ...some, kind: 'enrol', ask: JSON.parse(text) as EnrolmentAsk, answer: value as EnrolmentAnswer })
    }
    if (method === 'witness') log.told.push({ ...some, kind: 'witness', event: JSON.parse(text) as WitnessedEvent })
    if (method === 'left') {
      log.told.push({ ...some, kind: 'left', executionId: text as ExecutionId, at: Number(args[2]) })
    }
  }
  // An inbox that is offered again what it has says so by its number.
  const numbers = new Set<string>()
  objects.get('INBOXES')!.onAnswer = ({ name, method, args, value }) => {
    if (method !== 'acceptAll' && method !== 'accept') return
    const offers = [args[1]].flat() as OfferedEvent[]
    const acceptances = [value].flat() as Acceptance[]
    for (const [index, { kind, pending }] of offers.entries()) {
      const acceptance = acceptances[index]
      if (kind !== 'trigger' || acceptance?.kind !== 'accepted' || numbers.has(`${name} ${acceptance.number}`)) continue
      numbers.add(`${name} ${acceptance.number}`)
      log.accepted.push(JSON.parse(pending) as AcceptedTrigger)
    }
  }
  objects.get('EXECUTIONS')!.onAnswer = ({ name, method, args, value }) => {
    if (method !== 'cancel' && method !== 'redirect') return
    const executionId = idIn<ExecutionId>(name)
    log.ordered.push({ executionId, kind: method, by: String(args[1]), answer: String(value) })
  }
  return log
}

function noteCall(
  { ledger }: WitnessLog,
  { by, key, deed }: ContactRequest,
  { kind }: ContactResult,
  at: number,
): void {
  if (by.kind !== 'execution' || key === undefined) return
  const object = executionName(organizationId, by.executionId)
  ledger.push({
    at,
    object,
    key: key.name,
    input: JSON.parse(JSON.stringify(deed)) as Json,
    committed: kind === 'done',
  })
}

function idIn<Id extends string>(name: string): Id {
  return name.slice(name.lastIndexOf(':') + 1) as Id
}

function readContact(disk: LivingObject['disk']): Contact | null {
  if (!hasTable(disk, 'contact')) return null
  const text = disk.sql.all('SELECT text FROM contact', [])[0]?.['text']
  return typeof text === 'string' ? (JSON.parse(text) as Contact) : null
}

function noteLetters({ letters }: WitnessLog, { objectName, disk }: LivingObject): void {
  if (!hasTable(disk, 'outbox')) return
  const id = idIn<ContactId>(objectName)
  const known = letters.get(id) ?? new Map<number, OutboxEntry>()
  letters.set(id, known)
  for (const { revision, text } of disk.sql.all('SELECT revision, text FROM outbox', [])) {
    if (!known.has(Number(revision))) known.set(Number(revision), JSON.parse(String(text)) as OutboxEntry)
  }
}

export function hasTable({ sql }: LivingObject['disk'], name: string): boolean {
  return sql.all('SELECT 1 FROM _there WHERE name = ?', [name]).length > 0
}

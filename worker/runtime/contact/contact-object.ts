// contact-object
//
// One contact: the only writer of it. It knows storage, alarms and others to tell; what a request makes of the contact
// is `contact/decide.ts`.
//
//   K1. A revision, the events it emits, its entry for the audit and the key it was asked under are one transaction.
//   K2. The notifications of a revision lie in the outbox until all of them have arrived. Where a process dies in between,
//       the alarm sends them again; one that arrives twice counts once (`contact/tell-others.ts`).
//   K3. Requests are decided one after the other. An e-mail address or phone number is claimed before the revision that
//       takes it on, and the claim is noted before it is made: one whose revision never came is given up again.
//   K4. Who is let into a workflow, and leaves it, is decided here too (`contact/enrol.ts`), with notifications as in K2.
//   K5. Looking at a contact that never was, or is no more, stores nothing.
//   K6. Where the platform has given an alarm up, whatever wakes the object next arms it anew for what lies in the outbox.

import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../env.ts'
import type { Identity } from '../../contacts/identities.ts'
import type { Contact } from '../../contract/contact.ts'
import type { ContactId, ExecutionId, OrganizationId } from '../../contract/id.ts'
import { Serial } from '../../lib/serial.ts'
import { claimIdentities, releaseIdentities } from '../../store/contact-projection.ts'
import { openDatabase } from '../../store/database.ts'
import type { ContactRequest, ContactResult } from '../../usecases/contacts/ports.ts'
import { contactTable, type ContactTable } from './contact-table.ts'
import { decide, type Decision } from './decide.ts'
import { enrolmentTable, type EnrolmentTable } from './enrolment-table.ts'
import { enrol, type EnrolmentAnswer, type EnrolmentAsk } from './enrol.ts'
import { leave, leaveAll } from './leave.ts'
import { RecentEvents } from './recent-events.ts'
import { tellOfEnrolments } from './tell-of-enrolments.ts'
import { project, sendEvents } from './tell-others.ts'
import { witness, type WitnessedEvent } from './witness.ts'
import { contactIn, organizationOf } from '../names.ts'
import { waitersOf } from '../waiters/waiter-stub.ts'

/** Ms that a caller waits for projections and events to be delivered; after that the alarm retries. */
const patienceMs = 3_000
const firstRetryMs = 5_000
const maxRetryMs = 300_000
/** Ms for which a deleted contact's object remembers that it was deleted, so that a late request finds it gone. */
const tombstoneMs = 7 * 86_400_000

/** Ms after which the last events of a deleted contact have reached every execution that waits for them. */
const afterwordMs = 600_000

interface Claim {
  revision: number
  wanted: Identity[]
}

export class ContactObject extends DurableObject<Env> {
  readonly #table: ContactTable = contactTable(this.ctx.storage.sql)
  readonly #enrolments: EnrolmentTable = enrolmentTable(this.ctx.storage.sql)
  readonly #recent = new RecentEvents()
  readonly #requests = new Serial()
  readonly #telling = new Serial()
  #failures = 0

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env)
    if (this.#isBusy()) ctx.waitUntil(this.#armIfLost())
  }

  /** The contact as it stands; undefined when there is none, or no more. */
  read(organizationId: OrganizationId): Contact | undefined {
    this.#admitCaller(organizationId)
    return this.#table.read()?.contact ?? undefined
  }

  /** Does what is asked, once per key. Resolves when it is durable, and as a rule when others know. */
  async change(organizationId: OrganizationId, request: ContactRequest): Promise<ContactResult> {
    this.#admitCaller(organizationId)
    const result = await this.#requests.run(() => this.#decide(request))
    // Also a repeated deletion, which finds no contact any more, sends what is left in the outbox.
    if ((result.kind === 'done' && result.changed) || this.#table.hasOutbox()) await this.#tellSoon()
    return result
  }

  /** Decides whether an event (JSON text of an `EnrolmentAsk`) lets the contact into a workflow, once per execution. */
  enrol(organizationId: OrganizationId, ask: string): EnrolmentAnswer {
    this.#admitCaller(organizationId)
    const given = JSON.parse(ask) as EnrolmentAsk
    const recent = () => this.#recent.list(Date.now())
    return this.#changeEnrolments(() => enrol(this.#enrolments, given, this.#table.read()?.contact ?? null, recent))
  }

  /** Takes an event that names the contact (JSON text of a `WitnessedEvent`): goals, and reasons to leave. */
  witness(organizationId: OrganizationId, event: string): void {
    this.#admitCaller(organizationId)
    const given = JSON.parse(event) as WitnessedEvent
    this.#changeEnrolments(() => witness(this.#enrolments, given, this.#table.read()?.contact ?? null))
    this.#recent.note(event, Date.now())
  }

  /** An execution that the contact was let in by is over. */
  left(organizationId: OrganizationId, executionId: ExecutionId, at: number): void {
    this.#admitCaller(organizationId)
    this.#changeEnrolments(() => leave(this.#enrolments, executionId, at))
  }

  /** Looks whether something should have been told by now. */
  async poke(organizationId: OrganizationId): Promise<void> {
    this.#admitCaller(organizationId)
    await this.#look()
  }

  override async alarm(): Promise<void> {
    try {
      // Armed again before any work: a process that dies here wakes again.
      if (this.#isBusy()) await this.ctx.storage.setAlarm(Date.now() + this.#retryMs())
      await this.#look()
    } catch (error) {
      this.#failures += 1
      console.error({ message: 'contact could not be looked at', contact: this.ctx.id.name, error: String(error) })
      await this.ctx.storage.setAlarm(Date.now() + this.#retryMs())
    }
  }

  /** One transaction, with an alarm for what is to be told then. Others are told without the caller waiting for it. */
  #changeEnrolments<Result>(change: () => Result): Result {
    const result = this.ctx.storage.transactionSync(() => {
      const answer = change()
      if (this.#enrolments.isBusy()) void this.ctx.storage.setAlarm(Date.now() + firstRetryMs)
      return answer
    })
    if (this.#enrolments.isBusy()) this.ctx.waitUntil(this.#tellOrWait())
    return result
  }

  async #decide(request: ContactRequest): Promise<ContactResult> {
    await this.#giveUpClaim()
    const { key } = request
    const stored = this.#table.read()
    const used = key && this.#table.findKey(key.name)
    if (used !== undefined) {
      if (used.hash !== key?.hash) return { kind: 'keyConflict' }
      const contact = stored?.contact ?? null
      return contact === null ? { kind: 'missing' } : { kind: 'done', contact, changed: used.changed, repeated: true }
    }
    const now = Date.now()
    const { id } = this.#place()
    const decision = decide(id, stored, request, now)
    if (decision.kind === 'commit') {
      const claim = { revision: decision.next.revision, wanted: decision.claims }
      const taken = await this.#claim(claim)
      if (taken !== undefined) return { kind: 'taken', field: taken.kind, contactId: taken.contactId }
    }
    this.#commit(decision, request, now)
    return decision.result
  }

  #commit(decision: Decision, { key }: ContactRequest, now: number): void {
    const { result } = decision
    if (decision.kind === 'answer' && (key === undefined || result.kind !== 'done')) return
    this.ctx.storage.transactionSync(() => {
      if (decision.kind === 'commit') {
        this.#table.write(decision.next, decision.entry)
        if (decision.next.contact === null) leaveAll(this.#enrolments, now)
        this.ctx.storage.kv.delete('claim')
        void this.ctx.storage.setAlarm(now + firstRetryMs)
      }
      if (key !== undefined)
        this.#table.rememberKey(key.name, { hash: key.hash, changed: decision.kind === 'commit' }, now)
    })
  }

  async #claim(claim: Claim): Promise<{ kind: Identity['kind']; contactId: ContactId } | undefined> {
    if (claim.wanted.length === 0) return undefined
    this.ctx.storage.transactionSync(() => {
      this.ctx.storage.kv.put('claim', claim)
      void this.ctx.storage.setAlarm(Date.now() + firstRetryMs)
    })
    const taken = await claimIdentities(openDatabase(this.env.DB), { ...this.#place(), ...claim })
    if (taken !== undefined) this.#forgetClaim()
    return taken
  }

  /** A claim whose revision never came: the process died in between, or the database could not be reached. */
  async #giveUpClaim(): Promise<void> {
    const claim = this.ctx.storage.kv.get<Claim>('claim')
    if (claim === undefined) return
    await releaseIdentities(openDatabase(this.env.DB), { ...this.#place(), ...claim })
    this.#forgetClaim()
  }

  #forgetClaim(): void {
    this.ctx.storage.kv.delete('claim')
    if (this.#table.read() === undefined) this.#erase()
  }

  async #look(): Promise<void> {
    await this.#requests.run(() => this.#giveUpClaim())
    await this.#telling.run(() => this.#tell())
    const stored = this.#table.read()
    if (stored?.contact !== null || stored === undefined || this.#isBusy()) return
    const now = Date.now()
    if (now >= stored.at + afterwordMs && this.ctx.storage.kv.get('silent') === undefined) {
      const { organizationId, id } = this.#place()
      await waitersOf(this.env, organizationId, id).forgetEvents(organizationId)
      this.ctx.storage.kv.put('silent', true)
    }
    if (now >= stored.at + tombstoneMs) this.#erase()
    else await this.ctx.storage.setAlarm(stored.at + (now < stored.at + afterwordMs ? afterwordMs : tombstoneMs))
  }

  /** Sends the outbox, and does not wait for ever: what was committed is durable, whether or not it has been sent. */
  async #tellSoon(): Promise<void> {
    const told = this.#tellOrWait()
    let timer: ReturnType<typeof setTimeout> | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, patienceMs)
    })
    await Promise.race([told, patience])
    clearTimeout(timer)
  }

  #tellOrWait(): Promise<void> {
    return this.#telling
      .run(() => this.#tell())
      .catch((error: unknown) => {
        // Nothing is lost: it lies in the outbox, and the alarm sends it again. An alarm that was set before may be given up.
        console.error({ message: 'contact could not be told of', contact: this.ctx.id.name, error: String(error) })
        void this.ctx.storage.setAlarm(Date.now() + this.#retryMs())
        this.#failures += 1
      })
  }

  async #tell(): Promise<void> {
    const { organizationId, id: contactId } = this.#place()
    await Promise.all([this.#sendOutbox(), tellOfEnrolments(this.env, this.#enrolments, { organizationId, contactId })])
    this.#failures = 0
    const stored = this.#table.read()
    if (!this.#isBusy() && stored?.contact !== null) await this.ctx.storage.deleteAlarm()
  }

  async #sendOutbox(): Promise<void> {
    const entries = this.#table.listOutbox()
    const stored = this.#table.read()
    if (entries.length === 0 || stored === undefined) return
    const { organizationId } = this.#place()
    const unsent = entries.filter(({ sent }) => !sent)
    const [sent, projected] = await Promise.allSettled([
      sendEvents(this.env, organizationId, unsent),
      project(this.env, this.#place(), stored, entries),
    ])
    const revisions = entries.map(({ revision }) => revision)
    if (sent.status === 'rejected') throw sent.reason
    if (projected.status === 'rejected') {
      this.#table.markSent(revisions)
      throw projected.reason
    }
    this.#table.discard(revisions)
  }

  #isBusy(): boolean {
    return this.#table.hasOutbox() || this.#enrolments.isBusy() || this.ctx.storage.kv.get('claim') !== undefined
  }

  async #armIfLost(): Promise<void> {
    const at = await this.ctx.storage.getAlarm()
    if (at === null && this.#isBusy()) await this.ctx.storage.setAlarm(Date.now() + firstRetryMs)
  }

  #retryMs(): number {
    return Math.min(firstRetryMs * 2 ** this.#failures, maxRetryMs)
  }

  #erase(): void {
    this.#table.forget()
    this.#enrolments.forget()
    void this.ctx.storage.deleteAlarm()
    void this.ctx.storage.deleteAll()
  }

  #place(): { organizationId: OrganizationId; id: ContactId } {
    return contactIn(this.ctx.id.name ?? '')
  }

  #admitCaller(organizationId: OrganizationId): void {
    if (organizationOf(this.ctx.id.name ?? '') !== organizationId) throw new Error('contact of another organization')
  }
}

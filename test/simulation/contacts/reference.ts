// reference: what docs/enrolment.md says must come of what contacts were asked and told, in that order
//
// Written apart from the product's deciders, and from the text: it knows no transaction, no crash and no outbox.

import type { Contact } from '../../../worker/contract/contact.ts'
import type { BlockedReason, EnrolmentEnd } from '../../../worker/contract/enrolment.ts'
import type { ContactId, EventId, ExecutionId } from '../../../worker/contract/id.ts'
import type { Json } from '../../../worker/contract/json.ts'
import { workflowIdOf } from '../world.ts'
import type { ContactScenario, Rules } from './contact-scenario.ts'
import { nodeOf } from './contact-world.ts'
import { holds } from './tests.ts'
import type { Told } from './witness-log.ts'

/** Somebody in a workflow, or kept out of it. */
export interface Stay {
  id: ExecutionId
  workflow: number
  contactId: ContactId
  eventId: EventId
  at: number
  decidedAt: number
  blocked: { reason: BlockedReason; retryAt: number | null } | null
  /** Null while it goes on. Who was deleted is out since then, whenever that was. */
  ended: { at: number | null; by: EnrolmentEnd } | null
  goals: { id: string; at: number; eventId: EventId }[]
  /** What its execution is to be told, in order, and since when. */
  orders: (({ kind: 'leave' } | { kind: 'goTo'; node: string; goal: string }) & { since: number })[]
  /** Its execution said that it is over. */
  hasLeft: boolean
}

export interface Expected {
  stays: Stay[]
  /** What contacts should have answered otherwise. */
  wrong: string[]
  /** Who was let in without anything being kept of it. */
  admitted: Set<ExecutionId>
}

/** `deleted` are contacts that are no more, in the end. */
export function expectedOf(scenario: ContactScenario, told: readonly Told[], deleted: readonly ContactId[]): Expected {
  const expected: Expected = { stays: [], wrong: [], admitted: new Set() }
  const parties = new Map<ContactId, Party>()
  for (const each of told) {
    const party = parties.get(each.contactId) ?? new Party(scenario, each.contactId)
    parties.set(each.contactId, party)
    party.tell(each)
  }
  for (const id of deleted) parties.get(id)?.isGone(Infinity)
  for (const { stays, wrong, admitted } of parties.values()) {
    expected.stays.push(...stays)
    expected.wrong.push(...wrong)
    for (const id of admitted) expected.admitted.add(id)
  }
  return expected
}

interface Occurrence {
  id: EventId
  at: number
  event: Json
}

interface Ask {
  id: ExecutionId
  eventId: EventId
  at: number
  event: Json
  workflow: number
  toldAt: number
  recent: readonly Occurrence[]
}

/** One contact. */
class Party {
  readonly stays: Stay[] = []
  readonly wrong: string[] = []
  readonly admitted = new Set<ExecutionId>()
  readonly #scenario: ContactScenario
  readonly #contactId: ContactId
  readonly #witnessed: Extract<Told, { kind: 'witness' }>[] = []
  /** Instants of executions that count towards what the organization allows. */
  readonly #counted = new Map<ExecutionId, number>()

  constructor(scenario: ContactScenario, contactId: ContactId) {
    this.#scenario = scenario
    this.#contactId = contactId
  }

  tell(told: Told): void {
    if (told.contact === null) this.isGone(told.toldAt)
    switch (told.kind) {
      case 'enrol': {
        const { id, eventId, at, event, workflowId } = told.ask
        const workflow = this.#scenario.workflows.findIndex((_, index) => workflowIdOf(index) === workflowId)
        const { toldAt } = told
        const recent = this.#recentBefore(told)
        const should = this.#answer({ id, eventId, at, event, workflow, toldAt, recent }, told.contact)
        const is = told.answer.kind === 'enrolled' ? null : told.answer.reason
        if (is !== should)
          this.wrong.push(`${id} was answered ${is ?? 'enrolled'}, and should be ${should ?? 'enrolled'}`)
        return
      }
      case 'witness':
        this.#witnessed.push(told)
        for (const stay of this.#inside()) this.#look(stay, told.event, told.contact!, told.toldAt)
        return
      case 'left': {
        const stay = this.stays.find(({ id }) => id === told.executionId)
        if (stay === undefined) return
        stay.hasLeft = true
        stay.ended ??= { at: told.at, by: 'finished' }
      }
    }
  }

  /** At the latest at `since`. */
  isGone(since: number): void {
    for (const stay of this.#inside()) {
      stay.ended = { at: null, by: 'contact_deleted' }
      stay.orders.push({ kind: 'leave', since })
    }
  }

  #inside(): Stay[] {
    return this.stays.filter(({ blocked, ended }) => blocked === null && ended === null)
  }

  /** Why it is kept out; null when it is let in. Asked again the answer is the same. */
  #answer(ask: Ask, contact: Contact | null): BlockedReason | null {
    const known = this.stays.find(({ id }) => id === ask.id)
    if (known !== undefined) return known.blocked?.reason ?? null
    if (this.admitted.has(ask.id)) return null
    const { rules, isBeyondLimits } = this.#scenario.workflows[ask.workflow]!
    if (contact === null) return rules === null ? null : 'contact_missing'
    const blocked =
      (rules === null ? null : this.#whyNot(rules, ask, contact)) ?? (isBeyondLimits ? null : this.#tooMany(ask.at))
    if (blocked === null && !isBeyondLimits) this.#counted.set(ask.id, ask.at)
    const { id, workflow, eventId, at } = ask
    if (rules === null && blocked === null) this.admitted.add(id)
    else {
      const fresh = { ended: null, goals: [], orders: [], hasLeft: false }
      const stay: Stay = {
        id,
        workflow,
        contactId: this.#contactId,
        eventId,
        at,
        decidedAt: ask.toldAt,
        blocked,
        ...fresh,
      }
      this.stays.push(stay)
      for (const event of blocked === null ? ask.recent : []) this.#look(stay, event, contact, ask.toldAt)
    }
    return blocked?.reason ?? null
  }

  #whyNot(
    rules: Rules,
    { at, event, workflow }: { at: number; event: Json; workflow: number },
    contact: Contact,
  ): Stay['blocked'] {
    const before = this.stays.filter((stay) => stay.workflow === workflow && stay.blocked === null)
    const forGood = (reason: BlockedReason) => ({ reason, retryAt: null })
    if (rules.entry !== null && !holds(rules.entry, event, contact)) return forGood('entry_conditions')
    if (!rules.allowMultiple && before.some(({ ended }) => ended === null)) return forGood('already_enrolled')
    if (rules.limit !== null) {
      const { windowMs, limit } = rules
      const times = before.map((stay) => stay.at).filter((time) => windowMs === null || at - time < windowMs)
      if (times.length >= limit) return { reason: 'limit_reached', retryAt: windowMs && roomAt(times, limit, windowMs) }
    }
    if (rules.delayMs !== null && before.length > 0) {
      const last = Math.max(...before.map((stay) => stay.ended?.at ?? stay.at))
      if (at < last + rules.delayMs) return { reason: 're_enrolment_delay', retryAt: last + rules.delayMs }
    }
    if (rules.exit !== null && holds(rules.exit, event, contact)) return forGood('exit_conditions')
    if (rules.removeOnGoal) {
      const reaches = rules.goals.some(({ test }) => holds(test, event, contact))
      if (reaches || before.some(({ goals }) => goals.length > 0)) return forGood('goal_achieved')
    }
    return null
  }

  #tooMany(at: number): Stay['blocked'] {
    const { limit: said } = this.#scenario
    if (said === null) return null
    const times = [...this.#counted.values()].filter((time) => at - time < said.windowMs)
    if (times.length < said.limit) return null
    return { reason: 'contact_limit', retryAt: roomAt(times, said.limit, said.windowMs) }
  }

  /** What may have overtaken somebody who comes in now: the last twenty events of a minute, of the same process. */
  #recentBefore({ toldAt, life }: Told): Occurrence[] {
    return this.#witnessed
      .filter((each) => each.life === life)
      .slice(-20)
      .filter((each) => toldAt - each.toldAt <= 60_000)
      .map(({ event }) => event)
  }

  #look(stay: Stay, { id: eventId, at, event }: Occurrence, contact: Contact, since: number): void {
    const { rules } = this.#scenario.workflows[stay.workflow]!
    if (rules === null || stay.ended !== null || stay.eventId === eventId || at < stay.at) return
    const isNew = ({ id }: { id: string }) => !stay.goals.some((goal) => goal.id === id)
    const reached = rules.goals.filter((goal) => isNew(goal) && holds(goal.test, event, contact))
    stay.goals.push(...reached.map(({ id }) => ({ id, at, eventId })))
    const leaves = rules.removeOnGoal ? reached : reached.filter(({ follows }) => follows === 'exit')
    if (rules.exit !== null && holds(rules.exit, event, contact)) this.#leave(stay, { at, since }, 'exit_conditions')
    else if (leaves.length > 0) this.#leave(stay, { at, since }, 'goal_achieved')
    else {
      const goes = reached.find(({ follows }) => follows === 'goto')
      if (goes !== undefined) stay.orders.push({ kind: 'goTo', node: nodeOf(goes.goTo), goal: goes.id, since })
    }
  }

  #leave(stay: Stay, { at, since }: { at: number; since: number }, by: EnrolmentEnd): void {
    stay.ended = { at, by }
    stay.orders.push({ kind: 'leave', since })
  }
}

/** When so few of these are within the window that there is room for one more. */
function roomAt(times: readonly number[], limit: number, windowMs: number): number {
  const newest = times.toSorted((one, other) => one - other).slice(-limit)
  return newest[0]! + windowMs
}

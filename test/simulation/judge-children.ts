// judge-children: what is wrong between executions that call others and those that are called
//
//   I1. A step that calls a workflow has one child, whose name follows from the step; it is given what the step sends, and
//       its end reaches the step once, as it was.
//   I2. Nothing is started by a call that nobody made.
//   I6. A child that its step left is cancelled, or was over before that was known; one that nobody waits for is left alone.
//   I7. Nobody hears of what has not happened yet.

import type { EventId, WorkflowId } from '../../worker/contract/id.ts'
import type { ExecutionEvent, JournalEntry, ParentLink } from '../../worker/engine/event.ts'
import { fold } from '../../worker/engine/fold.ts'
import { base32Number } from '../../worker/lib/base32.ts'
import { shortHash } from '../../worker/lib/digest.ts'
import { executionIdFor } from '../../worker/lib/id.ts'
import type { Evidence } from './run-scenario.ts'
import { organizationId } from './world.ts'

type Say = (oracle: string, what: string) => void
type Stored = Evidence['stored'][number]
type Event<Type extends ExecutionEvent['type']> = ExecutionEvent & { type: Type }

/** One call of a workflow, as the journal of who called has it. */
interface Order {
  key: string
  called: Event<'childCalled'>
  started: Event<'childStarted'>[]
  ended: Event<'childEnded'>[]
  released: Event<'childReleased'>[]
  /** What the step made of it. */
  completed: Event<'stepCompleted'> | undefined
}

/** Who called an execution. */
export function parentOf(entries: readonly JournalEntry[]): ParentLink | undefined {
  const [first] = entries[0]?.events ?? []
  return first?.type === 'started' ? first.parent : undefined
}

/** Whether people ended, repeated or forbade what is called by an execution, or by one of those. */
export function isDisturbed(evidence: Evidence, id: string): boolean {
  return evidence.stored.some(({ id: child, entries }) => {
    // It could not be called.
    if (child === id) return eventsIn(entries, 'childEnded').some(({ executionId }) => executionId === null)
    if (parentOf(entries)?.executionId !== id) return false
    const isCancelled = eventsIn(entries, 'cancelRequested').some(({ by }) => by !== id)
    return isCancelled || evidence.redriven.has(child) || isDisturbed(evidence, child)
  })
}

/** Holds calls and children against each other. */
export function judgeChildren(evidence: Evidence, say: Say): void {
  const children = new Map<string, Stored[]>()
  for (const stored of evidence.stored) {
    const parent = parentOf(stored.entries)
    if (parent === undefined) continue
    const name = `${parent.executionId} ${parent.key}`
    children.set(name, [...(children.get(name) ?? []), stored])
  }
  for (const { id, entries } of evidence.stored) {
    for (const order of ordersOf(entries)) {
      const name = `${id} ${order.key}`
      const [child, ...more] = children.get(name) ?? []
      children.delete(name)
      const about = (oracle: string, what: string) => say(oracle, `${id}: the child of ${order.key} ${what}`)
      if (more.length > 0) about('I2', `was started ${more.length + 1} times`)
      judgeOrder(id, order, about)
      if (child === undefined) judgeMissing(evidence, order, about)
      else judgeChild(evidence, { id, order, child }, about)
    }
  }
  for (const [name, [child]] of children) say('I2', `${child?.id} was started by ${name}, which called nobody`)
}

function judgeOrder(id: string, { key, called, started, ended, released }: Order, about: Say): void {
  if (started.length > 1 || ended.length > 1) about('I1', 'began or ended more than once')
  const named = childIdOf(id, key, called)
  for (const { executionId } of started) if (executionId !== named) about('I2', 'is not named by its cause')
  for (const { executionId } of ended) {
    if (executionId !== null && executionId !== named) about('I2', 'is not named by its cause')
  }
  const isLeft = called.waits && ended.length === 0
  if (released.length > Number(isLeft)) about('I6', `was let go of ${released.length} times`)
}

/** Nobody is there: then nobody can have heard of it. */
function judgeMissing({ scenario }: Evidence, { started, ended }: Order, about: Say): void {
  if (started.length > 0 || ended.some(({ executionId }) => executionId !== null)) about('I1', 'is nowhere')
  const isRefused = ended.some(({ executionId }) => executionId === null)
  if (isRefused && scenario.closedAtMs === undefined) about('I1', 'was refused')
}

function judgeChild(
  evidence: Evidence,
  { id, order, child }: { id: string; order: Order; child: Stored },
  about: Say,
): void {
  const { key, called, started, ended, released, completed } = order
  if (child.id !== childIdOf(id, key, called)) about('I2', 'is not named by its cause')
  const [begun] = eventsIn(child.entries, 'started')
  const given = JSON.stringify(begun?.trigger.data)
  if (given !== JSON.stringify({ type: 'manual', data: called.child.input })) about('I1', `was given ${given}`)
  const ends = eventsIn(child.entries, 'finished')
  if (ended.some(({ executionId }) => executionId === null)) about('I1', 'was refused, and is there')
  const cancelled = eventsIn(child.entries, 'cancelRequested')
  const beganAt = begun?.at ?? Infinity
  if (beganAt < called.at || started.some(({ at }) => at < beganAt)) about('I7', 'began before it was called')
  for (const { at, status } of ended) {
    const known = ends.filter((end) => end.at <= at)
    if (!known.some((end) => end.status === status)) about('I1', `ended as ${status}, and had not`)
  }
  const [end] = ended
  if (end !== undefined && called.waits && completed !== undefined && !evidence.redriven.has(child.id)) {
    const gave = (completed.output as { childGave?: unknown } | undefined)?.childGave
    const { output } = fold(child.entries).finished ?? {}
    if (JSON.stringify(gave) !== JSON.stringify(output)) {
      about('I1', `gave ${JSON.stringify(output)}, and its step was told ${JSON.stringify(gave)}`)
    }
  }
  if (called.waits && ended.length === 0 && released.length === 0) about('I6', 'was forgotten by its step')
  for (const { at } of released) {
    const isOver = ends.some((each) => each.at <= at) || cancelled.some((each) => each.at <= at)
    if (!isOver) about('I6', 'goes on after it was let go of')
  }
  if (!called.waits && cancelled.some(({ by }) => by === id)) about('I6', 'was cancelled, and nobody waited for it')
  if (ended.length > 0 && ends.length > 0 && cancelled.some(({ by }) => by === id)) {
    about('I6', 'was cancelled by who had heard of its end')
  }
}

function ordersOf(entries: readonly JournalEntry[]): Order[] {
  const orders = new Map<string, Order>()
  let generation = 1
  for (const event of entries.flatMap(({ events }) => events)) {
    if (event.type === 'redriven') generation = event.generation
    if (event.type === 'childReleased') orders.get(event.key)?.released.push(event)
    if (!('path' in event)) continue
    const key = `${generation}/${event.path}`
    const order = orders.get(key)
    if (event.type === 'childCalled') {
      orders.set(key, { key, called: event, started: [], ended: [], released: [], completed: undefined })
    } else if (event.type === 'childStarted') order?.started.push(event)
    else if (event.type === 'childEnded') order?.ended.push(event)
    else if (event.type === 'stepCompleted' && order !== undefined) order.completed = event
  }
  return [...orders.values()]
}

function childIdOf(id: string, key: string, { at, child }: Event<'childCalled'>): string {
  return executionIdFor({
    organizationId,
    workflowId: child.workflowId as WorkflowId,
    nodeId: 'call',
    eventId: `evt_${base32Number(at, 10)}${shortHash(`${id}|${key}`)}` as EventId,
  })
}

function eventsIn<Type extends ExecutionEvent['type']>(entries: readonly JournalEntry[], type: Type): Event<Type>[] {
  return entries.flatMap(({ events }) => events.filter((event): event is Event<Type> => event.type === type))
}

// begin-enrolled
//
// Where an execution is about to begin for an event that names a contact. Costs nothing for versions that say nothing
// about enrolment, and for organizations without any that watches.

import { ownChain } from '../../causality/next-chain.ts'
import type { Chain } from '../../contract/cause.ts'
import type { Env } from '../../env.ts'
import type { ContactLimits } from '../../contract/contact-limits.ts'
import type { EnrolmentEventType } from '../../contract/facts/enrolment.ts'
import type { ContactId, OrganizationId } from '../../contract/id.ts'
import type { EnrolmentRules } from '../../enrolment/rules.ts'
import { executionIdFor } from '../../lib/id.ts'
import { matchesEventType } from '../../triggers/event-match.ts'
import type { AcceptedTrigger } from '../inbox/accepted-trigger.ts'
import type { ExecutionHeader } from '../execution/execution-header.ts'
import { isolateOf } from '../isolate.ts'
import type { ReadyVersion } from '../plans.ts'
import type { Start } from '../routes/trigger-targets.ts'
import { contactOf } from './contact-stub.ts'
import type { EnrolmentAsk } from './enrol.ts'
import type { WitnessedEvent } from './witness.ts'

/** The routes that an inbox holds to be in force. */
interface RoutesAt {
  shard: number
  epoch: string
}

interface Enrolling {
  contactId: ContactId
  /** What the version says. */
  rules?: EnrolmentRules
  /** What the organization says, of all its workflows. */
  limits?: ContactLimits
}

/**
 * By which rules and limits an event has to be let in by its contact; undefined where nobody is to be asked. The consumer
 * has read the organization's limits anew where they have changed.
 */
export async function enrolmentOf(
  env: Env,
  { rules, graph }: ReadyVersion,
  { organizationId, contactId, source }: AcceptedTrigger,
): Promise<Enrolling | undefined> {
  if (contactId === undefined) return undefined
  const isLimited = source.kind === 'event' && graph.settings?.beyondContactLimits !== true
  const { limits } = isLimited ? await isolateOf(env).routes.listEventWaits(organizationId) : {}
  if (rules === undefined && limits === undefined) return undefined
  return { contactId, ...(rules !== undefined && { rules }), ...(limits !== undefined && { limits }) }
}

/** Asks the contact whether the execution may begin. The same event gets the same answer, however often it is asked. */
export async function mayEnter(
  env: Env,
  { workflow, version }: ReadyVersion,
  trigger: AcceptedTrigger,
  { nodeId }: Start,
  { contactId, ...says }: Enrolling,
): Promise<boolean> {
  const { organizationId, eventId, at, data } = trigger
  const cause = causeOf(trigger)
  const id = executionIdFor({ organizationId, workflowId: workflow.id, nodeId, eventId })
  const isListenedTo = await hasListeners(env, organizationId, 'enrollment:blocked')
  const ask: EnrolmentAsk = {
    id,
    workflowId: workflow.id,
    versionId: version.id,
    eventId,
    at,
    event: data,
    ...says,
    ...(isListenedTo && { announced: { workflow, nodeId, ...(cause !== undefined && { cause }) } }),
  }
  const { kind } = await contactOf(env, organizationId, contactId).enrol(organizationId, JSON.stringify(ask))
  return kind === 'enrolled'
}

/** Tells the contact that an execution it was let in by is over since `at` (epoch ms). */
export async function hasLeft(
  env: Env,
  { organizationId, executionId, enrolled }: Pick<ExecutionHeader, 'organizationId' | 'executionId' | 'enrolled'>,
  at: number,
): Promise<void> {
  if (enrolled === undefined) return
  await contactOf(env, organizationId, enrolled).left(organizationId, executionId, at)
}

/** Brings an event to the contact it names, which decides what it makes of its enrolments. */
export async function bringToContact(
  env: Env,
  trigger: AcceptedTrigger,
  contactId: ContactId,
  routesAt?: RoutesAt,
): Promise<void> {
  const { organizationId, eventId: id, at, data: event } = trigger
  const cause = causeOf(trigger)
  const announced = await hasListeners(env, organizationId, 'goal:achieved', routesAt)
  const witnessed: WitnessedEvent = { id, at, event, announced, ...(cause !== undefined && { cause }) }
  await contactOf(env, organizationId, contactId).witness(organizationId, JSON.stringify(witnessed))
}

/** The chain of an event, with who sent it. */
function causeOf({ eventId, cause, sender }: AcceptedTrigger): Chain | undefined {
  return sender === undefined ? cause : ownChain(cause, { eventId, sender })
}

/** Whether a workflow starts by events of a type, or a step may wait for them; by the routes of the epoch given. */
async function hasListeners(
  env: Env,
  organizationId: OrganizationId,
  type: EnrolmentEventType,
  routesAt?: RoutesAt,
): Promise<boolean> {
  const { routes } = isolateOf(env)
  let targets = await routes.listEventTargets(organizationId)
  if (routesAt !== undefined && targets.epochs[routesAt.shard] !== routesAt.epoch)
    targets = await routes.listEventTargets(organizationId, true)
  if (targets.routes.some(({ match }) => matchesEventType(match, type))) return true
  const waits = await routes.listEventWaits(organizationId)
  return waits.routes.some(({ match, byEnrolled }) => byEnrolled !== true && matchesEventType(match, type))
}

import { settingsOf } from '../../concurrency/settings.ts'
import type { Answer } from '../../concurrency/line.ts'
import type { QueuePlace } from '../../contract/concurrency.ts'
import type { OrganizationId, WorkflowId } from '../../contract/id.ts'
import type { GateRef } from '../../engine/event.ts'
import type { ExecutionState } from '../../engine/state.ts'
import type { Env } from '../../env.ts'
import type { ExecutionHeader } from '../execution/execution-header.ts'
import { isolateOf } from '../isolate.ts'
import { gateOf } from './gate-stub.ts'
import { isSharedGate } from './shared-gates.ts'

/** The id under which a generation of an execution stands at its gates. */
export function placeId({ executionId }: Pick<ExecutionHeader, 'executionId'>, generation: number): string {
  return `${executionId}/${generation}`
}

/** Asks to be let through. Asking twice is asking once. */
export async function askGate(
  env: Env,
  header: ExecutionHeader,
  { generation, generationAt }: Pick<ExecutionState, 'generation' | 'generationAt'>,
  ref: GateRef,
): Promise<Answer> {
  const { organizationId, workflow, graph, acceptedAt } = header
  const settings = isSharedGate(ref.gate)
    ? await isolateOf(env).sharedGates.settingsOf(organizationId, ref.gate)
    : settingsOf(graph.settings, ref.gate)
  if (settings === undefined) return { kind: 'passed' }
  const lane = isSharedGate(ref.gate) ? { lane: workflow.id } : {}
  const comer = { id: placeId(header, generation), at: generation === 1 ? acceptedAt : generationAt, ...lane }
  const answer = await gateOf(env, organizationId, workflow.id, ref).offer(organizationId, settings, comer)
  return JSON.parse(answer) as Answer
}

/** Gives back every place that a generation of an execution has or waits for. Twice does no harm. */
export async function leaveGates(
  env: Env,
  header: ExecutionHeader,
  { generation, gates, place, sharedPlaces }: Pick<ExecutionState, 'generation' | 'gates' | 'place' | 'sharedPlaces'>,
): Promise<void> {
  const { organizationId, workflow } = header
  const passing = gates.slice(0, 1).filter(({ gate }) => gate === 'debounce' || gate === 'throttle')
  const id = placeId(header, generation)
  await Promise.all(
    [...passing, ...(place === null ? [] : [place]), ...sharedPlaces].map((ref) =>
      gateOf(env, organizationId, workflow.id, ref).leave(organizationId, id),
    ),
  )
}

/**
 * Takes the places again that were given back at shared gates: at once, though others wait there. Where there is no limit any
 * more there is nothing to take. Twice is once.
 */
export async function takeSharedPlaces(
  env: Env,
  header: ExecutionHeader,
  { generation, sharedPlaces }: Pick<ExecutionState, 'generation' | 'sharedPlaces'>,
): Promise<void> {
  const { organizationId, workflow, acceptedAt } = header
  const comer = { id: placeId(header, generation), at: acceptedAt, lane: workflow.id, isBack: true }
  await Promise.all(
    sharedPlaces.map(async (ref) => {
      if (!isSharedGate(ref.gate)) return
      const settings = await isolateOf(env).sharedGates.settingsOf(organizationId, ref.gate)
      if (settings !== undefined)
        await gateOf(env, organizationId, workflow.id, ref).offer(organizationId, settings, comer)
    }),
  )
}

/** Gives back the places at shared gates. Twice does no harm. */
export async function giveBackSharedPlaces(
  env: Env,
  header: ExecutionHeader,
  { generation, sharedPlaces }: Pick<ExecutionState, 'generation' | 'sharedPlaces'>,
): Promise<void> {
  const { organizationId, workflow } = header
  const id = placeId(header, generation)
  await Promise.all(sharedPlaces.map((ref) => gateOf(env, organizationId, workflow.id, ref).leave(organizationId, id)))
}

/** Where one that waits stands at its gate. What the gate cannot say just now is left out. */
export async function findQueuePlace(
  env: Env,
  {
    organizationId,
    workflowId,
    id,
    ref,
  }: { organizationId: OrganizationId; workflowId: WorkflowId; id: string; ref: GateRef },
): Promise<QueuePlace> {
  const { gate, key } = ref
  const place: QueuePlace = { gate, ...(key !== null && { key }) }
  try {
    const standing = await gateOf(env, organizationId, workflowId, ref).standing(organizationId, id)
    if (standing === undefined) return place
    const { nextAt, ...counts } = standing
    return { ...place, ...counts, ...(nextAt !== undefined && { nextAt: new Date(nextAt).toISOString() }) }
  } catch (error) {
    console.error({ message: 'gate not asked', execution: id, error: String(error) })
    return place
  }
}

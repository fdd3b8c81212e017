import type { Failure } from '../../contract/failure.ts'
import type { Json, JsonObject } from '../../contract/json.ts'
import { nodeOf } from '../path.ts'
import type { Turn } from '../turn.ts'

/** What an error handler reads as `failed`: the failure, its step and execution, the trigger, and what was undone. */
export function handlerInput({ plan, state, identity }: Pick<Turn, 'plan' | 'state' | 'identity'>): Json {
  const { aftermath, generation, startedAt, trigger } = state
  if (aftermath === null) return null
  const { verdict, failedAt, at, undone, stuck } = aftermath
  const step = (path: string): JsonObject => {
    const id = nodeOf(path)
    return { id, name: plan.nodes.get(id)?.name ?? id, path }
  }
  return {
    failure: verdict.failure === undefined ? null : asData(verdict.failure),
    step: failedAt === null ? null : step(failedAt),
    execution: {
      id: identity.executionId,
      status: verdict.status,
      generation,
      startedAt: new Date(startedAt ?? at).toISOString(),
      failedAt: new Date(at).toISOString(),
    },
    workflow: { ...plan.workflow },
    trigger: { type: trigger?.kind ?? 'manual', nodeId: trigger?.nodeId ?? '', data: trigger?.data ?? null },
    rollback: {
      undone,
      failed: stuck.map(({ path, failure }) => ({ step: step(path), failure: asData(failure) })),
    },
  }
}

function asData(failure: Failure): JsonObject {
  const { kind, code, message } = failure
  const { details } = 'details' in failure ? failure : {}
  return { kind, code, message, ...(details !== undefined && { details }) }
}

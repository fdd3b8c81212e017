import type { ExecutionId } from '../../contract/id.ts'
import type { Json } from '../../contract/json.ts'
import type { ControlInput } from '../../engine/control/control.ts'
import { appError } from '../../lib/app-error.ts'
import { unreachable } from '../../lib/unreachable.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { requireExecution, whyOutOfReach } from './require-execution.ts'

/** What somebody wishes, without who: that is the caller. */
export type Wish = ControlInput extends infer Each ? (Each extends { by: string } ? Omit<Each, 'by'> : never) : never

/**
 * Takes a hand in an execution that is under way; it is committed when this resolves. Pausing what is paused and
 * resuming what is not change nothing and succeed. Throws `execution.not_found`, `execution.finished`, `execution.not_begun`, `execution.queued`, and for wishes
 * about steps `execution.step_gone`, `execution.step_idle` and `execution.jump_impossible`.
 */
export async function controlExecution(
  context: Pick<Context, 'scope' | 'workflows' | 'executions' | 'runtime' | 'recordDeed'>,
  id: ExecutionId,
  wish: Wish,
): Promise<void> {
  const { scope, runtime, recordDeed } = context
  requireCapability(scope, 'execution.control')
  const found = await requireExecution(context, id)
  const answer = await runtime.control(scope.organizationId, id, { ...wish, by: scope.userId })
  switch (answer) {
    case 'accepted': {
      const { type, ...details } = wish
      return recordDeed({ action: deeds[type], targetId: id, details: details satisfies Json })
    }
    case 'already':
      return
    case 'finished':
      throw appError('execution.finished')
    case 'queued':
      throw appError('execution.queued')
    case 'gone':
      throw appError('execution.step_gone')
    case 'idle':
      throw appError('execution.step_idle')
    case 'elsewhere':
      throw appError('execution.jump_impossible')
    case 'not_found':
      throw whyOutOfReach(found)
    default:
      return unreachable(answer)
  }
}

const deeds: Record<Wish['type'], string> = {
  pause: 'execution.paused',
  resume: 'execution.resumed',
  skipStep: 'execution.step_skipped',
  retryStep: 'execution.step_retried',
  jump: 'execution.jumped',
}

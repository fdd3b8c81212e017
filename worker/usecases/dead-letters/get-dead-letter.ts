import type { DeadLetter, DeadLetterId } from '../../contract/dead-letter.ts'
import type { Execution, Step } from '../../contract/execution.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { getExecution } from '../get-execution.ts'
import { payloadOf } from './payload-of.ts'
import { requireDeadLetter } from './require-dead-letter.ts'

/** A dead letter with what it carried. Throws `dead_letter.not_found`, `execution.payload_forbidden`. */
export async function getDeadLetter(
  context: Pick<Context, 'scope' | 'workflows' | 'versions' | 'executions' | 'deadLetters' | 'runtime' | 'vault'>,
  id: DeadLetterId,
): Promise<DeadLetter> {
  requireCapability(context.scope, 'execution.read')
  const letter = await requireDeadLetter(context, id)
  if (!context.scope.capabilities.has('execution.read_payload')) throw appError('execution.payload_forbidden')
  if (letter.from === 'inbox') return { ...letter.summary, payload: payloadOf(letter), steps: [] }
  const execution = await getExecution(context, letter.executionId)
  return { ...letter.summary, payload: execution.triggerData, steps: failedSteps(execution) }
}

function failedSteps({ steps }: Pick<Execution, 'steps'>): DeadLetter['steps'] {
  return steps.flatMap((step: Step) =>
    step.status !== 'failed' || step.failure === undefined
      ? []
      : [
          {
            path: step.path,
            nodeId: step.nodeId,
            attempts: step.attempt,
            failure: step.failure,
            ...(step.input === undefined ? {} : { input: step.input }),
          },
        ],
  )
}

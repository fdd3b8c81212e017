import type { DeadLetter, DeadLetterId } from '../../contract/dead-letter.ts'
import type { Execution, Step } from '../../contract/execution.ts'
import { nodeOf } from '../../engine/path.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { getExecution } from '../executions/get-execution.ts'
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
  if (letter.from === 'inbox') return { ...letter.summary, payload: payloadOf(letter), steps: [], notUndone: [] }
  const execution = await getExecution(context, letter.executionId)
  const { triggerData: payload } = execution
  return { ...letter.summary, payload, steps: failedSteps(execution), notUndone: notUndone(execution) }
}

type Named = Pick<Execution, 'graph'>

function failedSteps({ graph, steps }: Named & Pick<Execution, 'steps'>): DeadLetter['steps'] {
  return steps.flatMap((step: Step) =>
    step.status !== 'failed' || step.failure === undefined
      ? []
      : [
          {
            ...named({ graph }, step.path),
            attempts: step.attempt,
            failure: step.failure,
            ...(step.input === undefined ? {} : { input: step.input }),
            ...(step.undoes === undefined ? {} : { undoes: named({ graph }, step.undoes) }),
            ...(step.inHandler === true && { inHandler: true }),
          },
        ],
  )
}

function notUndone({ graph, aftermath }: Named & Pick<Execution, 'aftermath'>): DeadLetter['notUndone'] {
  const failed = aftermath?.rollback.filter(({ status }) => status === 'failed') ?? []
  return failed.map(({ path, failure }) => ({ ...named({ graph }, path), ...(failure !== undefined && { failure }) }))
}

/** A step's name is its node's; one that is no node of the graph is the error handler that is another workflow. */
function named({ graph }: Named, path: string): { path: string; nodeId: string; name: string } {
  const nodeId = nodeOf(path)
  return { path, nodeId, name: graph.nodes.find(({ id }) => id === nodeId)?.name ?? nodeId }
}

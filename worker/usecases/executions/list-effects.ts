import type { Effect, EffectLedger } from '../../contract/effect.ts'
import { ExecutionId } from '../../contract/id.ts'
import { effectLedger, type LedgerAttempt, type LedgerEntry } from '../../engine/effect-ledger.ts'
import { appError } from '../../lib/app-error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import { maskInput } from './mask-input.ts'
import { requireJournal } from './require-journal.ts'

/**
 * What an execution did outside: where, under which key, what came back, and what a later try did not repeat. Throws
 * `execution.not_found`, `execution.payload_forbidden`.
 */
export async function listEffects(
  context: Pick<Context, 'scope' | 'workflows' | 'executions' | 'runtime' | 'vault'>,
  id: ExecutionId,
): Promise<EffectLedger> {
  const { scope, vault } = context
  requireCapability(scope, 'execution.read')
  if (!scope.capabilities.has('execution.read_payload')) throw appError('execution.payload_forbidden')
  const { organizationId } = scope
  const { entries } = await requireJournal(context, id)
  const { generation, effects } = effectLedger(entries)
  const named = effects.map(async (entry) => {
    const { path, attempts } = entry
    const executionId = entry.origin === undefined ? id : ExecutionId.parse(entry.origin)
    const effect = { organizationId, executionId, generation: entry.generation, path }
    return toEffect(entry, {
      kept: isKept(entry, generation),
      // What was recalled was sent by another execution, if ever.
      ...(entry.origin !== undefined && { doneBy: executionId }),
      // Nothing was sent under any key.
      ...(entry.pretended === true && { pretended: true }),
      ...(attempts.length > 0 && entry.pretended !== true && { idempotencyKey: await vault.idempotencyKey(effect) }),
    })
  })
  return { executionId: id, generation, effects: await Promise.all(named) }
}

function isKept({ generation, state }: LedgerEntry, now: number): boolean {
  return generation < now && (state === 'done' || state === 'recalled')
}

function toEffect(
  { path, node, generation, state, input, output, attempts, undoes, undone, inHandler }: LedgerEntry,
  more: Pick<Effect, 'kept' | 'idempotencyKey' | 'doneBy' | 'pretended'>,
): Effect {
  const to = input['url']
  return {
    path,
    nodeId: node,
    generation,
    state,
    ...more,
    ...(undoes !== undefined && { undoes }),
    ...(undone !== undefined && { undone }),
    ...(inHandler !== undefined && { inHandler }),
    ...(typeof to === 'string' && { to }),
    input: maskInput(input),
    ...(output !== undefined && { output }),
    attempts: attempts.map(toAttempt),
  }
}

function toAttempt({ attempt, at, endedAt, outcome, failure }: LedgerAttempt): Effect['attempts'][number] {
  return {
    attempt,
    at: new Date(at).toISOString(),
    ...(endedAt !== undefined && { endedAt: new Date(endedAt).toISOString() }),
    outcome,
    ...(failure !== undefined && { failure }),
  }
}

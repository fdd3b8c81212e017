import type { Execution, Step } from '../../contract/execution.ts'
import type { ExecutionId, OrganizationId } from '../../contract/id.ts'
import type { Vault } from '../../vault/index.ts'

/** Says of each step that called the outside under which key it was sent. */
export async function withKeys(
  vault: Pick<Vault, 'idempotencyKey'>,
  organizationId: OrganizationId,
  execution: Execution,
): Promise<Execution> {
  const { id, steps, origin } = execution
  if (origin?.effects === 'pretend') return execution
  return { ...execution, steps: await Promise.all(steps.map((step) => withKey(vault, organizationId, id, step))) }
}

async function withKey(
  vault: Pick<Vault, 'idempotencyKey'>,
  organizationId: OrganizationId,
  executionId: ExecutionId,
  step: Step,
): Promise<Step> {
  const { generation, path, inherited } = step
  // What another execution sent went out under that one's key.
  if (generation === undefined || inherited === true) return step
  return { ...step, idempotencyKey: await vault.idempotencyKey({ organizationId, executionId, generation, path }) }
}

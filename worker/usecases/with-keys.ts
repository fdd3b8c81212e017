import type { Execution, Step } from '../contract/execution.ts'
import type { ExecutionId, OrganizationId } from '../contract/id.ts'
import type { Vault } from '../vault/index.ts'

/** Says of each step that called the outside under which key it was sent. */
export async function withKeys(
  vault: Pick<Vault, 'idempotencyKey'>,
  organizationId: OrganizationId,
  execution: Execution,
): Promise<Execution> {
  const { id, steps } = execution
  return { ...execution, steps: await Promise.all(steps.map((step) => withKey(vault, organizationId, id, step))) }
}

async function withKey(
  vault: Pick<Vault, 'idempotencyKey'>,
  organizationId: OrganizationId,
  executionId: ExecutionId,
  step: Step,
): Promise<Step> {
  const { generation, path } = step
  if (generation === undefined) return step
  return { ...step, idempotencyKey: await vault.idempotencyKey({ organizationId, executionId, generation, path }) }
}

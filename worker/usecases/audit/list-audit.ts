import type { AuditEntry, AuditListQuery } from '../../contract/audit.ts'
import type { Page } from '../../contract/error.ts'
import { requireCapability } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'

/** What was done, and tried, in the organization; newest first. */
export async function listAudit(
  { scope, audit }: Pick<Context, 'scope' | 'audit'>,
  query: AuditListQuery,
): Promise<Page<AuditEntry>> {
  requireCapability(scope, 'audit.read')
  return audit.list(query)
}

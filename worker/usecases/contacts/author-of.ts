import type { Author } from '../../contract/cause.ts'
import type { Scope } from '../../tenancy/scope.ts'
import type { Context } from '../context.ts'
import type { ContactRequest } from './ports.ts'

/** The caller, as the author of what they do, and the chain they act in where a workflow called. */
export function authorOf({ scope, cause }: Pick<Context, 'scope' | 'cause'>): Pick<ContactRequest, 'by' | 'chain'> {
  const by = callerOf(scope)
  if (cause === undefined) return { by }
  const { by: _step, ...chain } = cause
  return { by, chain }
}

function callerOf({ userId, apiKeyId }: Scope): Author {
  return apiKeyId === undefined ? { kind: 'member', userId } : { kind: 'apiKey', userId, apiKeyId }
}

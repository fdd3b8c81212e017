// calls
//
// The calls this process has in flight for one execution. Forgotten when the process dies, which is safe: the engine is
// told that they were lost and asks for them again, under the same key.

import type { Invocation } from '../../engine/effect.ts'
import type { Egress } from '../../egress/index.ts'
import { nextChain } from '../../contacts/chain.ts'
import type { ContactActions } from '../../nodes/contact/contact-actions.ts'
import { findNodeType } from '../../nodes/registry.ts'
import type { Vault } from '../../vault/index.ts'
import type { ActingStep } from '../contact/contact-actions.ts'
import type { ExecutionHeader } from '../execution-header.ts'
import { performInvocation, type PerformResult } from '../perform-invocation.ts'

/** What calls are made with. */
export interface CallTools {
  egress: Egress
  vault: Vault
  contactsOf(step: ActingStep): ContactActions
}

export class Calls {
  readonly #inFlight = new Map<string, AbortController>()

  /** Aborts the calls that are no longer wanted. */
  keep(wanted: ReadonlySet<string>): void {
    for (const [key, controller] of this.#inFlight) {
      if (wanted.has(key)) continue
      this.#inFlight.delete(key)
      controller.abort()
    }
  }

  /** Starts a call unless it is in flight already. The result never rejects. */
  begin(
    header: ExecutionHeader,
    invocation: Invocation,
    { egress, vault, contactsOf }: CallTools,
  ): Promise<PerformResult> | undefined {
    const key = `${invocation.generation}/${invocation.key}`
    if (this.#inFlight.has(key)) return undefined
    const controller = new AbortController()
    this.#inFlight.set(key, controller)
    const type = header.graph.nodes.find(({ id }) => id === invocation.node)?.type ?? ''
    return vault
      .idempotencyKey({
        organizationId: header.organizationId,
        executionId: header.executionId,
        generation: invocation.generation,
        path: invocation.path,
      })
      .then((idempotencyKey) =>
        performInvocation({
          invocation,
          definition: findNodeType(type),
          idempotencyKey,
          fetch: egress,
          contacts: contactsOf(actingStep(header, invocation, idempotencyKey)),
          cancelled: controller.signal,
        }),
      )
      .finally(() => this.#inFlight.delete(key))
  }
}

function actingStep(
  { organizationId, executionId, workflow, eventId, cause }: ExecutionHeader,
  { path }: Invocation,
  idempotencyKey: string,
): ActingStep {
  return {
    organizationId,
    by: { kind: 'execution', executionId, workflowId: workflow.id, step: path },
    chain: nextChain(cause, { workflowId: workflow.id, eventId }),
    idempotencyKey,
  }
}

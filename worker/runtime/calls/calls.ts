// calls
//
// The calls this process has in flight for one execution. Forgotten when the process dies, which is safe: the engine is
// told that they were lost and asks for them again, under the same key.

import type { Cause } from '../../contract/cause.ts'
import type { Invocation } from '../../engine/effect.ts'
import type { Input } from '../../engine/input.ts'
import type { Egress } from '../../egress/index.ts'
import type { Env } from '../../env.ts'
import { nextChain } from '../../causality/next-chain.ts'
import { sentAt } from '../../lib/sent.ts'
import type { ContactActions } from '../../nodes/contact/contact-actions.ts'
import { findNodeType } from '../../nodes/registry.ts'
import type { Vault } from '../../vault/index.ts'
import { createContactActions, type ActingStep } from '../contact/contact-actions.ts'
import type { ExecutionHeader } from '../execution/execution-header.ts'
import { isolateOf } from '../isolate.ts'
import type { Outbound } from '../outbound/outbound.ts'
import { performInvocation, type PerformResult } from './perform-invocation.ts'

/** What calls are made with. */
export interface CallTools {
  egress: Egress
  outbound: Outbound
  vault: Vault
  contactsOf(step: ActingStep): ContactActions
  /** Resolves when the turn that asks for a call is on disk: where many wake at once, their turns come before their calls. */
  whenCommitted(): Promise<void>
}

export function callToolsOf(env: Env, whenCommitted: () => Promise<void>): CallTools {
  const { egress, outbound, vault } = isolateOf(env)
  return { egress, outbound, vault, contactsOf: (step) => createContactActions(env, step), whenCommitted }
}

/** The result of a call as an input for the engine. */
export function reportOf({ path, attempt }: Invocation, result: PerformResult): Input {
  if (result.ok) return { type: 'succeeded', path, attempt, outcome: result.outcome }
  const { failure, held } = result
  return held === undefined
    ? { type: 'failed', path, attempt, failure }
    : { type: 'deferred', path, attempt, failure, ...held }
}

type CallName = Pick<Invocation, 'generation' | 'key'>

export class Calls {
  /** With what a call can be aborted; null for one that somebody else makes. */
  readonly #inFlight = new Map<string, AbortController | null>()

  /** Takes these for under way: another process makes them. */
  leave(invocations: readonly Invocation[]): void {
    for (const invocation of invocations) this.#inFlight.set(nameOf(invocation), null)
  }

  /** Whether a call is being made, or its result is being reported. */
  isUnderWay(invocation: CallName): boolean {
    return this.#inFlight.has(nameOf(invocation))
  }

  /** Whether this process makes a call itself. Another one may die without a word. */
  isOwn(invocation: CallName): boolean {
    return (this.#inFlight.get(nameOf(invocation)) ?? null) !== null
  }

  /** A call that another process made is over. */
  end(invocation: Invocation): void {
    this.#inFlight.delete(nameOf(invocation))
  }

  /** Aborts the calls that are not among these. */
  keep(invocations: readonly Invocation[]): void {
    const wanted = new Set(invocations.map(nameOf))
    for (const [key, controller] of this.#inFlight) {
      if (wanted.has(key)) continue
      this.#inFlight.delete(key)
      controller?.abort()
    }
  }

  /** Starts a call unless it is in flight already, which it is until `report` is through with what came of it. */
  begin(
    header: ExecutionHeader,
    invocation: Invocation,
    { egress, outbound, vault, contactsOf, whenCommitted }: CallTools,
    report: (result: PerformResult) => Promise<unknown>,
  ): Promise<unknown> | undefined {
    const key = nameOf(invocation)
    if (this.#inFlight.has(key)) return undefined
    const controller = new AbortController()
    this.#inFlight.set(key, controller)
    const type = header.graph.nodes.find(({ id }) => id === invocation.node)?.type ?? ''
    const { organizationId } = header
    const withCause: Egress = async (request, signal, tell) => {
      const cause = causeOf(header, invocation)
      return egress(request, signal, tell, await vault.signCause({ organizationId, cause, issuedAt: Date.now() }))
    }
    return whenCommitted()
      .then(() =>
        vault.idempotencyKey({
          organizationId: header.organizationId,
          executionId: header.executionId,
          generation: invocation.generation,
          path: invocation.path,
        }),
      )
      .then((idempotencyKey) =>
        performInvocation({
          invocation,
          definition: findNodeType(type),
          idempotencyKey,
          fetch: (request, signal, tell) => {
            // That holds for as long as the call waits for its turn.
            tell(sentAt.checked)
            return outbound.send(
              {
                organizationId,
                by: idempotencyKey,
                isRepeated: invocation.attempt > 1,
                timeoutMs: invocation.timeoutMs,
              },
              { request, signal, egress: (out, within) => withCause(out, within, tell) },
            )
          },
          contacts: contactsOf(actingStep(header, invocation, idempotencyKey)),
          cancelled: controller.signal,
        }),
      )
      .then(report)
      .finally(() => this.#inFlight.delete(key))
  }
}

/** Names a call within its execution. */
function nameOf({ generation, key }: CallName): string {
  return `${generation}/${key}`
}

function actingStep(header: ExecutionHeader, invocation: Invocation, idempotencyKey: string): ActingStep {
  const { by, ...chain } = causeOf(header, invocation)
  return { organizationId: header.organizationId, by, chain, idempotencyKey }
}

/** Why whatever a step does happens. */
function causeOf(
  { executionId, workflow, eventId, cause, sender }: ExecutionHeader,
  { path }: Invocation,
): Cause & Pick<ActingStep, 'by'> {
  return {
    ...nextChain(cause, { workflowId: workflow.id, eventId, sender }),
    by: { kind: 'execution', executionId, workflowId: workflow.id, step: path },
  }
}

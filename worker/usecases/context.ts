import type { Cause } from '../contract/cause.ts'
import type { Graph } from '../contract/graph.ts'
import type { NodeType } from '../contract/node-type.ts'
import type { Problem } from '../contract/problem.ts'
import type { ShortMemory } from '../lib/short-memory.ts'
import type { Yardstick } from '../progress/progress.ts'
import type { KnownMember } from '../store/directory.ts'
import type { Stores } from '../store/stores.ts'
import type { Scope } from '../tenancy/scope.ts'
import type { Vault } from '../vault/index.ts'
import type { ApprovalRuntime } from './approvals/ports.ts'
import type { ContactRuntime } from './contacts/ports.ts'
import type { GateRuntime } from './execution-limit/ports.ts'
import type { OutboundRuntime } from './outbound/ports.ts'
import type { ExecutionRuntime } from './ports.ts'
import type { TapRuntime } from './taps/ports.ts'

/** What node types there are, and what they think of a graph. `nodes/` implements it. */
export interface NodeCatalogue {
  describe(): NodeType[]
  /** `organization` names the organization's variables. */
  validate(graph: Graph, organization?: readonly string[]): Problem[]
}

/** Everything a use case can ask for. Each takes the part it needs, so that its signature says what it touches. */
export interface Context extends Stores {
  scope: Scope
  /** The member behind the scope, for greeting them. */
  member: KnownMember
  /** Why the request came, where a step of one of the organization's executions made it. */
  cause?: Cause | undefined
  listOrganizations(): Promise<{ id: KnownMember['organizationId']; name: string; slug: string; role: Scope['role'] }[]>
  runtime: ExecutionRuntime
  contactRuntime: ContactRuntime
  approvalRuntime: ApprovalRuntime
  outboundRuntime: OutboundRuntime
  gateRuntime: GateRuntime
  tapRuntime: TapRuntime
  nodes: NodeCatalogue
  vault: Pick<Vault, 'seal' | 'open' | 'idempotencyKey' | 'newTotp' | 'findTotpStep'>
  /** What executions were measured by a moment ago, by organization and version. */
  yardsticks: Pick<ShortMemory<Yardstick>, 'get' | 'set'>
  now(): Date
  /** Where this installation is reached, such as `https://leat.example`: hooks' addresses begin with it. */
  origin: string
}

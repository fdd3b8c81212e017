// tally
//
// Journals of many executions as counts: by node, edge, failure and contact. Reads each event once and keeps numbers, so
// what it holds does not grow with what passes through it, but for one duration a step.

import type { Failure } from '../contract/failure.ts'
import type { GraphEdge } from '../contract/graph.ts'
import type { SimulatedNode, Simulation } from '../contract/simulate.ts'
import { undoPort } from '../engine/aftermath/aftermath.ts'
import type { ExecutionEvent, FinalStatus, JournalEntry, StepPath } from '../engine/event.ts'
import type { Plan } from '../engine/plan.ts'
import { distributionOf } from './distribution.ts'

type Counts = Pick<Simulation, 'steps' | 'outcomes' | 'nodes' | 'edges' | 'failures' | 'perContact' | 'durationMs'>

interface NodeCounts extends Omit<
  SimulatedNode,
  'nodeId' | 'contacts' | 'ports' | 'firstAt' | 'lastAt' | 'durationMs'
> {
  contacts: Visitors
  ports: Map<string, { count: number; contacts: Visitors }>
  firstAt: number
  lastAt: number
  durations: number[]
}

interface FailureCounts {
  nodeId?: string
  code: string
  message: string
  attempts: number
  final: number
  contacts: Visitors
}

/** One contact's execution, as far as counting needs it. */
interface Life {
  startedAt: number
  /** Steps that have begun and not ended: their node, and when. */
  open: Map<StepPath, { node: string; at: number }>
  steps: number
  calls: number
  messages: number
  /** A step's failure ended it. */
  hasFailedAtStep: boolean
  hasEnded: boolean
}

/** Counts what executions do, entry by entry. */
export class Tally {
  readonly #plan: Plan
  readonly #messageNodes: ReadonlySet<string>
  readonly #contacts: number
  readonly #nodes = new Map<string, NodeCounts>()
  readonly #failures = new Map<string, FailureCounts>()
  readonly #lives = new Map<number, Life>()
  readonly #ended: Record<FinalStatus, number> = {
    completed: 0,
    completed_with_errors: 0,
    failed: 0,
    cancelled: 0,
    timed_out: 0,
    skipped: 0,
  }
  readonly #durations: number[] = []
  #steps = 0

  constructor(plan: Plan, { contacts, messageNodes }: { contacts: number; messageNodes: ReadonlySet<string> }) {
    this.#plan = plan
    this.#contacts = contacts
    this.#messageNodes = messageNodes
    for (const id of plan.nodes.keys()) {
      this.#nodes.set(id, {
        steps: 0,
        contacts: new Visitors(contacts),
        completed: 0,
        skipped: 0,
        failed: 0,
        cancelled: 0,
        waiting: 0,
        attempts: 0,
        ports: new Map(),
        firstAt: Infinity,
        lastAt: -Infinity,
        durations: [],
      })
    }
  }

  /** Steps begun, of all contacts. */
  get steps(): number {
    return this.#steps
  }

  add(contact: number, entry: JournalEntry): void {
    for (const event of entry.events) this.#count(contact, event)
  }

  /** All of it, as of now. */
  result(edges: readonly GraphEdge[]): Counts {
    const lives = [...this.#lives.values()]
    for (const { open } of lives) for (const { node } of open.values()) this.#of(node).waiting += 1
    const { completed, completed_with_errors, failed, cancelled, timed_out } = this.#ended
    const underWay = lives.filter(({ hasEnded }) => !hasEnded).length
    const steps = distributionOf(lives.map((life) => life.steps))
    const calls = distributionOf(lives.map((life) => life.calls))
    const messages = distributionOf(lives.map((life) => life.messages))
    const durationMs = distributionOf(this.#durations)
    return {
      steps: this.#steps,
      outcomes: {
        completed,
        completedWithErrors: completed_with_errors,
        failed,
        cancelled,
        timedOut: timed_out,
        underWay,
      },
      nodes: [...this.#nodes].map(([nodeId, counts]) => toNode(nodeId, counts)),
      edges: edges.map(({ id, source, sourcePort }) => {
        const way = this.#nodes.get(source)?.ports.get(sourcePort)
        return { edgeId: id, source, count: way?.count ?? 0, contacts: way?.contacts.count ?? 0 }
      }),
      failures: [...this.#failures.values()]
        .map((failure) => ({ ...failure, contacts: failure.contacts.count }))
        .sort((a, b) => b.attempts + b.final - a.attempts - a.final),
      perContact: {
        ...(steps !== undefined && { steps }),
        ...(calls !== undefined && { calls }),
        ...(messages !== undefined && { messages }),
      },
      ...(durationMs !== undefined && { durationMs }),
    }
  }

  #count(contact: number, event: ExecutionEvent): void {
    switch (event.type) {
      case 'started':
        this.#lives.set(contact, {
          startedAt: event.at,
          open: new Map(),
          steps: 0,
          calls: 0,
          messages: 0,
          hasFailedAtStep: false,
          hasEnded: false,
        })
        return
      case 'attemptStarted':
        this.#begin(contact, event)
        this.#of(event.node).attempts += 1
        this.#life(contact).calls += 1
        return
      case 'branchesStarted':
        this.#begin(contact, event)
        for (const { branch } of event.branches) this.#pass(contact, event.node, branch)
        return
      case 'iterationStarted': {
        const node = this.#life(contact).open.get(event.path)?.node ?? ''
        const behaviour = this.#plan.nodes.get(node)?.behaviour
        if (behaviour?.kind === 'loop') this.#pass(contact, node, behaviour.body)
        return
      }
      case 'branchArrived':
        if (event.into === event.path) this.#begin(contact, event)
        return
      case 'attemptFailed': {
        const node = this.#life(contact).open.get(event.path)?.node
        this.#failure(contact, node, event.failure).attempts += 1
        return
      }
      case 'stepCompleted': {
        const counts = this.#end(contact, event)
        if (event.skipped === true) counts.skipped += 1
        else counts.completed += 1
        if (event.skipped !== true && this.#messageNodes.has(event.node)) this.#life(contact).messages += 1
        if (event.end === undefined) this.#pass(contact, event.node, event.port)
        return
      }
      case 'stepFailed': {
        this.#end(contact, event).failed += 1
        this.#failure(contact, event.node, event.failure).final += 1
        if (event.handled === 'stop') this.#life(contact).hasFailedAtStep = true
        if (event.handled === 'branch') this.#pass(contact, event.node, 'error')
        if (event.handled === 'continue')
          this.#pass(contact, event.node, this.#plan.nodes.get(event.node)?.firstPort ?? '')
        return
      }
      case 'aftermathStarted': {
        // Counted once, with how it ended: what fails while it is undone fails by itself.
        const life = this.#life(contact)
        if (event.failure !== undefined && !life.hasFailedAtStep && event.status !== 'cancelled') {
          this.#failure(contact, undefined, event.failure).final += 1
        }
        life.hasFailedAtStep = true
        return
      }
      case 'undoStarted':
        this.#pass(contact, event.node, undoPort)
        return
      case 'undoEnded':
        return
      case 'stepCancelled':
        this.#end(contact, event).cancelled += 1
        return
      case 'finished': {
        const life = this.#life(contact)
        life.hasEnded = true
        this.#ended[event.status] += 1
        this.#durations.push(event.at - life.startedAt)
        if (event.failure !== undefined && !life.hasFailedAtStep && event.status !== 'cancelled') {
          this.#failure(contact, undefined, event.failure).final += 1
        }
        return
      }
      default:
        // Steps of whatever kind begin by the event that names them and their node.
        if ('path' in event && 'node' in event) this.#begin(contact, event)
    }
  }

  #begin(contact: number, { path, node, at }: { path: StepPath; node: string; at: number }): void {
    const life = this.#life(contact)
    if (life.open.has(path)) return
    life.open.set(path, { node, at })
    life.steps += 1
    this.#steps += 1
    const counts = this.#of(node)
    counts.steps += 1
    counts.contacts.add(contact)
    counts.firstAt = Math.min(counts.firstAt, at)
    counts.lastAt = Math.max(counts.lastAt, at)
  }

  #end(contact: number, event: { path: StepPath; node: string; at: number }): NodeCounts {
    this.#begin(contact, event)
    const { open } = this.#life(contact)
    const counts = this.#of(event.node)
    counts.durations.push(event.at - open.get(event.path)!.at)
    open.delete(event.path)
    return counts
  }

  /** Somebody went on from a node by a way out. */
  #pass(contact: number, node: string, port: string): void {
    const { ports } = this.#of(node)
    let way = ports.get(port)
    if (way === undefined) ports.set(port, (way = { count: 0, contacts: new Visitors(this.#contacts) }))
    way.count += 1
    way.contacts.add(contact)
  }

  #failure(contact: number, nodeId: string | undefined, { code, message }: Failure): FailureCounts {
    const key = `${nodeId ?? ''} ${code}`
    let counts = this.#failures.get(key)
    if (counts === undefined) {
      const contacts = new Visitors(this.#contacts)
      counts = { ...(nodeId !== undefined && { nodeId }), code, message, attempts: 0, final: 0, contacts }
      this.#failures.set(key, counts)
    }
    counts.contacts.add(contact)
    return counts
  }

  #of(node: string): NodeCounts {
    const counts = this.#nodes.get(node)
    if (counts === undefined) throw new Error(`the plan has no node ${node}`)
    return counts
  }

  #life(contact: number): Life {
    const life = this.#lives.get(contact)
    if (life === undefined) throw new Error(`contact ${contact} has not started`)
    return life
  }
}

/** Which contacts came by: how many, each counted once. */
class Visitors {
  count = 0
  readonly #came: Uint8Array

  constructor(contacts: number) {
    this.#came = new Uint8Array(contacts)
  }

  add(contact: number): void {
    if (this.#came[contact] === 1) return
    this.#came[contact] = 1
    this.count += 1
  }
}

function toNode(nodeId: string, counts: NodeCounts): SimulatedNode {
  const { contacts, ports, firstAt, lastAt, durations, ...rest } = counts
  const durationMs = distributionOf(durations)
  return {
    nodeId,
    ...rest,
    contacts: contacts.count,
    ports: Object.fromEntries([...ports].map(([port, { count }]) => [port, count])),
    ...(counts.steps > 0 && { firstAt: new Date(firstAt).toISOString(), lastAt: new Date(lastAt).toISOString() }),
    ...(durationMs !== undefined && { durationMs }),
  }
}

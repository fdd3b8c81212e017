// world: the real shell on a platform of our own
//
// `worker/index.ts`, its objects, its consumers and its engine run as they are; `platform/` is in the place of the runtime,
// the queues, the alarms and the databases, and `target.ts` in that of everybody who is called. What the world shows
// afterwards is evidence, and `judge.ts` says what is wrong with it.

import { join } from 'node:path'
import worker, * as classes from '../../worker/index.ts'
import { gatesOf } from '../../worker/concurrency/gates-of.ts'
import type { GateKind } from '../../worker/contract/concurrency.ts'
import type { Graph, GraphSettings } from '../../worker/contract/graph.ts'
import type { ExecutionId, HookKey, OrganizationId, VersionId, WorkflowId } from '../../worker/contract/id.ts'
import type { JournalEntry } from '../../worker/engine/event.ts'
import { fold } from '../../worker/engine/fold.ts'
import { isEmpty } from '../../worker/engine/state.ts'
import type { Env } from '../../worker/env.ts'
import { HeldBackError } from '../../worker/lib/step-errors.ts'
import type { AcceptedTrigger } from '../../worker/runtime/inbox/accepted-trigger.ts'
import { createAcceptor } from '../../worker/runtime/inbox/acceptor.ts'
import { createBulkPolicy } from '../../worker/runtime/records/bulk-policy.ts'
import { createSharedGates, readInstallationLimits } from '../../worker/runtime/gate/shared-gates.ts'
import {
  journalTable,
  type ExecutionInit,
  type JournalTable,
  type KeptExecution,
} from '../../worker/runtime/execution/journal-table.ts'
import { runRule } from '../../worker/runtime/records/record-text.ts'
import { snapshotRule } from '../../worker/runtime/execution/snapshots.ts'
import { createExecutionRuntime } from '../../worker/runtime/operations/execution-runtime.ts'
import type { Isolate } from '../../worker/runtime/isolate.ts'
import { executionName } from '../../worker/runtime/names.ts'
import type { ReadyVersion } from '../../worker/runtime/plans.ts'
import { createRouteCache } from '../../worker/runtime/routes/route-cache.ts'
import { joinParts } from '../../worker/store/journals.ts'
import { routeStore } from '../../worker/store/routes.ts'
import type { ExecutionRuntime } from '../../worker/usecases/ports.ts'
import type { EffectName } from '../../worker/vault/index.ts'
import { root } from '../../scripts/paths.ts'
import { createRandom } from '../../scripts/prove/kill/random.ts'
import { fromChild } from '../engine/support/meaning.ts'
import { graphOfProgram, planOfProgram, type Called } from '../engine/support/plan-of-program.ts'
import { Database } from './platform/database.ts'
import { Faults, type Fault } from './platform/faults.ts'
import { LivingObject, Objects, type Caller } from './platform/objects.ts'
import { Queues } from './platform/queues.ts'
import type { Sqlite } from './platform/sql.ts'
import { Timeline, type Process } from './platform/timeline.ts'
import type { Scenario, Workflow } from './scenario.ts'
import { Target } from './target.ts'
import { objectBindings, queueSettings } from './wrangler.ts'

export const organizationId = 'org_sim' as OrganizationId
const startAt = Date.UTC(2026, 10, 21, 12)
export const eventType = 'thing.happened'

export const workflowIdOf = (index: number) => `wf_${index}` as WorkflowId
export const versionIdOf = (index: number) => `ver_${index}` as VersionId
const hookKeyOf = (index: number) => String(index).padStart(26, '0') as HookKey

/** The key of an effect, readable: what it is made of. The product's own derivation has its tests in `test/vault`. */
export function keyOf({ organizationId, executionId, generation, path }: EffectName): string {
  return `${organizationId}|${executionId}|${generation}|${path}`
}

/**
 * Nothing here is long, and everything is to be met: in every second run most executions sleep with a snapshot, many with a few
 * turns after it, and reach the database in runs.
 */
const soonLong = {
  runRule: { longFrom: 400, turns: 1, shortest: 300 },
  snapshotRule: { characters: 200, turns: 2, share: 100 },
}

/** Of each database there is one, as new for each run: migrations take longer than a run. */
const logs = new Database(join(root, 'migrations/logs'))
const routes = new Database(join(root, 'migrations/db'))

/** Reads something of an execution's journal, and again only after something was written. */
function onceWritten<Found>(read: (table: JournalTable) => Found): (sql: Sqlite) => Found {
  const known = new WeakMap<Sqlite, { version: number; found: Found }>()
  return (sql) => {
    const last = known.get(sql)
    if (last?.version === sql.version) return last.found
    const exec = (query: string) => {
      const rows = sql.all(query, [])
      return { toArray: () => rows }
    }
    const found = read(journalTable({ exec } as unknown as SqlStorage))
    known.set(sql, { version: sql.version, found })
    return found
  }
}

const wholeOn = onceWritten((table) => table.readWhole())
const keptOn = onceWritten((table) => table.read())

/** What a gate answered to one try of an execution (`exe_…/1`): durable `at`, to a question that was there before. */
export interface GateAnswer {
  id: string
  gate: GateKind
  kind: 'passed' | 'waiting' | 'refused'
  arrivedAt: number
  at: number
}

/** The isolate that serves and consumes. It has no storage, so nothing holds back what it lets out. */
class Front implements Process, Caller {
  readonly name = 'front'
  alive = true
  /** Who is told when it dies. */
  readonly watchers = new Set<() => void>()
  readonly env: Env
  readonly runtime: ExecutionRuntime

  constructor(world: World) {
    this.env = world.envOf(this)
    this.runtime = createExecutionRuntime(this.env)
  }

  get process(): Process {
    return this
  }

  outgoing(run: () => void): void {
    run()
  }
}

/** What is there before anything happens. */
export interface WorldOrder {
  seed: number
  faults: readonly Fault[]
  versions: readonly ReadyVersion[]
  /** Writes what listens to what. */
  install(routes: Database): void
  /** How many executions go on at a time, by what the installation says. */
  mostRunning?: number | undefined
}

export class World {
  readonly timeline: Timeline
  readonly faults: Faults
  readonly target: Target
  readonly queues: Queues
  readonly objects = new Map<string, Objects>()
  /** What gates answered to who came. */
  readonly gateAnswers: GateAnswer[] = []
  front: Front
  readonly #versions: readonly ReadyVersion[]
  readonly #mostRunning: number | undefined
  readonly #rules: Pick<Isolate, 'runRule' | 'snapshotRule'>

  constructor({ seed, faults, versions, install, mostRunning }: WorldOrder) {
    logs.reset()
    this.#mostRunning = mostRunning
    this.#rules = seed % 2 === 0 ? { runRule, snapshotRule } : soonLong
    this.timeline = new Timeline(startAt, createRandom(seed ^ 0x5eed))
    this.faults = new Faults(faults)
    this.#versions = versions
    routes.reset()
    routes.sql.run(`INSERT INTO organizations (id, name, slug, created_at) VALUES (?, 'Any', 'any', 0)`, [
      organizationId,
    ])
    install(routes)
    this.target = new Target(this.timeline, (object, key, node) => this.#pastOf(object, key, node))
    this.queues = new Queues(queueSettings, this.timeline, this.faults, (batch) => {
      const { front } = this
      this.timeline.current = front
      return { process: front, done: worker.queue(batch as never, front.env) }
    })
    const byName = new Map<string, unknown>(Object.entries(classes))
    for (const { binding, className } of objectBindings) {
      const Class = byName.get(className) as new (ctx: unknown, env: unknown) => object
      const kind = {
        binding,
        create: (ctx: unknown, env: unknown) => new Class(ctx, env),
        env: (object: LivingObject) => this.envOf(object),
      }
      this.objects.set(binding, new Objects(kind, this.timeline, this.faults))
    }
    const gates = this.objects.get('GATES')!
    gates.onAnswer = ({ method, args, value, arrivedAt }) => {
      if (method !== 'offer') return
      const { gate } = args[1] as { gate: GateKind }
      const { id } = args[2] as { id: string }
      const { kind } = JSON.parse(String(value)) as Pick<GateAnswer, 'kind'>
      this.gateAnswers.push({ id, gate, kind, arrivedAt, at: this.timeline.now })
    }
    this.front = new Front(this)
    this.timeline.onStep = (_, __, process) => this.#maybeDie(process)
  }

  /** A request to the Worker. */
  fetch(request: Request): Promise<Response> {
    const ctx = { waitUntil: (promise: Promise<unknown>) => void promise.catch(() => undefined) }
    return worker.fetch(request as never, this.front.env, ctx as never)
  }

  sweep(): Promise<void> {
    return worker.scheduled({ scheduledTime: this.timeline.now } as never, this.front.env)
  }

  /** Takes a workflow's routes away, as pausing it does. */
  stopListening(workflow: number): void {
    routes.sql.run('DELETE FROM subscriptions WHERE workflow_id = ?', [workflowIdOf(workflow)])
  }

  /** What others call is not to be called any more. */
  close(): void {
    routes.sql.run(`UPDATE workflows SET status = 'paused'`, [])
  }

  /** The executions that an execution has called so far. */
  childrenOf(id: string): string[] {
    return this.#begun().flatMap((child) => {
      const [first] = this.journalOf(executionName(organizationId, child))?.entries[0]?.events ?? []
      return first?.type === 'started' && first.parent?.executionId === id ? [child] : []
    })
  }

  /** Executions that have an object. */
  #begun(): ExecutionId[] {
    const names = [...(this.objects.get('EXECUTIONS')?.disks.keys() ?? [])]
    return names
      .filter((name) => this.journalOf(name) !== undefined)
      .map((name) => name.slice(name.lastIndexOf(':') + 1) as ExecutionId)
  }

  hookUrl(workflow: number): string {
    return `https://leat.test/hooks/${hookKeyOf(workflow)}`
  }

  versionOf(workflow: number): VersionId {
    return versionIdOf(workflow)
  }

  /** The bindings of a process, and an isolate of its own. */
  envOf(caller: Caller): Env {
    const { objects, queues, timeline, faults } = this
    const env: Record<string, unknown> = { LEAT_SECRET: '' }
    for (const [binding, all] of objects) env[binding] = all.binding(caller)
    for (const { name, binding } of queueSettings)
      if (binding !== undefined) env[binding] = queues.binding(caller, name)
    env['LOGS'] = logs.binding(caller, timeline, faults)
    env['DB'] = routes.binding(caller, timeline, faults)
    const isolate = this.#isolate(env as unknown as Env, caller)
    return Object.assign(env, { isolate }) as unknown as Env
  }

  /** The journal that an execution's object holds, committed or not. */
  journalOf(name: string): ExecutionInit | undefined {
    const disk = this.objects.get('EXECUTIONS')?.disks.get(name)
    return disk === undefined ? undefined : wholeOn(disk.sql)
  }

  /** The snapshot that it holds. */
  snapshotOf(name: string): KeptExecution['snapshot'] {
    const disk = this.objects.get('EXECUTIONS')?.disks.get(name)
    return disk === undefined ? undefined : keptOn(disk.sql)?.snapshot
  }

  /** How many executions hold one. */
  countSnapshots(): number {
    const names = [...(this.objects.get('EXECUTIONS')?.disks.keys() ?? [])]
    return names.filter((name) => this.snapshotOf(name) !== undefined).length
  }

  /** What the projection says. */
  stored(): { id: string; row: Record<string, unknown>; entries: JournalEntry[]; parts: number }[] {
    const rows = logs.sql.all('SELECT * FROM executions ORDER BY id', [])
    return rows.map((row) => {
      const id = String(row['id'])
      const parts = logs.sql.all('SELECT part, text FROM journals WHERE execution_id = ? ORDER BY part', [id])
      const text = joinParts(parts.map(({ part, text }) => ({ part: Number(part), text: String(text) })))
      return { id, row, entries: JSON.parse(text) as JournalEntry[], parts: parts.length }
    })
  }

  /** What the databases show of contacts. */
  shownOfContacts(): Record<
    'enrolments' | 'achievements' | 'contacts' | 'tags' | 'identities',
    Record<string, unknown>[]
  > {
    return {
      enrolments: logs.sql.all('SELECT * FROM enrolments ORDER BY id', []),
      achievements: logs.sql.all('SELECT * FROM goal_achievements ORDER BY enrolment_id, goal_id', []),
      contacts: routes.sql.all('SELECT id, revision, deleted_at, contact FROM contacts ORDER BY id', []),
      tags: routes.sql.all('SELECT contact_id, tag FROM contact_tags ORDER BY contact_id, tag', []),
      identities: routes.sql.all('SELECT contact_id, kind, value FROM contact_identities ORDER BY value', []),
    }
  }

  /**
   * Whether the projection shows these as finished, and all that was begun, and as they are in their objects, and whoever
   * was called by one that is over knows of it.
   */
  isOver(ids: readonly string[]): boolean {
    const rows = logs.sql.all('SELECT id, seq FROM executions WHERE finished_at IS NOT NULL', [])
    const shown = new Map(rows.map(({ id, seq }) => [id, seq]))
    return [...ids, ...this.#begun()].every((id) => {
      const seq = shown.get(id)
      const journal = this.journalOf(executionName(organizationId, id as ExecutionId))
      if (journal === undefined || seq === undefined) return seq !== undefined
      return journal.entries.length === seq && isEmpty(fold(journal.entries).abandoned)
    })
  }

  /** Gives back what is kept from run to run. */
  end(): void {
    for (const all of this.objects.values()) {
      for (const object of all.living.values()) object.alive = false
      for (const { sql } of all.disks.values()) sql.giveBack()
    }
  }

  #isolate(env: Env, caller: Caller): Isolate {
    const store = routeStore(env.DB)
    const vault = {
      idempotencyKey: (effect: EffectName) => Promise.resolve(keyOf(effect)),
      open: () => Promise.reject(new Error('nothing is sealed here')),
      signCause: () => Promise.resolve(''),
    } as unknown as Isolate['vault']
    return {
      addressHeader: undefined,
      plans: {
        compile: (version) => this.#versions.find(({ version: { id } }) => id === version.version.id)!,
        find: (_, id) => Promise.resolve(this.#versions.find(({ version }) => version.id === id)),
        // No hooks here.
        findInstant: () => Promise.resolve(undefined),
      },
      routeStore: store,
      routes: createRouteCache({ env, store, vault }),
      vault,
      egress: this.target.egress(caller),
      outbound: {
        send: (_, { request, signal, egress }) =>
          this.faults.strikes('call.held') ? Promise.reject(this.#held()) : egress(request, signal),
      },
      acceptor: createAcceptor(env),
      mayTellOfRefusal: () => true,
      bulkPolicy: createBulkPolicy(),
      ...this.#rules,
      sharedGates: createSharedGates(store, readInstallationLimits(this.#installation()), () => Date.now()),
    }
  }

  #installation(): { LEAT_MAX_RUNNING?: string } {
    return this.#mostRunning === undefined ? {} : { LEAT_MAX_RUNNING: String(this.#mostRunning) }
  }

  /** As a breaker or a limit would. */
  #held(): HeldBackError {
    const { now, random } = this.timeline
    const until = now + random.int(1, 20_000)
    return new HeldBackError('outbound.rate_limited', 'Not now.', { until, free: random.chance(0.5) })
  }

  #pastOf(object: string, key: string, node: string): { failed: number; maxRetries: number } {
    const journal = this.journalOf(object)
    const path = key.slice(key.lastIndexOf('|') + 1)
    const graph = journal?.header.graph ?? this.#acceptedGraphOf(key)
    const settings = graph?.nodes.find(({ id }) => id === node)?.settings
    let failed = 0
    for (const { events } of journal?.entries ?? []) {
      for (const event of events) {
        if (event.type === 'attemptFailed' && event.path === path) failed += 1
        if (event.type === 'redriven') failed = 0
      }
    }
    return { failed, maxRetries: settings?.retry?.maxRetries ?? 3 }
  }

  /** The graph of an execution that calls where its event arrived. */
  #acceptedGraphOf(key: string): Graph | undefined {
    const [, executionId = ''] = key.split('|')
    for (const { sql } of this.objects.get('INBOXES')!.disks.values()) {
      const rows = sql.all(`SELECT text FROM pending WHERE kind = 'trigger' AND instr(execution_ids, ?) > 0`, [
        executionId,
      ])
      for (const { text } of rows) {
        const { source } = JSON.parse(String(text)) as AcceptedTrigger
        const at = source.kind === 'start' ? source.versionId : undefined
        return this.#versions.find(({ version }) => version.id === at)?.graph
      }
    }
    return undefined
  }

  #maybeDie(process: Process | null): void {
    const { faults } = this
    if (faults.strikes('machine.dies')) this.#machineDies(false)
    if (faults.strikes('power.cut')) this.#machineDies(true)
    if (faults.strikes('front.dies')) this.#frontDies()
    if (faults.strikes('object.dies')) {
      const living = [...this.objects.values()].flatMap((all) => [...all.living.values()])
      const object =
        process instanceof LivingObject ? process : living[this.timeline.steps % Math.max(1, living.length)]
      if (object?.alive === true) this.#objectsOf(object).kill(object)
    }
  }

  #objectsOf(object: LivingObject): Objects {
    return [...this.objects.values()].find((all) => all.living.get(object.objectName) === object)!
  }

  #machineDies(forgetsQueues: boolean): void {
    for (const all of this.objects.values()) for (const object of all.living.values()) all.kill(object)
    if (forgetsQueues) this.queues.forget()
    this.#frontDies()
    this.timeline.now += this.timeline.random.int(50, 8_000)
  }

  #frontDies(): void {
    const { front } = this
    front.alive = false
    this.queues.returnFrom(front)
    this.front = new Front(this)
    for (const tell of front.watchers) tell()
  }
}

/** The world of a scenario. */
export function worldOf({ seed, faults, workflows, shared = {} }: Scenario): WorldOrder {
  return {
    seed,
    faults,
    versions: workflows.map(readyVersion),
    install: (routes) => {
      if (shared.organization !== undefined) limit(routes, shared.organization)
      workflows.forEach(({ respond, isCalled }, index) =>
        isCalled ? beCalled(routes, index) : listen(routes, index, respond),
      )
    },
    mostRunning: shared.installation,
  }
}

/** Writes an active workflow's routes: it listens to the event, and to its webhook. */
function listen(routes: Database, index: number, respond: Scenario['workflows'][number]['respond']): void {
  const [workflow, version, key] = [workflowIdOf(index), versionIdOf(index), hookKeyOf(index)]
  routes.sql.run(
    `INSERT INTO hooks (key, organization_id, workflow_id, node_id, created_at) VALUES (?, ?, ?, 'n0', 0)`,
    [key, organizationId, workflow],
  )
  const subscriptions = [
    ['webhook', key, { respond }],
    ['event', eventType, { eventType }],
  ] as const
  for (const [kind, match, params] of subscriptions) {
    routes.sql.run(
      `INSERT INTO subscriptions (organization_id, kind, match, workflow_id, node_id, version_id, version_number,
         version_hash, workflow_name, params)
       VALUES (?, ?, ?, ?, 'n0', ?, 1, '', 'Any', ?)`,
      [organizationId, kind, match, workflow, version, JSON.stringify(params)],
    )
  }
}

/** Writes that so many executions of the organization go on at a time. */
function limit(routes: Database, running: number): void {
  routes.sql.run(
    `INSERT INTO execution_limits (organization_id, running, updated_by, updated_at) VALUES (?, ?, '', 0)`,
    [organizationId, running],
  )
}

/** Writes an active workflow that only calls start. */
function beCalled(routes: Database, index: number): void {
  routes.sql.run(
    `INSERT INTO workflows (id, organization_id, name, description, status, visibility, created_by, created_at,
       updated_at, revision, trigger_types, node_count, graph_hash, published_version_id, graph)
     VALUES (?, ?, 'Any', '', 'active', 'organization', '', 0, 0, 1, '[]', 0, '', ?, '')`,
    [workflowIdOf(index), organizationId, versionIdOf(index)],
  )
}

function readyVersion(workflow: Workflow, index: number): ReadyVersion {
  const { program, calls } = workflow
  const settings = settingsOf(workflow)
  const gates = gatesOf({ settings })
  const graph: Graph = {
    version: 1,
    nodes: graphOfProgram(program).nodes.map(({ settings, ...node }) => ({
      ...node,
      type: node.type === 'trigger' ? 'trigger.manual' : node.type,
      settings: { retry: settings?.retry ?? {} },
    })),
    edges: [],
    ...(settings !== undefined && { settings }),
  }
  return {
    organizationId,
    workflow: { id: workflowIdOf(index), name: `Workflow ${index}` },
    version: { id: versionIdOf(index), number: 1 },
    graph,
    ...(gates !== undefined && { gates }),
    plan: planOfProgram(program, calls === undefined ? undefined : calledAt(calls)),
  }
}

function settingsOf({ gate, debounce, throttle }: Workflow): GraphSettings | undefined {
  if (gate === undefined && debounce === undefined && throttle === undefined) return undefined
  return {
    ...(debounce !== undefined && { debounce }),
    ...(throttle !== undefined && { throttle }),
    ...(gate !== undefined && { concurrency: gate }),
  }
}

/** As its callers see it. */
function calledAt(index: number): Called {
  return { workflowId: workflowIdOf(index), gives: (node, { status, output }) => fromChild(node, status, output) }
}

// contact-world: the workflows of a scenario about contacts, in the world, and what is noted of what their objects do

import type { EnrolmentSettings, Goal } from '../../../worker/contract/enrolment.ts'
import type { Graph } from '../../../worker/contract/graph.ts'
import type { ContactId } from '../../../worker/contract/id.ts'
import type { JsonObject } from '../../../worker/contract/json.ts'
import type { CompiledNode } from '../../../worker/engine/compile-plan.ts'
import { compilePlan } from '../../../worker/engine/compile-plan.ts'
import { rulesOf, watchesEvents } from '../../../worker/enrolment/rules.ts'
import type { ReadyVersion } from '../../../worker/runtime/plans.ts'
import type { Database } from '../platform/database.ts'
import { organizationId, versionIdOf, workflowIdOf, type WorldOrder } from '../world.ts'
import type { ContactScenario, ContactWorkflow, Rules, Step } from './contact-scenario.ts'
import { conditionsOf } from './tests.ts'

export const contactIdOf = (index: number) => `con_${String(index).padStart(26, '0')}` as ContactId

/** The node of a step; the trigger is `n0`. */
export const nodeOf = (step: number) => `n${step + 1}`

export function contactWorldOf({ seed, faults, workflows, limit }: ContactScenario): WorldOrder {
  const versions = workflows.map(readyVersion)
  return {
    seed,
    faults,
    versions,
    install(routes) {
      workflows.forEach(({ listensTo }, index) => listen(routes, index, listensTo))
      if (versions.some(({ rules }) => rules !== undefined && watchesEvents(rules))) {
        routes.sql.run(`INSERT INTO event_waits (organization_id, match, of_contact) VALUES (?, '*', 2)`, [
          organizationId,
        ])
      }
      if (limit !== null) {
        routes.sql.run('INSERT INTO contact_limits (organization_id, limits, updated_at) VALUES (?, ?, 0)', [
          organizationId,
          JSON.stringify({ executions: limit }),
        ])
      }
    },
  }
}

function listen(routes: Database, index: number, match: string): void {
  routes.sql.run(
    `INSERT INTO subscriptions (organization_id, kind, match, workflow_id, node_id, version_id, version_number,
       version_hash, workflow_name, params)
     VALUES (?, 'event', ?, ?, 'n0', ?, 1, '', 'Any', ?)`,
    [organizationId, match, workflowIdOf(index), versionIdOf(index), JSON.stringify({ eventType: match })],
  )
}

function readyVersion({ steps, rules, isBeyondLimits }: ContactWorkflow, index: number): ReadyVersion {
  const workflow = { id: workflowIdOf(index), name: `Workflow ${index}` }
  const graph: Graph = {
    version: 1,
    nodes: [
      nodeWith('n0', 'trigger.event'),
      ...steps.map((step, at) =>
        nodeWith(nodeOf(at), { call: 'call', wait: 'flow.wait', tag: 'contact.tag.add' }[step.kind]),
      ),
    ],
    edges: steps.map((_, at) => ({
      id: `e${at}`,
      source: `n${at}`,
      sourcePort: 'out',
      target: nodeOf(at),
    })),
    settings: {
      ...(rules !== null && { enrolment: settingsOf(rules), goals: rules.goals.map((goal) => goalOf(goal)) }),
      ...(isBeyondLimits && { beyondContactLimits: true }),
    },
  }
  const said = rulesOf(graph)
  return {
    organizationId,
    workflow,
    version: { id: versionIdOf(index), number: 1 },
    graph,
    plan: compilePlan({
      graph,
      workflow: { ...workflow, version: 1 },
      compileNode: ({ id }) => compiled(steps, id),
    }),
    ...(said !== undefined && { rules: said }),
  }
}

function nodeWith(id: string, type: string): Graph['nodes'][number] {
  const settings = { onError: 'continue', retry: { maxRetries: 3 } } as const
  return { id, type, name: id, position: { x: 0, y: 0 }, params: {}, ...(id !== 'n0' && { settings }) }
}

function compiled(steps: readonly Step[], id: string): CompiledNode {
  const one = { isTrigger: false, firstPort: 'out' }
  const step = steps[Number(id.slice(1)) - 1]
  switch (step?.kind) {
    case undefined:
      return {
        ...one,
        isTrigger: true,
        behaviour: { kind: 'pure', evaluate: ({ trigger }) => ({ output: trigger, port: 'out' }) },
      }
    case 'wait':
      return { ...one, behaviour: { kind: 'wait', until: ({ now }) => now + step.forMs } }
    case 'call':
      return {
        ...one,
        behaviour: { kind: 'effect', resolve: ({ trigger }) => ({ by: id, of: named(trigger).id ?? null }) },
      }
    case 'tag':
      return {
        ...one,
        behaviour: {
          kind: 'effect',
          resolve: ({ trigger }) => ({ contactId: named(trigger).contactId ?? '', tags: step.tag }),
        },
      }
  }
}

const named = (trigger: unknown) => trigger as JsonObject

function settingsOf({ entry, exit, allowMultiple, limit, windowMs, delayMs, removeOnGoal }: Rules): EnrolmentSettings {
  return {
    ...(entry !== null && { entryConditions: conditionsOf(entry, 'trigger') }),
    ...(exit !== null && { exitConditions: conditionsOf(exit, 'event') }),
    ...(allowMultiple && { allowMultiple }),
    ...(limit !== null && { limit }),
    ...(windowMs !== null && { windowMs }),
    ...(delayMs !== null && { reEnrolmentDelayMs: delayMs }),
    ...(removeOnGoal && { removeOnGoal }),
  }
}

function goalOf({ id, test, follows, goTo }: Rules['goals'][number]): Goal {
  return {
    id,
    name: `Goal ${id}`,
    conditions: conditionsOf(test, 'event'),
    onAchievement: follows,
    ...(follows === 'goto' && { goTo: nodeOf(goTo) }),
  }
}
